#include "gate/slo/request_counts.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gate::slo {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Timestamp kEnd = *parse_timestamp("2026-11-20T05:00:00Z");
using Kind = RequestSli::Kind;

Decimal decimal(std::string_view text) {
  return *Decimal::parse(text);
}

Sample sample(Timestamp at, int status = 200, double latency_ms = 1) {
  return {at, latency_ms, status, Track::none, ""};
}

RequestQuestion errors_over(std::vector<seconds> windows, seconds period = seconds{0}) {
  return {RequestSli{Kind::errors, {}}, std::move(windows), period, std::nullopt};
}

Events events_of(const Measurement& measurement, seconds window) {
  const Window* found = find_window(measurement, window);
  return found == nullptr ? Events{-1, -1, -1} : std::get<Events>(found->events);
}

std::string missing(const Measurement& measurement, seconds window) {
  const auto* why = std::get_if<Missing>(&find_window(measurement, window)->events);
  return why == nullptr ? "" : why->message;
}

TEST(BadRequest, IsToldByStatusOrLatency) {
  struct Row {
    const char* name;
    Kind kind;
    int status;
    double latency_ms;
    bool bad;
  };
  const Row rows[] = {
      {"served", Kind::errors, 200, 1, false},      {"not found", Kind::errors, 404, 1, false},
      {"499", Kind::errors, 499, 1, false},         {"500", Kind::errors, 500, 1, true},
      {"599", Kind::errors, 599, 1, true},          {"no answer", Kind::errors, 0, 1, true},
      {"error", Kind::availability, 500, 1, false}, {"501", Kind::availability, 501, 1, false},
      {"502", Kind::availability, 502, 1, true},    {"504", Kind::availability, 504, 1, true},
      {"505", Kind::availability, 505, 1, false},   {"no answer", Kind::availability, 0, 1, true},
      {"quick", Kind::latency, 500, 300, false},    {"slow", Kind::latency, 200, 300.0000001, true},
      {"no answer", Kind::latency, 0, 1, true},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const BadRequest bad{{row.kind, decimal("300")}};
    EXPECT_EQ(bad(sample(kEnd, row.status, row.latency_ms)), row.bad);
  }
}

TEST(BadRequest, LatenciesAreComparedAsTheyWereWritten) {
  struct Row {
    const char* threshold;
    double latency_ms;
    bool bad;
  };
  const Row rows[] = {
      {"0.1", 0.1, false},
      {"0.1", 0.10000000000000002, true},
      {"0.09999999999999999999", 0.1, true},  // its nearest double is that of 0.1
      {"0.10000000000000000001", 0.1, false},
      {"300.1", 300.1, false},
      {"0", 0, false},
      {"1e-400", 5e-324, true},
      {"1e400", 1e12, false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.threshold);
    const BadRequest bad{{Kind::latency, decimal(row.threshold)}};
    EXPECT_EQ(bad(sample(kEnd, 200, row.latency_ms)), row.bad);
  }
}

TEST(RequestCounts, NothingIsMissingNotZero) {
  const RequestCounts counts{{errors_over({seconds{0}, minutes{5}}, days{30})}, std::nullopt};
  const Measurement measurement = counts.measure(0, kEnd);
  EXPECT_EQ(measurement.at, kEnd);
  EXPECT_EQ(missing(measurement, seconds{0}), "no request at all");
  EXPECT_THAT(missing(measurement, minutes{5}), HasSubstr("no request in 5"));
  EXPECT_EQ(measurement.newest_age, std::nullopt);
  EXPECT_EQ(measurement.covered, seconds{0});
  EXPECT_THAT(measurement.course, IsEmpty());
}

TEST(RequestCounts, WindowsEndAtTheNewestSample) {
  RequestCounts counts{{errors_over({seconds{0}, minutes{5}, hours{1}}, hours{1})}, std::nullopt};
  counts.add(std::vector{sample(kEnd - hours{2}, 500), sample(kEnd - minutes{30}, 503),
                         sample(kEnd - minutes{5}), sample(kEnd, 0),
                         sample(kEnd - minutes{5} - milliseconds{1}, 500)});
  const Measurement measurement = counts.measure(0, kEnd + minutes{1});
  EXPECT_EQ(measurement.at, kEnd);
  EXPECT_EQ(events_of(measurement, seconds{0}), (Events{5, 4, 4}));
  EXPECT_EQ(events_of(measurement, hours{1}), (Events{4, 3, 3}));
  EXPECT_EQ(events_of(measurement, minutes{5}), (Events{2, 1, 1}));
  EXPECT_EQ(measurement.newest_age, minutes{1});
  EXPECT_EQ(measurement.covered, hours{1});
}

TEST(RequestCounts, WindowsEndWhereTheyAreToldTo) {
  RequestCounts counts{{errors_over({seconds{0}, minutes{5}}, minutes{5})}, kEnd};
  counts.add(std::vector{sample(kEnd - minutes{1}, 500), sample(kEnd), sample(kEnd + milliseconds{1}, 500)});
  const Measurement measurement = counts.measure(0, kEnd + minutes{9});
  EXPECT_EQ(measurement.at, kEnd);
  EXPECT_EQ(events_of(measurement, minutes{5}), (Events{2, 1, 1}));
  EXPECT_EQ(events_of(measurement, seconds{0}), (Events{2, 1, 1}));
  EXPECT_EQ(measurement.newest_age, minutes{9});
  EXPECT_EQ(measurement.covered, minutes{1});
  EXPECT_EQ(counts.after_end(), 1U);
  EXPECT_EQ(counts.counted(), 2U);
}

TEST(RequestCounts, ASampleFarAheadOfTheClockIsNotFresh) {
  RequestCounts counts{{errors_over({seconds{0}})}, std::nullopt};
  counts.add(std::vector{sample(kEnd)});
  EXPECT_EQ(counts.measure(0, kEnd - seconds{60}).newest_age, seconds{0});
  EXPECT_EQ(counts.measure(0, kEnd - hours{2}).newest_age, hours{2});
}

TEST(RequestCounts, AStaleFileHasNoRequestInItsShortWindows) {
  RequestCounts counts{{errors_over({minutes{5}, days{30}}, days{30})}, kEnd};
  counts.add(std::vector{sample(kEnd - days{1})});
  EXPECT_THAT(missing(counts.measure(0, kEnd), minutes{5}), HasSubstr("no request"));
  EXPECT_EQ(events_of(counts.measure(0, kEnd), days{30}), (Events{1, 0, 0}));
}

TEST(RequestCounts, TheOrderOfSamplesDoesNotMatter) {
  std::vector<Sample> samples;
  for (int i = 0; i < 2'000; ++i)
    samples.push_back(sample(kEnd - seconds{i * 977 % 50'000}, i % 7 == 0 ? 500 : 200));
  const std::vector questions{errors_over({minutes{5}, hours{6}}, hours{6})};
  RequestCounts forward{questions, std::nullopt};
  forward.add(samples);
  std::reverse(samples.begin(), samples.end());
  RequestCounts backward{questions, std::nullopt};
  backward.add(samples);
  EXPECT_EQ(forward.measure(0, kEnd), backward.measure(0, kEnd));
}

TEST(RequestCounts, OneSampleFarAheadLeavesNoDataRatherThanOld) {
  RequestCounts counts{{errors_over({hours{1}}, hours{1})}, std::nullopt};
  counts.add(
      std::vector{sample(kEnd, 500), sample(*parse_timestamp("9999-12-31T23:59:59Z")), sample(kEnd, 500)});
  EXPECT_EQ(events_of(counts.measure(0, kEnd), hours{1}), (Events{1, 0, 0}));
}

TEST(RequestCounts, AgreesWithCountingOneByOne) {
  std::vector<Sample> samples;
  std::uint32_t state = 1;
  for (int i = 0; i < 20'000; ++i) {
    state = state * 1'664'525 + 1'013'904'223;
    samples.push_back(sample(kEnd - seconds{(state >> 8U) % (40 * 86'400)}, state % 10 == 0 ? 500 : 200));
  }
  samples.push_back(sample(kEnd));
  const std::vector<seconds> windows{minutes{5}, hours{1}, days{3}, days{30}, days{31}, days{400}};
  RequestCounts counts{{errors_over(windows, days{400})}, std::nullopt};
  counts.add(samples);
  const Measurement measurement = counts.measure(0, kEnd);
  for (const seconds window : windows) {
    SCOPED_TRACE(window.count());
    Events expected;  // every window begins where a bin of its width does
    for (const Sample& s : samples) {
      if (s.at < kEnd - window) continue;
      ++expected.total;
      expected.bad_least += s.status == 500 ? 1 : 0;
    }
    expected.bad_most = expected.bad_least;
    EXPECT_EQ(events_of(measurement, window), expected);
  }
}

// Up to one bin more than it says: an error within it is never missed.
TEST(RequestCounts, AWindowIsNeverShorterThanItSays) {
  for (const seconds length : {seconds{1}, seconds{10}, seconds{19}, seconds{300}}) {
    for (int ahead = 0; ahead < 10; ++ahead) {
      const Timestamp end = kEnd + seconds{ahead};
      RequestCounts counts{{errors_over({length}, length)}, end};
      counts.add(
          std::vector{sample(end - length - seconds{10}, 500), sample(end - length, 500), sample(end)});
      EXPECT_EQ(events_of(counts.measure(0, end), length), (Events{2, 1, 1}))
          << length.count() << " " << ahead;
    }
  }
}

TEST(RequestCounts, QuestionsDoNotMeet) {
  RequestQuestion slow{RequestSli{Kind::latency, decimal("10")}, {minutes{5}}, minutes{5}, std::nullopt};
  RequestCounts counts{{errors_over({hours{1}}, hours{1}), slow}, std::nullopt};
  counts.add(std::vector{sample(kEnd, 500, 1), sample(kEnd, 200, 11), sample(kEnd, 200, 12)});
  EXPECT_EQ(events_of(counts.measure(0, kEnd), hours{1}), (Events{3, 1, 1}));
  EXPECT_EQ(events_of(counts.measure(1, kEnd), minutes{5}), (Events{3, 2, 2}));
}

TEST(RequestCounts, SlicesAreThoseWithRequests) {
  RequestQuestion question = errors_over({}, hours{1});
  question.slice = minutes{1};
  RequestCounts counts{{question}, std::nullopt};
  counts.add(std::vector{sample(kEnd - hours{2}, 500), sample(kEnd - minutes{10}, 500),
                         sample(kEnd - minutes{10} + seconds{59}), sample(kEnd)});
  const auto slices = std::get<std::vector<Slice>>(counts.measure(0, kEnd).slices);
  const std::vector<Slice> expected{{kEnd - minutes{10}, {2, 1, 1}}, {kEnd, {1, 0, 0}}};
  EXPECT_EQ(slices, expected);
}

TEST(RequestCounts, TooManySlicesAreMissing) {
  RequestQuestion question = errors_over({}, days{365});
  question.slice = seconds{1};
  RequestCounts counts{{question}, std::nullopt};
  counts.add(std::vector{sample(kEnd)});
  const auto slices = counts.measure(0, kEnd).slices;
  ASSERT_TRUE(std::holds_alternative<Missing>(slices));
  EXPECT_EQ(std::get<Missing>(slices).doubt, Doubt::inconclusive);
  EXPECT_THAT(std::get<Missing>(slices).message, HasSubstr("more than 262144 slices"));
}

TEST(RequestCounts, TheCourseCoversThePeriodInAFewPoints) {
  RequestCounts counts{{errors_over({days{1}}, days{1}), errors_over({seconds{0}})}, std::nullopt};
  for (int minute = 0; minute <= 3 * 24 * 60; ++minute)
    counts.add(std::vector{sample(kEnd - minutes{minute}, minute < 60 ? 500 : 200)});
  for (std::size_t question : {std::size_t{0}, std::size_t{1}}) {
    const auto course = counts.measure(question, kEnd).course;
    EXPECT_THAT(course,
                SizeIs(::testing::AllOf(::testing::Ge(60U), ::testing::Le(RequestCounts::kMaxCourse + 1))));
    double bad = 0;
    for (const Slice& slice : course) bad += slice.events.bad_most;
    EXPECT_EQ(bad, 60);
    EXPECT_TRUE(std::is_sorted(course.begin(), course.end(),
                               [](const Slice& a, const Slice& b) { return a.start < b.start; }));
    EXPECT_NEAR(static_cast<double>((kEnd - course.front().start).count()),
                static_cast<double>(milliseconds{question == 0 ? days{1} : days{3}}.count()), 1e6 * 3.6);
  }
}

TEST(QuestionOf, AsksWhatAnObjectiveNeeds) {
  Objective objective;
  objective.sli = RequestSli{Kind::errors, {}};
  objective.span = Threshold{"error_rate_percent", "1", seconds{0}};
  EXPECT_EQ(question_of(objective), (errors_over({seconds{0}})));
  objective.span = Period{days{30}, std::nullopt, seconds{0}};
  objective.budgeting = Budgeting::timeslices;
  objective.slice = minutes{1};
  RequestQuestion sliced = errors_over({}, days{30});
  sliced.slice = minutes{1};
  EXPECT_EQ(question_of(objective), sliced);
}

}  // namespace
}  // namespace gate::slo
