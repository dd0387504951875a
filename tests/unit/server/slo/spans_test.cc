#include "server/slo/spans.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gate/slo/reasons.h"
#include "gate/slo/windows.h"

namespace server::slo {
namespace {

using gate::Timestamp;
using gate::checks::EvaluatedObjective;
using gate::slo::Doubt;
using gate::slo::Events;
using gate::slo::Measurement;
using gate::slo::Missing;
using gate::slo::Objective;
using gate::slo::Outcome;
using gate::slo::Ternary;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using What = SpanStep::What;

const Timestamp kNow = Timestamp{gate::Date{std::chrono::year{2026} / 11 / 20}} + hours{5};

// 99.9 % over 30 days; `bad` of a million everywhere, or nothing known.
EvaluatedObjective evaluated(std::variant<double, Missing> bad, bool shadow = false,
                             seconds age = seconds{0}) {
  EvaluatedObjective one;
  one.objective.name = "availability";
  one.objective.service = "shop";
  one.objective.shadow = shadow;
  one.objective.sli = gate::slo::RequestSli{};
  one.objective.target = *gate::Decimal::parse("0.999");
  one.objective.span = gate::slo::Period{hours{24 * 30}, std::nullopt, {}};
  one.measurement.at = kNow;
  one.measurement.newest_age = age;
  for (const seconds window : gate::slo::needed_windows(one.objective)) {
    if (const auto* missing = std::get_if<Missing>(&bad)) {
      one.measurement.windows.push_back({window, *missing});
    } else {
      const double count = std::get<double>(bad);
      one.measurement.windows.push_back({window, Events{1'000'000, count, count}});
    }
  }
  one.trust = {minutes{5}, false};
  one.evaluation = gate::slo::evaluate(one.objective, one.measurement, one.trust);
  return one;
}

const Missing kNothing{Doubt::no_data, "no request in 5 min"};

// What happens to spans over a course of evaluations, 10 s apart.
struct Course {
  SpanBook book;
  Timestamp now = kNow;

  std::string step(const std::vector<EvaluatedObjective>& all, seconds after = seconds{10}) {
    now += after;
    std::string told;
    for (const SpanStep& step : steps_of(book, all, now)) {
      book[{step.span.objective, step.span.kind}] = step.span;
      if (step.what == What::seen) continue;
      const char* what = step.what == What::opened ? "+" : step.what == What::resumed ? "~" : "-";
      told += (told.empty() ? "" : " ") + std::string{what} + std::string{name_of(step.span.kind)};
    }
    return told;
  }
};

TEST(Spans, AreOpenedAndClosedByVerdicts) {
  Course course;
  EXPECT_EQ(course.step({evaluated(0.0)}), "");
  EXPECT_EQ(course.step({evaluated(20'000.0)}), "+page +ticket +budget");
  EXPECT_EQ(course.step({evaluated(30'000.0)}), "");
  EXPECT_EQ(course.step({evaluated(25'000.0)}), "");
  const Span page = course.book.at({"availability", SpanKind::page});
  EXPECT_EQ(page.started_at, kNow + seconds{20});
  EXPECT_EQ(page.ended_at, std::nullopt);
  EXPECT_EQ(page.evaluations, 3);
  EXPECT_DOUBLE_EQ(*page.worst, 30);
  EXPECT_NE(page.reason.find("burning 30 × over 1h"), std::string::npos) << page.reason;
  EXPECT_EQ(page.service, "shop");
  EXPECT_TRUE(page.enforced);
  const Span budget = course.book.at({"availability", SpanKind::budget});
  EXPECT_DOUBLE_EQ(*budget.worst, 30);
  EXPECT_NE(budget.reason.find("of the error budget is spent"), std::string::npos) << budget.reason;
  // 2 × burns a ticket's factor alone, and has spent the budget.
  EXPECT_EQ(course.step({evaluated(2'000.0)}), "-page");
  EXPECT_EQ(course.step({evaluated(0.0)}), "-ticket -budget");
  EXPECT_EQ(*course.book.at({"availability", SpanKind::page}).ended_at, kNow + seconds{50});
}

TEST(Spans, SilenceNeitherOpensNorCloses) {
  Course course;
  EXPECT_EQ(course.step({evaluated(kNothing)}), "+undecided");
  EXPECT_EQ(course.step({evaluated(20'000.0)}), "+page +ticket +budget -undecided");
  EXPECT_EQ(course.step({evaluated(kNothing)}), "~undecided");
  EXPECT_EQ(course.book.at({"availability", SpanKind::undecided}).reason,
            "no request in 5 min (over 30d, 1h, 5m, 6h, 30m, 1d, 2h, 3d)");
  EXPECT_EQ(course.book.at({"availability", SpanKind::page}).ended_at, std::nullopt);
  EXPECT_EQ(course.step({evaluated(0.0, false, minutes{6})}), "");  // stale: good numbers that prove nothing
  EXPECT_EQ(course.step({evaluated(0.0)}), "-page -ticket -budget -undecided");
}

TEST(Spans, OneThatFlapsIsOne) {
  Course course;
  course.step({evaluated(20'000.0)});
  const Timestamp started = course.now;
  course.step({evaluated(0.0)});
  EXPECT_EQ(course.step({evaluated(20'000.0)}, minutes{4}), "~page ~ticket ~budget");
  const Span page = course.book.at({"availability", SpanKind::page});
  EXPECT_EQ(page.started_at, started);
  EXPECT_EQ(page.ended_at, std::nullopt);
  EXPECT_EQ(page.evaluations, 2);
  course.step({evaluated(0.0)});
  EXPECT_EQ(course.step({evaluated(20'000.0)}, minutes{5} + seconds{1}), "+page +ticket +budget");
  EXPECT_EQ(course.book.at({"availability", SpanKind::page}).evaluations, 1);
}

TEST(Spans, AClockThatGoesBackEndsNothingBeforeItBegan) {
  Course course;
  course.step({evaluated(20'000.0)});
  const Timestamp started = course.now;
  EXPECT_EQ(course.step({evaluated(0.0)}, -hours{1}), "-page -ticket -budget");
  EXPECT_EQ(*course.book.at({"availability", SpanKind::page}).ended_at, started);
  // Two spans of one kind never lie over each other.
  EXPECT_EQ(course.step({evaluated(20'000.0)}), "~page ~ticket ~budget");
  EXPECT_EQ(course.book.at({"availability", SpanKind::page}).started_at, started);
}

TEST(Spans, OfObjectivesThatAreNoMoreEnd) {
  Course course;
  course.step({evaluated(20'000.0, true)});
  EXPECT_FALSE(course.book.at({"availability", SpanKind::page}).enforced);
  EXPECT_EQ(course.step({}), "-page -ticket -budget");
  EXPECT_EQ(course.step({}), "");
}

TEST(Spans, AThresholdTellsItsShare) {
  EvaluatedObjective one = evaluated(0.0);
  one.objective.span = gate::slo::Threshold{"error_rate_percent", "1", minutes{5}};
  one.objective.target = *gate::Decimal::parse("0.99");
  one.measurement.windows = {{minutes{5}, Events{1'000, 50, 60}}};
  one.evaluation = gate::slo::evaluate(one.objective, one.measurement, one.trust);
  Course course;
  EXPECT_EQ(course.step({one}), "+threshold");
  const Span span = course.book.at({"availability", SpanKind::threshold});
  EXPECT_DOUBLE_EQ(*span.worst, 0.05);
  EXPECT_NE(span.reason.find("error_rate_percent = 1 allows 1 %"), std::string::npos) << span.reason;
}

TEST(Spans, KindsHaveNames) {
  for (const SpanKind kind : kSpanKinds) EXPECT_EQ(span_kind_named(name_of(kind)), kind);
  EXPECT_EQ(span_kind_named("pages"), std::nullopt);
}

}  // namespace
}  // namespace server::slo
