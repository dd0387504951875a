// Our source of telemetry against the real Prometheus: what it counts, what it says where it cannot, and that
// nothing which fails on the way is a pass.

#include <iostream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/base/percent.h"
#include "gate/checks/exposition_source.h"
#include "gate/slo/evaluation.h"
#include "tests/integration/prometheus/exporter.h"
#include "tests/integration/prometheus/real_prometheus.h"

namespace gate::test {
namespace {

using checks::MeasureSettings;
using slo::Doubt;
using slo::Events;
using slo::Missing;
using std::chrono::seconds;
using testing::Contains;
using testing::HasSubstr;

constexpr seconds kMonth{30 * 86'400};

// A month of a service with 60 requests a minute, of which 1 in 2,000 fails, up to now.
std::string month_of_orders(Timestamp now) {
  const auto last = std::chrono::floor<std::chrono::minutes>(now).time_since_epoch().count();
  constexpr std::int64_t kMinutes = 30 * 24 * 60;
  std::string text = "# TYPE orders counter\n";
  for (const auto& [code, a_minute] : {std::pair{"200", 59.97}, std::pair{"500", 0.03}}) {
    for (std::int64_t i = 0; i <= kMinutes; ++i)
      text += fmt::format("orders_total{{code=\"{}\"}} {:.2f} {}\n", code, a_minute * static_cast<double>(i),
                          (last - kMinutes + i) * 60);
  }
  return text + "# EOF\n";
}

slo::Objective objective_of(slo::Sli sli, std::variant<slo::Period, slo::Threshold> span) {
  slo::Objective objective;
  objective.name = "shop";
  objective.sli = std::move(sli);
  objective.target = *Decimal::parse("0.95");
  objective.written = "95";
  objective.span = std::move(span);
  return objective;
}

slo::Threshold over(seconds window) {
  return {"error_rate_percent", "5", window};
}

slo::RatioSli requests() {
  return {"", "requests_total{code=~\"5..\"}", "requests_total", false, true};
}

slo::LatencySli latency(const char* threshold_ms) {
  slo::LatencySli sli;
  sli.histogram = "duration_seconds_bucket";
  sli.threshold_ms = *Decimal::parse(threshold_ms);
  return sli;
}

// One server for all tests, with a month of data and two exporters, of which one may end.
class Prometheus : public ::testing::Test {
 protected:
  static void TearDownTestSuite() {
    server.reset();
    dying.reset();
    shop.reset();
  }

  void SetUp() override {
    REQUIRE_PROGRAM(program, "prometheus", "prometheus");
    REQUIRE_PROGRAM(promtool, "promtool", "prometheus");
    if (!server) prepare(program, promtool);
    ASSERT_TRUE(
        server->wait_for("count_over_time(requests_total{job=\"shop\",code=\"500\"}[1m]) > 3", "shop"))
        << "the server does not read the exporter";
  }

  static void prepare(const std::filesystem::path& program, const std::filesystem::path& promtool) {
    shop = std::make_unique<Exporter>();
    dying = std::make_unique<Exporter>();
    server = std::make_unique<RealPrometheus>(
        program, std::map<std::string, int>{{"shop", shop->port()}, {"dying", dying->port()}});
    const std::string month = server->folder().write("month.om", month_of_orders(RealWorld{}.clock.now()));
    ChildProcess backfill{{promtool.string(), "tsdb", "create-blocks-from", "--max-block-duration=768h",
                           "openmetrics", month, server->data().string()},
                          server->folder().path() / "backfill.log"};
    ASSERT_EQ(backfill.wait(), 0) << "promtool could not write the month";
    server->start();
  }

  [[nodiscard]] slo::PrometheusSource source() const {
    slo::PrometheusSource source;
    source.url = server->url();
    source.scrape_interval = seconds{1};
    source.timeout = std::chrono::milliseconds{5'000};
    return source;
  }

  // The measurement of one objective; fails the test where there is none.
  slo::Measurement measure(const slo::Objective& objective, const slo::PrometheusSource& from,
                           const MeasureSettings& settings = {}) {
    const std::vector<slo::Objective> objectives{objective};
    auto measurements = checks::measure_prometheus(from, objectives, settings, world.source());
    if (measurements) return measurements->of.at(0);
    ADD_FAILURE() << measurements.error().message;
    return {};
  }

  RealWorld world;
  static std::unique_ptr<Exporter> shop;
  static std::unique_ptr<Exporter> dying;
  static std::unique_ptr<RealPrometheus> server;
};

std::unique_ptr<Exporter> Prometheus::shop;
std::unique_ptr<Exporter> Prometheus::dying;
std::unique_ptr<RealPrometheus> Prometheus::server;

slo::Outcome outcome_of(const slo::Objective& objective, const slo::Measurement& measurement,
                        const slo::PrometheusSource& source) {
  return slo::evaluate(objective, measurement, {3 * source.scrape_interval, false}).outcome;
}

TEST_F(Prometheus, CountsAgreeWithTheTruth) {
  struct Row {
    const char* name;
    slo::Sli sli;
    double least;  // shares
    double most;
  };
  slo::RatioSli good{"requests_total{code=\"200\"}", "", "requests_total", false, true};
  slo::RatioSli promql{"", "sum(increase(requests_total{code=\"500\"}[{{window}}]))",
                       "sum(increase(requests_total[{{ window }}]))", false, true};
  const Row rows[] = {
      {"bad of all", requests(), 0.1, 0.1},
      {"good of all", good, 0.1, 0.1},
      {"templates", promql, 0.1, 0.1},
      {"slower than a bound", latency("300"), 0.1, 0.1},
      {"slower than the highest bound", latency("1000"), 0.02, 0.02},
      {"between two bounds", latency("500"), 0.02, 0.1},
      {"above the last bound", latency("5000"), 0, 0.02},
      {"below the first bound", latency("50"), 0.5, 1},
      {"a share",
       slo::RawRatioSli{
           "sum(rate(requests_total{code=\"500\"}[{{window}}])) / sum(rate(requests_total[{{window}}]))",
           false},
       0.1, 0.1},
      {"a threshold that holds",
       slo::ThresholdSli{"max(queue_length)", slo::Comparison::less, Decimal::of(std::int64_t{6})}, 0, 0},
      {"a threshold that does not",
       slo::ThresholdSli{"max(queue_length)", slo::Comparison::less, Decimal::of(std::int64_t{5})}, 1, 1},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto measurement = measure(objective_of(row.sli, over(seconds{30})), source());
    const auto& window = measurement.windows.at(0).events;
    ASSERT_TRUE(std::holds_alternative<Events>(window)) << std::get<Missing>(window).message;
    const auto& events = std::get<Events>(window);
    EXPECT_GT(events.total, 0);
    EXPECT_NEAR(events.bad_least / events.total, row.least, 1e-6);
    EXPECT_NEAR(events.bad_most / events.total, row.most, 1e-6);
    EXPECT_LE(measurement.newest_age.value_or(seconds{0}), seconds{3});
  }
}

TEST_F(Prometheus, TellsTheShapesOfNoDataApart) {
  slo::RatioSli absent = requests();
  absent.bad = "requests_total{code=\"418\"}";
  struct Row {
    const char* name;
    slo::Sli sli;
    Doubt doubt;
    const char* message;
  };
  const Row rows[] = {
      {"no such series", slo::RatioSli{"", "no_such_total{a=\"b\"}", "no_such_total", false, true},
       Doubt::no_data, "total returned no series"},
      {"no bad series", absent, Doubt::no_data, "absent_is_zero"},
      {"no events", slo::RatioSli{"", "idle_total{code=\"500\"}", "idle_total", false, true}, Doubt::no_data,
       "total is 0"},
      {"0 / 0",
       slo::RawRatioSli{"sum(rate(idle_total{code=\"500\"}[{{window}}])) / sum(rate(idle_total[{{window}}]))",
                        false},
       Doubt::no_data, "NaN"},
      {"several series",
       slo::RatioSli{"", "increase(requests_total[{{window}}])", "requests_total", false, true},
       Doubt::inconclusive, "bad returned 4 series: sum them"},
      {"bad PromQL",
       slo::RatioSli{"", "sum(increase(requests_total[{{window}}])) +", "requests_total", false, true},
       Doubt::inconclusive, "HTTP 400: bad_data"},
      {"PromQL that is seen to be cut",
       slo::RatioSli{"", "sum(increase(requests_total[{{window}}])", "requests_total", false, true},
       Doubt::inconclusive, "'(' is not closed"},
      {"a range of points", slo::RatioSli{"", "requests_total[{{window}}]", "requests_total", false, true},
       Doubt::inconclusive, "returned a range of points"},
      {"PromQL that cannot be executed",
       slo::RatioSli{"", "increase(requests_total[{{window}}]) * on (job) requests_total", "requests_total",
                     false, true},
       Doubt::inconclusive, "HTTP 422: execution"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const slo::Objective objective = objective_of(row.sli, over(seconds{30}));
    const auto measurement = measure(objective, source());
    const auto* missing = std::get_if<Missing>(&measurement.windows.at(0).events);
    ASSERT_NE(missing, nullptr);
    EXPECT_EQ(missing->doubt, row.doubt) << missing->message;
    EXPECT_THAT(missing->message, HasSubstr(row.message));
    EXPECT_EQ(outcome_of(objective, measurement, source()), slo::Outcome::undecided);
  }
}

TEST_F(Prometheus, MeasuresAMonth) {
  slo::RatioSli orders{"", "orders_total{code=\"500\"}", "orders_total", false, true};
  slo::Objective objective = objective_of(orders, slo::Period{kMonth, {}});
  objective.target = *Decimal::parse("0.999");
  slo::PrometheusSource month = source();
  month.scrape_interval = seconds{60};
  const auto measurement = measure(objective, month);
  for (const slo::Window& window : measurement.windows) {
    SCOPED_TRACE(window.length.count());
    ASSERT_TRUE(std::holds_alternative<Events>(window.events)) << std::get<Missing>(window.events).message;
    const auto& events = std::get<Events>(window.events);
    EXPECT_NEAR(events.total, static_cast<double>(window.length.count()), 0.01 * events.total + 60);
    EXPECT_NEAR(events.bad_most / events.total, 0.0005, 1e-5);
  }
  EXPECT_GE(measurement.covered.value_or(seconds{0}), seconds{29 * 86'400});
  EXPECT_GT(measurement.course.size(), 50U);
  EXPECT_LE(measurement.course.size(), 60U);
  EXPECT_LE(measurement.newest_age.value_or(kMonth), seconds{180});
}

TEST_F(Prometheus, AsksForMoreStepsThanItAnswersAtOnce) {
  ports::HttpRequest request;
  request.url = server->url() + "/api/v1/query_range?query=1&start=0&end=11001&step=1";
  const auto refused = world.http.send(request);
  ASSERT_TRUE(refused) << refused.error().message;
  EXPECT_EQ(refused->status, 400);

  slo::RatioSli orders{"", "orders_total{code=\"500\"}", "orders_total", false, true};
  slo::Objective objective = objective_of(orders, slo::Period{kMonth, {}});
  objective.budgeting = slo::Budgeting::timeslices;
  objective.slice_target = *Decimal::parse("0.99");
  objective.slice = seconds{120};
  const auto measurement = measure(objective, source());
  const auto* slices = std::get_if<std::vector<slo::Slice>>(&measurement.slices);
  ASSERT_NE(slices, nullptr) << std::get<Missing>(measurement.slices).message;
  EXPECT_GT(slices->size(), 21'500U);
  EXPECT_LE(slices->size(), 21'600U);
}

TEST_F(Prometheus, TrustsTheServersClockAndNotOurs) {
  class WrongClock final : public ports::Clock {
   public:
    [[nodiscard]] Timestamp now() const override { return real_.now() - std::chrono::hours{2}; }
    [[nodiscard]] std::chrono::nanoseconds elapsed() const override { return real_.elapsed(); }
    void sleep(std::chrono::milliseconds duration) const override { real_.sleep(duration); }

   private:
    platform::SystemClock real_;
  };
  const WrongClock clock;
  const std::vector<slo::Objective> objectives{objective_of(requests(), over(seconds{30}))};
  const auto measurements = checks::measure_prometheus(source(), objectives, {},
                                                       {world.http, clock, world.environment, world.files});
  ASSERT_TRUE(measurements) << measurements.error().message;
  EXPECT_TRUE(std::holds_alternative<Events>(measurements->of.at(0).windows.at(0).events));
  EXPECT_THAT(measurements->notes, Contains(HasSubstr("behind that of the server")));
}

TEST_F(Prometheus, SeesThatAnExporterIsGone) {
  slo::RatioSli sli{"", "requests_total{job=\"dying\",code=\"500\"}", "requests_total{job=\"dying\"}", false,
                    true};
  slo::Objective objective = objective_of(sli, over(seconds{600}));
  objective.target = *Decimal::parse("0.5");
  // There is data for seconds of ten minutes.
  EXPECT_EQ(outcome_of(objective, measure(objective, source()), source()), slo::Outcome::warned);
  dying.reset();
  ASSERT_TRUE(server->wait_for("up{job=\"dying\"} == 0", "dying"));
  world.clock.sleep(std::chrono::milliseconds{1'500});
  const auto measurement = measure(objective, source());
  // It lived too shortly for the steps in which an old sample is looked for.
  ASSERT_TRUE(measurement.untold_age || measurement.newest_age > seconds{3});
  const auto evaluation = slo::evaluate(objective, measurement, {seconds{3}, false});
  EXPECT_EQ(evaluation.outcome, slo::Outcome::undecided);
}

TEST_F(Prometheus, TwentyObjectivesTakeLessThanASecond) {
  std::vector<slo::Objective> objectives;
  for (int i = 0; i < 20; ++i) {
    slo::RatioSli sli{"", fmt::format("orders_total{{code=\"500\",i!=\"{}\"}}", i),
                      fmt::format("orders_total{{i!=\"{}\"}}", i), false, true};
    objectives.push_back(objective_of(sli, slo::Period{kMonth, {}}));
  }
  slo::PrometheusSource month = source();
  month.scrape_interval = seconds{60};
  const auto start = world.clock.elapsed();
  const auto measurements = checks::measure_prometheus(month, objectives, {}, world.source());
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(world.clock.elapsed() - start);
  ASSERT_TRUE(measurements) << measurements.error().message;
  std::size_t queries = 0;
  for (const slo::Measurement& measurement : measurements->of) queries += measurement.queries.size();
  std::cout << fmt::format("20 objectives, {} queries: {} ms\n", queries, took.count());
  EXPECT_LT(took.count(), 5'000) << "the goal is 1,000 ms on an idle machine";
}

TEST_F(Prometheus, IsReadWithoutAServerToo) {
  slo::ExpositionSource page;
  page.url = shop->url();
  page.interval = std::chrono::milliseconds{1'000};
  const std::vector<slo::Objective> objectives{objective_of(requests(), over(seconds{0})),
                                               objective_of(latency("300"), over(seconds{0}))};
  const auto measurements = checks::measure_exposition(page, objectives, {}, world.source());
  ASSERT_TRUE(measurements) << measurements.error().message;
  for (const slo::Measurement& measurement : measurements->of) {
    const auto& events = std::get<Events>(measurement.windows.at(0).events);
    EXPECT_EQ(static_cast<long>(events.total) % 100, 0);
    EXPECT_GE(events.total, 100);
    EXPECT_DOUBLE_EQ(events.bad_least, events.total / 10);
    EXPECT_DOUBLE_EQ(events.bad_most, events.total / 10);
  }
}

// Last of all, for the server is started anew.
TEST_F(Prometheus, IsKilledAndStartedAnew) {
  const slo::Objective objective = objective_of(requests(), over(seconds{60}));
  server->kill();
  const auto gone = measure(objective, source());
  const auto& missing = std::get<Missing>(gone.windows.at(0).events);
  EXPECT_EQ(missing.doubt, Doubt::unreachable);
  EXPECT_THAT(missing.message, HasSubstr("connection refused"));
  EXPECT_EQ(outcome_of(objective, gone, source()), slo::Outcome::undecided);

  server->start();
  ASSERT_TRUE(
      server->wait_for("count_over_time(requests_total{job=\"shop\",code=\"500\"}[10s]) > 2", "shop"));
  const auto back = measure(objective, source());
  EXPECT_TRUE(std::holds_alternative<Events>(back.windows.at(0).events));
}

}  // namespace
}  // namespace gate::test
