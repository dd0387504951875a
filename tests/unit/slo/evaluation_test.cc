#include "gate/slo/evaluation.h"

#include <cmath>
#include <limits>
#include <ostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/slo/reasons.h"
#include "gate/slo/windows.h"

namespace gate::slo {

void PrintTo(Outcome outcome, std::ostream* out) {
  *out << name_of(outcome);
}

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using WindowEvents = std::variant<Events, Missing>;

constexpr seconds kMonth = hours{720};
const Missing kNoSeries{Doubt::no_data, "no data: the query returned no series"};

Decimal decimal(const char* text) {
  return *Decimal::parse(text);
}

Objective availability() {
  Objective objective;
  objective.name = "checkout-availability";
  objective.sli = RatioSli{"", "bad", "total"};
  objective.target = decimal("0.999");
  objective.written = "99.9";
  objective.span = Period{kMonth, std::nullopt};
  return objective;
}

Objective threshold() {
  Objective objective;
  objective.name = "fast enough";
  objective.sli = LatencySli{"bucket", decimal("500")};
  objective.target = decimal("0.95");
  objective.written = "95";
  objective.span = Threshold{"p95_latency_ms", "500", hours{1}};
  return objective;
}

// Every window healthy (1 bad in 10,000) but for those that are given.
Measurement measured(const Objective& objective, std::vector<std::pair<seconds, WindowEvents>> given = {}) {
  Measurement measurement;
  for (const seconds window : needed_windows(objective)) {
    const double total = 20.0 * static_cast<double>(window.count());
    WindowEvents events = Events{total, total / 10'000, total / 10'000};
    for (const auto& [length, instead] : given) {
      if (length == window) events = instead;
    }
    measurement.windows.push_back({window, events});
  }
  return measurement;
}

std::string told(const Evaluation& evaluation) {
  std::string text;
  for (const Reason& reason : evaluation.reasons) text += reason.rule + ": " + reason.message + "\n";
  return text;
}

struct Row {
  const char* name;
  std::vector<std::pair<seconds, WindowEvents>> given;
  Outcome outcome;
  std::optional<Doubt> doubt;
  const char* message;  // all reasons, a line each
};

void check(const Objective& objective, const Row& row) {
  const Evaluation made = evaluate(objective, measured(objective, row.given));
  EXPECT_EQ(made.outcome, row.outcome) << row.name;
  EXPECT_EQ(made.doubt, row.doubt) << row.name;
  EXPECT_EQ(told(made), row.message) << row.name;
}

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

// Each of these passes a release somewhere.
TEST(Evaluation, NeverPassesOnMissingNumbers) {
  const Row rows[] = {
      {"empty vector",
       {{kMonth, kNoSeries}},
       Outcome::undecided,
       Doubt::no_data,
       "slo.no_data: no data: the query returned no series (over 30d)\n"},
      {"zero traffic",
       {{kMonth, Events{0, 0, 0}}},
       Outcome::undecided,
       Doubt::no_data,
       "slo.no_data: no events happened (over 30d)\n"},
      {"NaN total",
       {{kMonth, Events{kNaN, 0, 0}}},
       Outcome::undecided,
       Doubt::inconclusive,
       "slo.inconclusive: a count of events is not finite (over 30d)\n"},
      {"NaN bad",
       {{kMonth, Events{10, kNaN, kNaN}}},
       Outcome::undecided,
       Doubt::inconclusive,
       "slo.inconclusive: a count of events is not finite (over 30d)\n"},
      {"infinite",
       {{kMonth, Events{kInf, 0, 0}}},
       Outcome::undecided,
       Doubt::inconclusive,
       "slo.inconclusive: a count of events is not finite (over 30d)\n"},
      {"negative",
       {{kMonth, Events{10, -1, -1}}},
       Outcome::undecided,
       Doubt::inconclusive,
       "slo.inconclusive: a count of events is negative (over 30d)\n"},
      {"more bad than all",
       {{kMonth, Events{10, 11, 11}}},
       Outcome::undecided,
       Doubt::inconclusive,
       "slo.inconclusive: there are more bad events than events (over 30d)\n"},
      {"few events",
       {{kMonth, Events{2999, 0, 0}}},
       Outcome::undecided,
       Doubt::low_traffic,
       "slo.low_traffic: 2,999 events, 0 of them bad, over 30d are too few to decide: 3,000 are needed\n"},
      {"one bad of few",
       {{kMonth, Events{100, 1, 1}}},
       Outcome::undecided,
       Doubt::low_traffic,
       "slo.low_traffic: 100 events, 1 of them bad, over 30d are too few to decide: 3,000 are needed\n"},
      {"a burning window beside an unknown one",
       {{hours{1}, Events{72'000, 7'200, 7'200}}, {minutes{5}, kNoSeries}},
       Outcome::undecided,
       Doubt::no_data,
       "slo.no_data: no data: the query returned no series (over 5m)\n"},
      {"bounds around the budget",
       {{kMonth, Events{1'000'000, 900, 1'100}}},
       Outcome::undecided,
       Doubt::inconclusive,
       "slo.inconclusive: between 99.890 and 99.910 % good over 30d, objective is 99.9 %: between 90 and 110 "
       "% of "
       "the error budget is spent: this does not settle it\n"},
  };
  for (const Row& row : rows) check(availability(), row);
  EXPECT_EQ(evaluate(availability(), Measurement{}).outcome, Outcome::undecided);
}

TEST(Evaluation, OfTheBudget) {
  const Row rows[] = {
      {"healthy", {}, Outcome::passed, std::nullopt, ""},
      {"three times spent",
       {{kMonth, Events{1'000'000, 3'000, 3'000}}},
       Outcome::failed,
       std::nullopt,
       "slo.error_budget: 99.700 % good over 30d, objective is 99.9 %: 300 % of the error budget is spent\n"},
      {"exactly spent",
       {{kMonth, Events{3'000'000, 3'000, 3'000}}},
       Outcome::failed,
       std::nullopt,
       "slo.error_budget: 99.900 % good over 30d, objective is 99.9 %: 100 % of the error budget is spent\n"},
      {"one less", {{kMonth, Events{3'000'000, 2'999, 2'999}}}, Outcome::passed, std::nullopt, ""},
      {"a hair above",
       {{kMonth, Events{3e9, 3'000'001, 3'000'001}}},
       Outcome::failed,
       std::nullopt,
       "slo.error_budget: 99.89999997 % good over 30d, objective is 99.9 %: 100.00003 % of the error budget "
       "is "
       "spent\n"},
      {"an outage is not hidden by low traffic",
       {{kMonth, Events{20, 20, 20}}},
       Outcome::failed,
       std::nullopt,
       "slo.error_budget: 0.000 % good over 30d, objective is 99.9 %: 100000 % of the error budget is "
       "spent\n"},
      {"two bad of twenty are no chance",
       {{kMonth, Events{20, 2, 2}}},
       Outcome::failed,
       std::nullopt,
       "slo.error_budget: 90.000 % good over 30d, objective is 99.9 %: 10000 % of the error budget is "
       "spent\n"},
      {"known to be spent whatever the bounds",
       {{kMonth, Events{1'000'000, 1'500, 2'000}}},
       Outcome::failed,
       std::nullopt,
       "slo.error_budget: between 99.800 and 99.850 % good over 30d, objective is 99.9 %: between 150 and "
       "200 % of "
       "the error budget is spent\n"},
  };
  for (const Row& row : rows) check(availability(), row);
}

TEST(Evaluation, KeepsTheReserve) {
  Objective objective = availability();
  objective.reserve = decimal("0.1");
  const Row rows[] = {
      {"just left", {{kMonth, Events{1'000'000, 900, 900}}}, Outcome::passed, std::nullopt, ""},
      {"one more",
       {{kMonth, Events{1'000'000, 901, 901}}},
       Outcome::failed,
       std::nullopt,
       "slo.error_budget: 99.910 % good over 30d, objective is 99.9 %: 90.1 % of the error budget is spent, "
       "10 % must "
       "be left\n"},
  };
  for (const Row& row : rows) check(objective, row);
}

TEST(Evaluation, OfBurnRates) {
  const Events burning{72'000, 1'533.6, 1'533.6};
  const Row rows[] = {
      {"page",
       {{hours{1}, burning}, {minutes{5}, Events{6'000, 150, 150}}},
       Outcome::failed,
       std::nullopt,
       "slo.burn_rate: burning 21.3 × over 1h and 25 × over 5m, page at 14.4 ×: exhausted in 1 d 9 h\n"},
      {"over before the short window", {{hours{1}, burning}}, Outcome::passed, std::nullopt, ""},
      {"only the short window", {{minutes{5}, Events{6'000, 150, 150}}}, Outcome::passed, std::nullopt, ""},
      {"at the factor",
       {{hours{1}, Events{100'000, 1'440, 1'440}}, {minutes{5}, Events{6'000, 150, 150}}},
       Outcome::passed,
       std::nullopt,
       ""},
      {"a hair above it",
       {{hours{1}, Events{10'000'000, 144'001, 144'001}}, {minutes{5}, Events{6'000, 150, 150}}},
       Outcome::failed,
       std::nullopt,
       "slo.burn_rate: burning 14.4001 × over 1h and 25 × over 5m, page at 14.4 ×: exhausted in 2 d 1 h\n"},
      {"ticket only warns",
       {{hours{72}, Events{5e6, 6'000, 6'000}}, {hours{6}, Events{432'000, 864, 864}}},
       Outcome::warned,
       std::nullopt,
       "slo.burn_rate: burning 1.2 × over 3d and 2 × over 6h, ticket at 1 ×: exhausted in 25 d\n"},
      {"an unknown window beside one that does not burn",
       {{minutes{5}, kNoSeries}},
       Outcome::passed,
       std::nullopt,
       ""},
      {"one bad of fifty may be chance",
       {{hours{1}, Events{50, 1, 1}}, {minutes{5}, Events{5, 1, 1}}},
       Outcome::undecided,
       Doubt::low_traffic,
       "slo.low_traffic: burning 20 × over 1h and 200 × over 5m, page at 14.4 ×: exhausted in 1 d 12 h; so "
       "few bad "
       "events may be chance\n"},
      {"two of two are none",
       {{hours{1}, Events{2, 2, 2}}, {minutes{5}, Events{2, 2, 2}}},
       Outcome::failed,
       std::nullopt,
       "slo.burn_rate: burning 1000 × over 1h and 1000 × over 5m, page at 14.4 ×: exhausted in 43 min 12 "
       "s\n"},
      {"few bad ones of a ticket warn",
       {{hours{72}, Events{500, 1, 1}}, {hours{6}, Events{40, 1, 1}}},
       Outcome::warned,
       std::nullopt,
       "slo.low_traffic: burning 2 × over 3d and 25 × over 6h, ticket at 1 ×: exhausted in 15 d; so few bad "
       "events may "
       "be chance\n"},
  };
  for (const Row& row : rows) check(availability(), row);
}

TEST(Evaluation, ATotalOutagePagesWhateverTheTarget) {
  Objective objective = availability();
  objective.target = decimal("0.5");  // burns 2 × at most, and the table pages at 14.4 and 6
  objective.written = "50";
  const std::vector<std::pair<seconds, WindowEvents>> down{{hours{1}, Events{1'000, 1'000, 1'000}},
                                                           {minutes{5}, Events{80, 80, 80}}};
  const Evaluation made = evaluate(objective, measured(objective, down));
  EXPECT_EQ(made.outcome, Outcome::failed);
  const auto nearly = [&](double bad) {
    return evaluate(objective, measured(objective, {{hours{1}, Events{1'000, bad, bad}},
                                                    {minutes{5}, Events{80, 80, 80}}}));
  };
  EXPECT_EQ(nearly(999).outcome, Outcome::passed);
}

TEST(Evaluation, FiresAtTheFactorWhereTheRowIncludesIt) {
  Objective objective = availability();
  BurnRateRow row{AlertSeverity::page, hours{1}, minutes{5}, Decimal{}};
  row.factor = decimal("2");
  const auto outcome_with = [&](bool inclusive) {
    row.inclusive = inclusive;
    objective.burn_rates = {row};
    const Events at{1'000'000, 2'000, 2'000};
    return evaluate(objective, measured(objective, {{hours{1}, at}, {minutes{5}, at}})).outcome;
  };
  EXPECT_EQ(outcome_with(false), Outcome::passed);
  EXPECT_EQ(outcome_with(true), Outcome::failed);
}

TEST(Evaluation, OfThresholds) {
  const Row rows[] = {
      {"at the limit", {{hours{1}, Events{1'000, 50, 50}}}, Outcome::passed, std::nullopt, ""},
      {"above",
       {{hours{1}, Events{1'000, 51, 51}}},
       Outcome::failed,
       std::nullopt,
       "slo.threshold: 5.1 % of 1,000 events slower than 500 ms over 1h, p95_latency_ms = 500 allows 5 %\n"},
      {"a hair above",
       {{hours{1}, Events{1'000'000, 50'001, 50'001}}},
       Outcome::failed,
       std::nullopt,
       "slo.threshold: 5.0001 % of 1,000,000 events slower than 500 ms over 1h, p95_latency_ms = 500 allows "
       "5 "
       "%\n"},
      {"between two buckets",
       {{hours{1}, Events{1'000, 40, 60}}},
       Outcome::undecided,
       Doubt::inconclusive,
       "slo.inconclusive: between 4 and 6 % of 1,000 events slower than 500 ms over 1h, p95_latency_ms = 500 "
       "allows 5 "
       "%: this does not settle it\n"},
      {"too few",
       {{hours{1}, Events{59, 0, 0}}},
       Outcome::undecided,
       Doubt::low_traffic,
       "slo.low_traffic: 59 events, 0 of them slower than 500 ms, over 1h are too few to decide: 60 are "
       "needed\n"},
      {"few, but all of them",
       {{hours{1}, Events{4, 4, 4}}},
       Outcome::failed,
       std::nullopt,
       "slo.threshold: 100 % of 4 events slower than 500 ms over 1h, p95_latency_ms = 500 allows 5 %\n"},
      {"empty",
       {{hours{1}, kNoSeries}},
       Outcome::undecided,
       Doubt::no_data,
       "slo.no_data: no data: the query returned no series (over 1h)\n"},
  };
  for (const Row& row : rows) check(threshold(), row);
}

TEST(Evaluation, WithdrawsAPassFromWhatCannotBeTrusted) {
  const Objective objective = availability();
  Measurement measurement = measured(objective);
  measurement.newest_age = seconds{46};
  EXPECT_EQ(evaluate(objective, measurement, {seconds{46}, false}).outcome, Outcome::passed);
  const Evaluation stale = evaluate(objective, measurement, {seconds{45}, false});
  EXPECT_EQ(stale.doubt, Doubt::stale);
  EXPECT_EQ(told(stale), "slo.stale: the newest sample is 46 s old, 45 s may be\n");

  measurement.warnings = {"partial response: 1 of 2 stores"};
  EXPECT_EQ(evaluate(objective, measurement).outcome, Outcome::undecided);
  EXPECT_EQ(told(evaluate(objective, measurement)),
            "slo.source_warning: the source warns: partial response: 1 of 2 stores\n");
  EXPECT_EQ(evaluate(objective, measurement, {seconds{0}, true}).outcome, Outcome::warned);
}

TEST(Evaluation, FailureStandsBesideDoubt) {
  const Evaluation made = evaluate(
      availability(),
      measured(availability(),
               {{kMonth, Events{1'000'000, 3'000, 3'000}}, {hours{1}, kNoSeries}, {minutes{5}, kNoSeries}}));
  EXPECT_EQ(made.outcome, Outcome::failed);
  EXPECT_EQ(made.doubt, std::nullopt);
  ASSERT_EQ(made.reasons.size(), 2U);
  EXPECT_EQ(made.reasons[1].message, "no data: the query returned no series (over 1h, 5m)");
}

TEST(Evaluation, SaysHowMuchIsLeft) {
  const Objective objective = availability();
  const Evaluation made =
      evaluate(objective, measured(objective, {{kMonth, Events{1'000'000, 250, 250}},
                                               {hours{1}, Events{100'000, 1'000, 1'000}}}));
  ASSERT_TRUE(made.budget);
  EXPECT_EQ(made.budget->allowed, 1'000);
  EXPECT_EQ(made.budget->spent, (Interval{0.25, 0.25}));
  EXPECT_EQ(made.budget->remaining, (Interval{0.75, 0.75}));
  EXPECT_EQ(made.budget->time_to_exhaustion, hours{54});  // three quarters of 30 days at 10 ×
}

TEST(Evaluation, ForetellsNoEndOfABudgetThatIsSpent) {
  const Evaluation made = evaluate(
      availability(), measured(availability(), {{kMonth, Events{1'000'000, 1'000, 1'000}},
                                                {hours{1}, Events{100'000, 2'000, 2'000}},
                                                {std::chrono::minutes{5}, Events{10'000, 200, 200}}}));
  EXPECT_THAT(told(made), testing::HasSubstr("page at 14.4 ×: the budget is spent\n"));
  EXPECT_THAT(told(made), testing::Not(testing::HasSubstr("exhausted in")));
}

TEST(Evaluation, SaysThatNoAgeCouldBeTold) {
  Measurement measurement = measured(availability());
  measurement.untold_age = Missing{Doubt::stale, "no sample of x within 1 h"};
  const Evaluation made = evaluate(availability(), measurement, {hours{1}, true});
  EXPECT_EQ(made.outcome, Outcome::undecided);
  EXPECT_EQ(told(made), "slo.stale: no sample of x within 1 h\n");
}

TEST(Evaluation, TellsHowLittleOfThePeriodIsCovered) {
  const Objective objective = availability();
  const struct {
    hours covered;
    Outcome outcome;
    const char* told;
  } rows[] = {
      {hours{0}, Outcome::undecided, "slo.no_data: there is data for 0 s of 30 d\n"},
      {hours{71}, Outcome::warned, "slo.no_data: there is data for 2 d 23 h of 30 d\n"},
      {hours{72}, Outcome::passed, "slo.no_data: there is data for 3 d of 30 d\n"},
      {hours{683}, Outcome::passed, "slo.no_data: there is data for 28 d 11 h of 30 d\n"},
      {hours{684}, Outcome::passed, ""},
  };
  for (const auto& row : rows) {
    Measurement measurement = measured(objective);
    measurement.covered = row.covered;
    const Evaluation made = evaluate(objective, measurement);
    EXPECT_EQ(made.outcome, row.outcome) << row.covered.count();
    EXPECT_EQ(told(made), row.told);
  }
}

}  // namespace
}  // namespace gate::slo
