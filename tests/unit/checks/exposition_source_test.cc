#include "gate/checks/exposition_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/world.h"

namespace gate::checks {
namespace {

using slo::Doubt;
using slo::Events;
using slo::Missing;
using std::chrono::seconds;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kUrl = "http://service:8080/metrics";
constexpr const char* kBefore =
    "r{code=\"200\"} 100\nr{code=\"500\"} 5\n"
    "d_bucket{le=\"0.1\",pod=\"a\"} 10\nd_bucket{le=\"+Inf\",pod=\"a\"} 12\n";
constexpr const char* kAfter =
    "r{code=\"200\"} 190\nr{code=\"500\"} 14\nr{code=\"503\"} 1\n"
    "d_bucket{le=\"0.1\",pod=\"a\"} 20\nd_bucket{le=\"+Inf\",pod=\"a\"} 24\n";

slo::Objective objective_of(slo::Sli sli) {
  slo::Objective objective;
  objective.name = "checkout";
  objective.sli = std::move(sli);
  objective.target = *Decimal::parse("0.99");
  objective.span = slo::Threshold{"error_rate_percent", "1", seconds{0}};
  return objective;
}

slo::RatioSli a_ratio() {
  return {"", "r{code=~\"5..\"}", "r", false, true};
}

slo::ExpositionSource live() {
  slo::ExpositionSource source;
  source.url = kUrl;
  return source;
}

ports::HttpReply page(const std::string& body, const std::string& type = "text/plain; version=0.0.4") {
  ports::HttpReply reply;
  reply.status = 200;
  reply.headers = {{"content-type", type}};
  reply.body = body;
  return reply;
}

slo::Measurement measure(test::World& world, const slo::Objective& objective,
                         const slo::ExpositionSource& source) {
  const std::vector<slo::Objective> objectives{objective};
  auto measurements =
      measure_exposition(source, objectives, {}, {world.http, world.clock, world.environment, world.files});
  if (measurements) return measurements->of.at(0);
  ADD_FAILURE() << measurements.error().message;
  return {};
}

TEST(MeasureExposition, CountsWhatHappenedBetweenTwoReadings) {
  test::World world;
  world.http.answer_once(kUrl, page(kBefore));
  world.http.answer_once(kUrl, page(kAfter));
  const Timestamp start = world.clock.now();
  const auto measurement = measure(world, objective_of(a_ratio()), live());
  EXPECT_EQ(std::get<Events>(measurement.windows.at(0).events), (Events{100, 10, 10}));
  EXPECT_EQ(measurement.covered, seconds{10});
  EXPECT_EQ(world.clock.now() - start, seconds{10});
  EXPECT_EQ(measurement.newest_age, seconds{0});
  EXPECT_EQ(measurement.queries.at(0).answer, "10 in 2 series, 1 of them new, 0 reset, 0 vanished");
  EXPECT_THAT(measurement.warnings, IsEmpty());
}

TEST(MeasureExposition, BoundsLatenciesByTheirBuckets) {
  test::World world;
  world.files.add("before.txt", kBefore);
  world.files.add("after.txt", kAfter);
  slo::ExpositionSource source;
  source.before = "before.txt";
  source.after = "after.txt";
  slo::LatencySli sli;
  sli.histogram = "d_bucket{pod=\"a\"}";
  sli.threshold_ms = *Decimal::parse("200");
  const auto measurement = measure(world, objective_of(sli), source);
  EXPECT_EQ(std::get<Events>(measurement.windows.at(0).events), (Events{12, 0, 2}));
  EXPECT_EQ(measurement.newest_age, std::nullopt);
}

TEST(MeasureExposition, NeverTakesAFaultForAnAnswer) {
  struct Row {
    const char* name;
    slo::Sli sli;
    test::FakeHttp::Reply before;
    test::FakeHttp::Reply after;
    Doubt doubt;
    const char* message;
  };
  ports::HttpReply not_found;
  not_found.status = 404;
  not_found.body = "404 page not found\n";
  slo::RatioSli expression = a_ratio();
  expression.bad = "rate(r[5m])";
  slo::RatioSli unknown = a_ratio();
  unknown.total = "requests";
  slo::LatencySli latency;
  latency.histogram = "d_bucket";
  latency.threshold_ms = *Decimal::parse("100");
  const slo::RatioSli good{"r{code=\"200\"}", "", "r", false, true};
  slo::RatioSli gauge = a_ratio();
  gauge.is_counter = false;
  const Row rows[] = {
      {"nobody there", a_ratio(), Error{ErrorCode::unavailable, "connection refused"}, page(kAfter),
       Doubt::unreachable, "connection refused"},
      {"gone at the second reading", a_ratio(), page(kBefore), Error{ErrorCode::timeout, "no whole reply"},
       Doubt::unreachable, "no whole reply"},
      {"not found", a_ratio(), not_found, not_found, Doubt::unreachable, "HTTP 404: \"404 page not found\""},
      {"HTML", a_ratio(), page("<html>\n"), page(kAfter), Doubt::inconclusive,
       "http://service:8080/metrics:1:1: a metric is wanted"},
      {"half a page", a_ratio(), page(kBefore), page(std::string{kAfter}.substr(0, 30)), Doubt::inconclusive,
       "cut off"},
      {"half an OpenMetrics page", a_ratio(), page(kBefore),
       page(kAfter, "application/openmetrics-text; version=1.0.0"), Doubt::inconclusive,
       "`# EOF` is missing"},
      {"nothing happened", a_ratio(), page(kAfter), page(kAfter), Doubt::no_data, "total is 0"},
      {"no such series", unknown, page(kBefore), page(kAfter), Doubt::no_data, "total returned no series"},
      {"a first page that is empty", a_ratio(), page("\n"), page(kAfter), Doubt::no_data,
       "the first reading has no series of r"},
      {"a first page of another service", a_ratio(), page("x 1\n"), page(kAfter), Doubt::no_data,
       "the first reading has no series of r"},
      {"a first page without the histogram", latency, page("r 1\n"), page(kAfter), Doubt::no_data,
       "the first reading has no series of d_bucket"},
      {"swapped pages", a_ratio(), page(kAfter), page(kBefore), Doubt::inconclusive,
       "fell between the two readings"},
      {"a restart", good, page("r{code=\"200\"} 100\n"), page("r{code=\"200\"} 99\n"), Doubt::inconclusive,
       "1 counter of r{code=\"200\"} fell"},
      {"an expression", expression, page(kBefore), page(kAfter), Doubt::inconclusive, "knows no PromQL"},
      {"a gauge", gauge, page(kBefore), page(kAfter), Doubt::inconclusive, "counters and histograms alone"},
      {"PromQL of a share", slo::RawRatioSli{"x", true}, page(kBefore), page(kAfter), Doubt::inconclusive,
       "counters and histograms alone"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    test::World world;
    world.http.answer_once(kUrl, row.before);
    world.http.answer_once(kUrl, row.after);
    const auto measurement = measure(world, objective_of(row.sli), live());
    const auto* missing = std::get_if<Missing>(&measurement.windows.at(0).events);
    ASSERT_NE(missing, nullptr);
    EXPECT_EQ(missing->doubt, row.doubt) << missing->message;
    EXPECT_THAT(missing->message, HasSubstr(row.message));
  }
}

TEST(MeasureExposition, WarnsOfSeriesThatVanished) {
  test::World world;
  world.http.answer_once(kUrl, page(kBefore));
  world.http.answer_once(kUrl, page("r{code=\"200\"} 107\n"));
  slo::RatioSli sli = a_ratio();
  sli.absent_is_zero = true;
  const auto measurement = measure(world, objective_of(sli), live());
  EXPECT_EQ(std::get<Events>(measurement.windows.at(0).events), (Events{7, 0, 0}));
  EXPECT_THAT(measurement.warnings, Contains(HasSubstr("1 series of r vanished between the two readings")));
}

TEST(MeasureExposition, TellsNothingOfLongerWindows) {
  test::World world;
  world.http.answer_once(kUrl, page(kBefore));
  world.http.answer_once(kUrl, page(kAfter));
  slo::Objective objective = objective_of(a_ratio());
  objective.span = slo::Period{std::chrono::hours{24 * 30}, {}};
  const auto measurement = measure(world, objective, live());
  ASSERT_FALSE(measurement.windows.empty());
  for (const slo::Window& window : measurement.windows)
    EXPECT_THAT(std::get<Missing>(window.events).message, HasSubstr("read 10.0 s apart"));
}

TEST(MeasureExposition, HoldsAThresholdToItsWindow) {
  for (const auto& [window, is_known] : {std::pair{seconds{10}, true}, {seconds{11}, false}}) {
    test::World world;
    world.http.answer_once(kUrl, page(kBefore));
    world.http.answer_once(kUrl, page(kAfter));
    slo::Objective objective = objective_of(a_ratio());
    objective.span = slo::Threshold{"error_rate_percent", "1", window};
    const auto measurement = measure(world, objective, live());
    EXPECT_EQ(std::holds_alternative<Events>(measurement.windows.at(0).events), is_known);
  }
}

TEST(MeasureExposition, CountsNewBadEventsFromZero) {
  test::World world;
  world.http.answer_once(kUrl, page("r{code=\"200\"} 100\n"));
  world.http.answer_once(kUrl, page("r{code=\"200\"} 190\nr{code=\"500\"} 10\n"));
  const auto measurement = measure(world, objective_of(a_ratio()), live());
  EXPECT_EQ(std::get<Events>(measurement.windows.at(0).events), (Events{100, 10, 10}));
}

TEST(MeasureExposition, SeesPagesThatAreOld) {
  struct Row {
    const char* name;
    seconds age;  // at the second reading
    std::optional<Doubt> doubt;
  };
  const Row rows[] = {{"young enough", seconds{300}, std::nullopt},
                      {"too old", seconds{301}, Doubt::stale},
                      {"a clock that is a little off", seconds{-60}, std::nullopt},
                      {"from the future", seconds{-61}, Doubt::inconclusive}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    test::World world;
    const Timestamp taken = world.clock.now() + seconds{10} - row.age;
    const std::string stamp = " " + std::to_string(taken.time_since_epoch().count()) + "\n";
    world.http.answer_once(kUrl, page("r{code=\"500\"} 1" + stamp));
    world.http.answer_once(kUrl, page("r{code=\"500\"} 2" + stamp));
    const auto measurement = measure(world, objective_of(a_ratio()), live());
    EXPECT_EQ(measurement.newest_age, std::max(seconds{0}, row.age));
    const auto* missing = std::get_if<Missing>(&measurement.windows.at(0).events);
    EXPECT_EQ(missing == nullptr ? std::nullopt : std::optional{missing->doubt}, row.doubt);
  }
}

TEST(MeasureExposition, RefusesWhatItCannotRead) {
  struct Row {
    const char* name;
    const char* url;
    const char* before;
    ErrorCode code;
    const char* message;
  };
  const Row rows[] = {
      {"a password in the URL", "http://a:s3cret@b/metrics", "", ErrorCode::usage, "url: it holds"},
      {"no URL", "s3cret", "", ErrorCode::usage, "url: http://"},
      {"no file", "", "before.txt", ErrorCode::not_found, "before.txt"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    test::World world;
    slo::ExpositionSource source;
    source.url = row.url;
    source.before = row.before;
    const auto measurements =
        measure_exposition(source, {}, {}, {world.http, world.clock, world.environment, world.files});
    ASSERT_FALSE(measurements);
    EXPECT_EQ(measurements.error().code, row.code);
    EXPECT_THAT(measurements.error().message, HasSubstr(row.message));
    EXPECT_THAT(measurements.error().message, Not(HasSubstr("s3cret")));
  }
}

}  // namespace
}  // namespace gate::checks
