#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/checks/prometheus_world.h"

namespace gate::checks {
namespace {

using slo::Doubt;
using slo::Events;
using slo::Missing;
using std::chrono::seconds;
using test::prometheus_error;
using test::prometheus_matrix;
using test::prometheus_number;
using test::prometheus_vector;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr seconds kHour{3600};

// Points by their seconds within the hour that is asked about.
std::string matrix_of_the_hour(std::vector<std::pair<double, std::string>> points) {
  for (auto& [at, value] : points) at += static_cast<double>(test::kFakeNow - kHour.count());
  return prometheus_matrix(points);
}

slo::LatencySli a_histogram(const char* threshold_ms) {
  slo::LatencySli sli;
  sli.histogram = "duration_seconds_bucket{job=\"a\"}";
  sli.threshold_ms = *Decimal::parse(threshold_ms);
  return sli;
}

TEST(MeasurePrometheus, NeverTakesAFaultForAnAnswer) {
  struct Row {
    const char* name;
    std::string bad;
    std::string total;
    int status;
    Doubt doubt;
    const char* message;
  };
  const std::string hundred = prometheus_number("100");
  const Row rows[] = {
      {"no total", prometheus_number("1"), prometheus_vector({}), 200, Doubt::no_data,
       "total returned no series"},
      {"NaN", prometheus_number("1"), prometheus_number("NaN"), 200, Doubt::no_data, "total is NaN"},
      {"zero", prometheus_number("0"), prometheus_number("0"), 200, Doubt::no_data, "total is 0"},
      {"bad is NaN", prometheus_number("NaN"), hundred, 200, Doubt::no_data, "bad is NaN"},
      {"bad is absent", prometheus_vector({}), hundred, 200, Doubt::no_data, "`or vector(0)`"},
      {"infinite", prometheus_number("+Inf"), hundred, 200, Doubt::inconclusive, "bad is +Inf"},
      {"infinite downwards", prometheus_number("1"), prometheus_number("-Inf"), 200, Doubt::inconclusive,
       "total is -Inf"},
      {"more than all", prometheus_number("101"), hundred, 200, Doubt::inconclusive,
       "bad (101) exceeds total (100)"},
      {"negative", prometheus_number("-1"), hundred, 200, Doubt::inconclusive, "bad is -1"},
      {"both negative", prometheus_number("-1"), prometheus_number("-1"), 200, Doubt::inconclusive,
       "total is -1"},
      {"several series",
       prometheus_vector({{"\"a\":\"1\"", "1"}, {"\"a\":\"2\"", "1"}, {"\"a\":\"3\"", "1"}}), hundred, 200,
       Doubt::inconclusive, "bad returned 3 series: sum them"},
      {"a range of points", prometheus_matrix({{test::kFakeNow - 15, "1"}, {test::kFakeNow, "1"}}), hundred,
       200, Doubt::inconclusive, "the query returned a range of points: wrap it in increase()"},
      {"a range without points", prometheus_matrix({}), hundred, 200, Doubt::inconclusive,
       "a range of points"},
      {"of 1970", prometheus_number("1", 1), hundred, 200, Doubt::inconclusive,
       "the value: it is of another time than was asked for: 1 where 1795150800.000 was"},
      {"of two seconds ago", prometheus_number("1", test::kFakeNow - 2), hundred, 200, Doubt::inconclusive,
       "of another time"},
      {"of another age of the world", R"({"status":"success","data":{"resultType":"vector","result":[
          {"metric":{},"value":[9e99,"1"]}]}})",
       hundred, 200, Doubt::inconclusive, "9e+99"},
      {"total of 1970", prometheus_number("1"), prometheus_number("100", 1), 200, Doubt::inconclusive,
       "of another time"},
      {"bad data", prometheus_error("bad_data", "parse error"), hundred, 400, Doubt::inconclusive,
       "HTTP 400: bad_data: parse error"},
      {"execution", prometheus_error("execution", "many-to-many"), hundred, 422, Doubt::inconclusive,
       "HTTP 422"},
      {"too slow", prometheus_error("timeout", "query timed out"), hundred, 503, Doubt::unreachable,
       "HTTP 503"},
      {"no permission", "Unauthorized", hundred, 401, Doubt::unreachable, "HTTP 401"},
      {"broken", "oops", hundred, 500, Doubt::unreachable, "HTTP 500"},
      {"too many requests", "slow down", hundred, 429, Doubt::unreachable, "HTTP 429"},
      {"half a body", prometheus_number("1").substr(0, 50), hundred, 200, Doubt::unreachable,
       "not whole JSON"},
      {"a proxy's page", "<html>\nlog in", hundred, 200, Doubt::unreachable, "\"<html>\""},
      {"a redirect", "<a>Found</a>", hundred, 302, Doubt::unreachable, "HTTP 302"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    PrometheusWorld world;
    world.http.answer(kTotal, row.total);
    world.http.answer(kBad, row.bad, row.status);
    const auto measurement = world.measure(over_an_hour(a_ratio()), a_source());
    ASSERT_EQ(measurement.windows.size(), 1U);
    const auto* missing = std::get_if<Missing>(&measurement.windows[0].events);
    ASSERT_NE(missing, nullptr);
    EXPECT_EQ(missing->doubt, row.doubt) << missing->message;
    EXPECT_THAT(missing->message, HasSubstr(row.message));
  }
}

TEST(MeasurePrometheus, CountsRatios) {
  struct Row {
    const char* name;
    slo::RatioSli sli;
    std::string part;
    Events events;
  };
  slo::RatioSli good{"http_requests_total{code=~\"2..\"}", "", "http_requests_total", false, true};
  slo::RatioSli tolerant = a_ratio();
  tolerant.absent_is_zero = true;
  slo::RatioSli no_good = good;
  no_good.absent_is_zero = true;
  const Row rows[] = {
      {"bad of total", a_ratio(), prometheus_number("2.5"), {100, 2.5, 2.5}},
      {"good of total", good, prometheus_number("99"), {100, 1, 1}},
      {"absent is zero", tolerant, prometheus_vector({}), {100, 0, 0}},
      {"no good ones at all", no_good, prometheus_vector({}), {100, 100, 100}},
      {"a rounding beyond all", a_ratio(), prometheus_number("100.00000001"), {100, 100, 100}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    PrometheusWorld world;
    world.http.answer(kTotal, prometheus_number("100"));
    world.http.answer(kBad, row.part);
    const auto measurement = world.measure(over_an_hour(row.sli), a_source());
    ASSERT_EQ(measurement.windows.size(), 1U);
    ASSERT_TRUE(std::holds_alternative<Events>(measurement.windows[0].events))
        << std::get<Missing>(measurement.windows[0].events).message;
    EXPECT_EQ(std::get<Events>(measurement.windows[0].events), row.events);
    EXPECT_EQ(measurement.windows[0].length, kHour);
    EXPECT_EQ(measurement.newest_age, seconds{5});
    EXPECT_EQ(measurement.at, world.clock.now());
  }
}

TEST(MeasurePrometheus, BoundsLatenciesByTheirBuckets) {
  const std::string buckets = prometheus_vector({{"\"le\":\"+Inf\"", "100"},
                                                 {"\"le\":\"0.1\"", "50"},
                                                 {"\"le\":\"0.3\"", "90"},
                                                 {"\"le\":\"1\"", "98"}});
  struct Row {
    const char* name;
    const char* threshold;
    std::string answer;
    std::variant<Events, const char*> expected;
  };
  const Row rows[] = {
      {"a bound", "300", buckets, Events{100, 10, 10}},
      {"between two", "500", buckets, Events{100, 2, 10}},
      {"above the last", "2000", buckets, Events{100, 0, 2}},
      {"no le", "300", prometheus_number("5"), "without le"},
      {"more labels", "300", prometheus_vector({{"\"le\":\"+Inf\",\"pod\":\"a\"", "1"}}), "sum them by (le)"},
      {"no +Inf", "300", prometheus_vector({{"\"le\":\"0.1\"", "1"}}), "no +Inf bucket"},
      {"an le that is none", "300", prometheus_vector({{"\"le\":\"x\"", "1"}}), "without le"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    PrometheusWorld world;
    world.http.answer("sum by (le) (increase(duration_seconds_bucket{job=\"a\"}[1h]))", row.answer);
    const auto measurement = world.measure(over_an_hour(a_histogram(row.threshold)), a_source());
    ASSERT_EQ(measurement.windows.size(), 1U);
    const auto& events = measurement.windows[0].events;
    if (const auto* expected = std::get_if<Events>(&row.expected)) {
      ASSERT_TRUE(std::holds_alternative<Events>(events)) << std::get<Missing>(events).message;
      EXPECT_EQ(std::get<Events>(events), *expected);
    } else {
      ASSERT_TRUE(std::holds_alternative<Missing>(events));
      EXPECT_THAT(std::get<Missing>(events).message, HasSubstr(std::get<const char*>(row.expected)));
    }
  }
}

TEST(MeasurePrometheus, ReadsSharesAndThresholdMetrics) {
  PrometheusWorld world;
  world.http.answer("avg_over_time((job:errors:ratio)[1h:15s])", prometheus_number("0.25"));
  world.http.answer("count_over_time(count(job:errors:ratio)[1h:15s])", prometheus_number("240"));
  const auto raw = world.measure(over_an_hour(slo::RawRatioSli{"job:errors:ratio", false}), a_source());
  EXPECT_EQ(std::get<Events>(raw.windows.at(0).events), (Events{240, 60, 60}));

  world.http.answer("query=share(x[5m])", prometheus_number("0.75"));
  world.http.answer("query=share(x[1h])", prometheus_number("1.5"));
  const auto beyond =
      world.measure(over_an_hour(slo::RawRatioSli{"share(x[{{ window }}])", true}), a_source());
  EXPECT_THAT(std::get<Missing>(beyond.windows.at(0).events).message, HasSubstr("1.5, which is no share"));

  world.http.answer("query=queue_length&start",
                    matrix_of_the_hour({{15, "5"}, {30, "NaN"}, {45, "11"}, {60, "10"}}));
  const slo::ThresholdSli queue{"queue_length", slo::Comparison::less, Decimal::of(std::int64_t{10})};
  const auto threshold = world.measure(over_an_hour(queue), a_source());
  EXPECT_EQ(std::get<Events>(threshold.windows.at(0).events), (Events{4, 2, 3}));
}

TEST(MeasurePrometheus, TakesAShareForNoMoreMomentsThanThereIsDataFor) {
  const struct {
    const char* steps;
    std::optional<seconds> covered;
    Events events;
  } rows[] = {{"60", seconds{900}, {60, 15, 15}},
              {"241", kHour, {240, 60, 60}},  // servers differ on whether the first moment counts
              {"0", seconds{0}, {1, 0.25, 0.25}},
              {"242", std::nullopt, {1, 0.25, 0.25}},
              {"1e300", std::nullopt, {1, 0.25, 0.25}},
              {"-1e300", std::nullopt, {1, 0.25, 0.25}},
              {"-0.1", std::nullopt, {1, 0.25, 0.25}},
              {"+Inf", std::nullopt, {1, 0.25, 0.25}},
              {"NaN", std::nullopt, {1, 0.25, 0.25}},
              {"", seconds{15}, {1, 0.25, 0.25}},         // too young for a step
              {nullptr, std::nullopt, {1, 0.25, 0.25}}};  // the server does not answer that question
  for (const auto& row : rows) {
    PrometheusWorld world;
    world.http.answer("avg_over_time((job:errors:ratio)[1h:15s])", prometheus_number("0.25"));
    world.http.answer("count_over_time(count(job:errors:ratio)[1h:15s])",
                      row.steps == nullptr           ? "oops"
                      : std::string{row.steps} == "" ? prometheus_vector({})
                                                     : prometheus_number(row.steps),
                      row.steps == nullptr ? 500 : 200);
    const auto raw = world.measure(over_an_hour(slo::RawRatioSli{"job:errors:ratio", false}), a_source());
    SCOPED_TRACE(row.steps == nullptr ? "no answer" : row.steps);
    EXPECT_EQ(raw.covered, row.covered);
    EXPECT_EQ(std::get<Events>(raw.windows.at(0).events), row.events);
  }
}

TEST(MeasurePrometheus, TakesNoInfinityForAGoodMoment) {
  const struct {
    slo::Comparison comparison;
    const char* value;
    Events events;
  } rows[] = {{slo::Comparison::greater_or_equal, "+Inf", {2, 0, 1}},
              {slo::Comparison::greater_or_equal, "-Inf", {2, 1, 1}},
              {slo::Comparison::less_or_equal, "-Inf", {2, 0, 1}},
              {slo::Comparison::less_or_equal, "+Inf", {2, 1, 1}}};
  for (const auto& row : rows) {
    PrometheusWorld world;
    world.http.answer("query=health&start", matrix_of_the_hour({{15, "0.95"}, {30, row.value}}));
    const slo::ThresholdSli health{"health", row.comparison, *Decimal::parse("0.95")};
    const auto measurement = world.measure(over_an_hour(health), a_source());
    EXPECT_EQ(std::get<Events>(measurement.windows.at(0).events), row.events) << row.value;
  }
}

TEST(MeasurePrometheus, LooksForTheNewestSampleBeyondTheAgeThatItMayHave) {
  for (const auto& [max_age, lookback] : {std::pair{seconds{60}, "[1h:4m]"}, {2 * kHour, "[124m:4m]"}}) {
    PrometheusWorld world;
    world.http.answer(kTotal, prometheus_number("100"));
    world.http.answer(kBad, prometheus_number("1"));
    world.http.answer("max(timestamp(", prometheus_vector({}));
    slo::PrometheusSource source = a_source();
    source.max_age = max_age;
    const auto measurement = world.measure(over_an_hour(a_ratio()), source);
    ASSERT_TRUE(measurement.untold_age);
    EXPECT_EQ(measurement.untold_age->doubt, Doubt::stale);
    EXPECT_THAT(world.http.texts(), Contains(HasSubstr(lookback)));
  }
}

TEST(MeasurePrometheus, KeepsDataOfUnknownAgeFromPassing) {
  struct Row {
    const char* name;
    std::string answer;
    int status;
    std::optional<seconds> age;
    std::optional<Missing> untold;
    bool has_events;
  };
  const Missing none{Doubt::stale, "no sample of http_requests_total to tell the age of the data"};
  const Row rows[] = {
      {"old", prometheus_number("400.2"), 200, seconds{401}, std::nullopt, true},
      {"just scraped", prometheus_number("-3"), 200, seconds{0}, std::nullopt, true},
      {"from the future", prometheus_number("-61"), 200, std::nullopt,
       Missing{Doubt::inconclusive, "the newest sample is 1 min 01 s in the future"}, true},
      {"nothing within the hour", prometheus_vector({}), 200, std::nullopt, none, true},
      {"NaN", prometheus_number("NaN"), 200, std::nullopt, none, true},
      {"infinite", prometheus_number("-Inf"), 200, std::nullopt,
       Missing{Doubt::inconclusive, "the age of the newest sample is -Inf"}, true},
      {"no answer", "oops", 500, std::nullopt, std::nullopt, false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    PrometheusWorld world;
    world.http.answer(kTotal, prometheus_number("100"));
    world.http.answer(kBad, prometheus_number("1"));
    world.http.answer("max(timestamp(", row.answer, row.status);
    const auto measurement = world.measure(over_an_hour(a_ratio()), a_source());
    EXPECT_EQ(measurement.newest_age, row.age);
    EXPECT_EQ(measurement.untold_age, row.untold)
        << (measurement.untold_age ? measurement.untold_age->message : "");
    EXPECT_EQ(std::holds_alternative<Events>(measurement.windows.at(0).events), row.has_events);
  }
}

TEST(MeasurePrometheus, KnowsNoAgeOfWhatIsNotThere) {
  PrometheusWorld world;
  world.http.answer("max(timestamp(", prometheus_vector({}));
  EXPECT_EQ(world.measure(over_an_hour(a_ratio()), a_source()).newest_age, std::nullopt);
}

TEST(MeasurePrometheus, AsksForEveryWindowOfABudget) {
  PrometheusWorld world;
  world.http.answer(kTotal, prometheus_number("100"));
  world.http.answer(kBad, prometheus_number("1"));
  world.http.answer("count_over_time(count(http_requests_total)[30d:3h])", prometheus_number("100"));
  slo::Objective objective = over_an_hour(a_ratio());
  objective.span = slo::Period{std::chrono::hours{24 * 30}, {}};
  const auto measurement = world.measure(objective, a_source());
  std::set<std::int64_t> lengths;
  for (const slo::Window& window : measurement.windows) {
    lengths.insert(window.length.count());
    EXPECT_TRUE(std::holds_alternative<Events>(window.events));
  }
  EXPECT_THAT(lengths, testing::IsSupersetOf({300, 1'800, 3'600, 21'600, 2'592'000}));
  EXPECT_EQ(measurement.covered, std::chrono::hours{300});
  EXPECT_THAT(world.http.texts(), Contains(HasSubstr("sum(increase(http_requests_total[30d]))")));
  for (const slo::QueryRecord& record : measurement.queries) EXPECT_THAT(record.query, Not(HasSubstr("{{")));
}

TEST(MeasurePrometheus, TellsSlicesWithoutBadEventsFromUnknownOnes) {
  struct Row {
    const char* name;
    std::string bad;
    std::optional<std::size_t> slices;
  };
  const Row rows[] = {
      {"seen in one slice", matrix_of_the_hour({{120, "1"}}), 2},
      {"no longer seen", matrix_of_the_hour({{60, "1"}}), std::nullopt},
      {"never seen", prometheus_matrix({}), std::nullopt},
      {"of 1970", prometheus_matrix({{60, "1"}}), std::nullopt},
      {"more than all", matrix_of_the_hour({{60, "99"}}), std::nullopt},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    PrometheusWorld world;
    world.http.answer(kTotal, matrix_of_the_hour({{60, "10"}, {120, "10"}, {180, "0"}, {240, "NaN"}}));
    world.http.answer(kBad, row.bad);
    slo::Objective objective = over_an_hour(a_ratio());
    objective.span = slo::Period{kHour, {}};
    objective.budgeting = slo::Budgeting::timeslices;
    const auto measurement = world.measure(objective, a_source());
    const auto* slices = std::get_if<std::vector<slo::Slice>>(&measurement.slices);
    ASSERT_EQ(slices != nullptr, row.slices.has_value());
    EXPECT_EQ(slices == nullptr ? 0 : slices->size(), row.slices.value_or(0));
  }
}

TEST(MeasurePrometheus, RefusesQueriesThatItCannotUse) {
  struct Row {
    const char* name;
    slo::Sli sli;
    const char* message;
  };
  const Row rows[] = {
      {"an expression without a window", slo::RatioSli{"", "rate(bad[5m])", "total", false, true},
       "bad: neither a series selector nor PromQL with {{window}}"},
      {"single requests", slo::RequestSli{}, "single requests"},
      {"no series", slo::RawRatioSli{"share({{window}})", true}, "set freshness to a selector"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    PrometheusWorld world;
    const auto measurement = world.measure(over_an_hour(row.sli), a_source());
    const auto& missing = std::get<Missing>(measurement.windows.at(0).events);
    EXPECT_EQ(missing.doubt, Doubt::inconclusive);
    EXPECT_THAT(missing.message, HasSubstr(row.message));
  }
}

}  // namespace
}  // namespace gate::checks
