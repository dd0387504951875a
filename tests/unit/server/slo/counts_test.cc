#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gate/slo/evaluation.h"
#include "server/slo/bins.h"
#include "server/slo/latency_counts.h"
#include "server/slo/posted_counts.h"

namespace server::slo {
namespace {

using gate::Decimal;
using gate::Timestamp;
using gate::slo::Doubt;
using gate::slo::Events;
using gate::slo::Measurement;
using gate::slo::Missing;
using gate::slo::Objective;
using gate::slo::Outcome;
using gate::slo::RequestSli;
using gate::slo::Sample;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;

const Timestamp kNow = Timestamp{gate::Date{std::chrono::year{2026} / 11 / 20}} + hours{5} + seconds{3};

Decimal ms(const char* text) {
  return *Decimal::parse(text);
}

Sample sample(seconds ago, int status = 200, double latency = 10) {
  return {kNow - ago, latency, status, gate::slo::Track::none, {}};
}

std::vector<Sample> some(std::size_t count, seconds ago, int status = 200, double latency = 10) {
  return std::vector<Sample>(count, sample(ago, status, latency));
}

LatencyCounts counted(const LatencyBuckets& buckets, const std::vector<double>& latencies) {
  LatencyCounts latency = buckets.none();
  for (const double one : latencies) buckets.count({kNow, one, 200, gate::slo::Track::none, {}}, latency);
  return latency;
}

TEST(LatencyCounts, AThresholdIsExactWhereItIsABound) {
  const LatencyBuckets buckets{{ms("300"), ms("0.1")}};
  const LatencyCounts latency = counted(buckets, {0.1, 0.10000000000000002, 300, 300.00000000000006, 9e11});
  EXPECT_EQ(slower_than(latency, ms("300")), (CountRange{2, 2}));
  EXPECT_EQ(slower_than(latency, ms("0.1")), (CountRange{4, 4}));
  // Between 250 and 300 lies one, which may be above 280 or not.
  EXPECT_EQ(slower_than(latency, ms("280")), (CountRange{2, 3}));
  EXPECT_EQ(slower_than(latency, ms("20000")), (CountRange{0, 1}));
  EXPECT_EQ(slower_than(latency, ms("0")), (CountRange{4, 5}));
}

TEST(LatencyCounts, MergingOtherBoundsGuessesNothing) {
  LatencyCounts before = counted(LatencyBuckets{{ms("300")}}, {200, 280, 320, 20'000});
  merge(before, counted(LatencyBuckets{{ms("310")}}, {305, 320}));
  EXPECT_EQ(slower_than(before, ms("500")), (CountRange{1, 1}));
  EXPECT_EQ(slower_than(before, ms("250")), (CountRange{5, 5}));
  EXPECT_EQ(slower_than(before, ms("300")), (CountRange{1, 5}));  // from 250 to 500 nobody knows
  LatencyCounts same = counted(LatencyBuckets{{ms("300")}}, {280, 320});
  merge(same, counted(LatencyBuckets{{ms("300")}}, {400}));
  EXPECT_EQ(slower_than(same, ms("300")), (CountRange{2, 2}));
}

TEST(LatencyCounts, KeepAsMuchAsTheyCan) {
  std::vector<Decimal> thresholds;
  for (int i = 1; i <= 24; ++i) thresholds.push_back(Decimal::of(std::int64_t{i * 7}));
  const LatencyBuckets full{thresholds};
  EXPECT_EQ(full.none().bounds, thresholds);
  EXPECT_EQ(LatencyBuckets{{}}.none().bounds.size(), 10U);
}

TEST(LatencyCounts, AreReadAsTheyAreWritten) {
  const LatencyCounts latency = counted(LatencyBuckets{{ms("0.25")}}, {0.2, 0.3, 12, 99'999});
  EXPECT_EQ(to_text(latency), "0.25=1 10=1 25=1 50=0 100=0 250=0 500=0 1000=0 2500=0 5000=0 10000=0 +=1");
  const auto read = parse_latency_counts(to_text(latency));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, latency);
  for (const char* broken : {"", "10=1", "+=1 10=1", "10=1 +=-1", "10=1 10=1 +=0", "20=1 10=1 +=0", "x=1 +=0",
                             "10=1  +=0", "+", "10=99999999999999999999 +=0", "+=1 +=1"})
    EXPECT_FALSE(parse_latency_counts(broken)) << broken;
}

TEST(Bins, ARequestIsInEveryTierThatKeepsItsMoment) {
  const struct {
    const char* name;
    seconds ago;
    std::vector<seconds> widths;
  } rows[] = {{"now", seconds{0}, {seconds{10}, seconds{60}, seconds{600}}},
              {"ahead", seconds{-290}, {seconds{10}, seconds{60}, seconds{600}}},
              {"two hours", hours{2}, {seconds{10}, seconds{60}, seconds{600}}},
              {"three hours", hours{3}, {seconds{60}, seconds{600}}},
              {"three days", hours{72}, {seconds{600}}},
              {"too old", hours{24 * 32}, {}}};
  for (const auto& row : rows) {
    const Bins bins = count_bins(some(1, row.ago), LatencyBuckets{{}}, tiers_for(hours{24 * 30}), kNow);
    std::vector<seconds> widths;
    for (const auto& [key, counts] : bins) {
      widths.push_back(key.width);
      EXPECT_LE(key.start, kNow - row.ago) << row.name;
      EXPECT_GT(key.start + key.width, kNow - row.ago) << row.name;
    }
    EXPECT_EQ(widths, row.widths) << row.name;
  }
}

TEST(Bins, CountWhatIsBad) {
  std::vector<Sample> samples;
  for (const int status : {200, 404, 500, 502, 503, 504, 599, 0})
    samples.push_back(sample(seconds{1}, status));
  samples.push_back(sample(seconds{1}, 200, 300.5));
  const Bins bins = count_bins(samples, LatencyBuckets{{ms("300")}}, tiers_for(hours{24}), kNow);
  ASSERT_EQ(bins.size(), 3U);
  const BinCounts& counts = bins.begin()->second;
  EXPECT_EQ(counts.total, 9U);
  EXPECT_EQ(bad_of(counts, {RequestSli::Kind::errors, {}}), (CountRange{6, 6}));
  EXPECT_EQ(bad_of(counts, {RequestSli::Kind::availability, {}}), (CountRange{4, 4}));
  EXPECT_EQ(bad_of(counts, {RequestSli::Kind::latency, ms("300")}), (CountRange{2, 2}));  // slow, unanswered
}

Objective threshold(const char* service, RequestSli sli, seconds window, const char* setting,
                    const char* limit) {
  Objective objective;
  objective.name = setting;
  objective.service = service;
  objective.sli = std::move(sli);
  objective.span = gate::slo::Threshold{setting, limit, window};
  objective.target = gate::slo::target_of_threshold(setting, ms(limit));
  return objective;
}

Objective error_rate(seconds window, const char* limit = "1") {
  return threshold("shop", {RequestSli::Kind::errors, {}}, window, "error_rate_percent", limit);
}

// Counts for one objective, and what they say.
struct Counted {
  explicit Counted(const Objective& of) : objective(of), counts(std::vector{of}, tiers) {}

  void post(const std::vector<Sample>& samples, Timestamp now = kNow) {
    counts.add("shop", count_bins(samples, LatencyBuckets{{}}, tiers, now));
  }
  [[nodiscard]] Measurement measure(Timestamp now = kNow, nanoseconds elapsed = {}) const {
    return counts.measure(objective, now, elapsed);
  }
  [[nodiscard]] Outcome outcome(Timestamp now = kNow) const {
    return gate::slo::evaluate(objective, measure(now), {minutes{5}, false}).outcome;
  }

  Tiers tiers = tiers_for(hours{24 * 30});
  Objective objective;
  PostedCounts counts;
};

TEST(PostedCounts, NothingIsNoData) {
  const Counted shop{error_rate(minutes{5})};
  const Measurement measured = shop.measure();
  EXPECT_EQ(std::get<Missing>(measured.windows.at(0).events),
            (Missing{Doubt::no_data, "no request in 5 min"}));
  EXPECT_EQ(measured.newest_age, std::nullopt);
  EXPECT_EQ(shop.outcome(), Outcome::undecided);
}

TEST(PostedCounts, NoVerdictHangsOnHowABinIsCut) {
  // The window of 5 min starts 3 s into a bin of 10 s.
  const seconds in_edge = minutes{5} - seconds{1};
  const struct {
    const char* name;
    std::vector<std::vector<Sample>> posted;
    Events events;
    Outcome outcome;
  } rows[] = {
      {"clean inside and at the edge",
       {some(1000, minutes{1}), some(500, in_edge)},
       {1000, 0, 0},
       Outcome::passed},
      {"bad ones that may be outside",
       {some(990, minutes{1}), some(20, in_edge, 500)},
       {990, 0, 20.0 * 990 / 1010},
       Outcome::undecided},
      {"good ones that may not dilute",
       {some(980, minutes{1}), some(20, minutes{1}, 500), some(5000, in_edge)},
       {1000, 20.0 * 1000 / 6000, 20},
       Outcome::undecided},
      {"failed either way",
       {some(900, minutes{1}), some(100, minutes{1}, 500), some(100, in_edge)},
       {1000, 100.0 * 1000 / 1100, 100},
       Outcome::failed},
  };
  for (const auto& row : rows) {
    Counted shop{error_rate(minutes{5})};
    for (const auto& samples : row.posted) shop.post(samples);
    const auto events = shop.measure().windows.at(0).events;
    ASSERT_TRUE(std::holds_alternative<Events>(events)) << row.name;
    EXPECT_DOUBLE_EQ(std::get<Events>(events).total, row.events.total) << row.name;
    EXPECT_DOUBLE_EQ(std::get<Events>(events).bad_least, row.events.bad_least) << row.name;
    EXPECT_DOUBLE_EQ(std::get<Events>(events).bad_most, row.events.bad_most) << row.name;
    EXPECT_EQ(shop.outcome(), row.outcome) << row.name;
  }
}

TEST(PostedCounts, PartOfABinAloneIsNoData) {
  Counted shop{error_rate(minutes{5})};
  shop.post(some(1000, minutes{5} - seconds{1}));
  EXPECT_TRUE(std::holds_alternative<Missing>(shop.measure().windows.at(0).events));
}

TEST(PostedCounts, LongWindowsAreCountedInWideBins) {
  const struct {
    seconds window;
    seconds inside;
    seconds outside;
  } rows[] = {{hours{2}, hours{2} - seconds{15}, hours{2} + seconds{15}},
              {hours{6}, hours{6} - minutes{2}, hours{6} + minutes{2}},
              {hours{48}, hours{48} - minutes{2}, hours{48} + minutes{2}},
              {hours{72}, hours{72} - minutes{20}, hours{72} + minutes{20}},
              {hours{24 * 30}, hours{24 * 30} - minutes{20}, hours{24 * 30} + minutes{20}}};
  for (const auto& row : rows) {
    Counted shop{error_rate(row.window)};
    shop.post(some(7, row.inside));
    shop.post(some(5, row.outside));
    const auto events = shop.measure().windows.at(0).events;
    ASSERT_TRUE(std::holds_alternative<Events>(events)) << row.window.count();
    EXPECT_EQ(std::get<Events>(events), (Events{7, 0, 0})) << row.window.count();
  }
}

TEST(PostedCounts, ClockJumpsMakeNoDataFresh) {
  Counted shop{error_rate(minutes{5})};
  for (seconds ago{0}; ago < minutes{5}; ago += seconds{10}) shop.post(some(100, ago));
  EXPECT_EQ(shop.measure().newest_age, seconds{0});
  EXPECT_EQ(shop.outcome(), Outcome::passed);
  const struct {
    const char* name;
    seconds jump;
    seconds age;
    bool is_future;
  } rows[] = {{"sixty days back", -hours{24 * 60}, seconds{0}, true},
              {"a minute and a second back", -seconds{61}, seconds{0}, true},
              {"a minute back", -minutes{1}, seconds{0}, false},
              {"six minutes ahead", minutes{6}, minutes{6}, false},
              {"a day ahead", hours{24}, hours{24}, false}};
  for (const auto& row : rows) {
    const auto measured = shop.measure(kNow + row.jump);
    EXPECT_EQ(measured.newest_age, row.age) << row.name;
    EXPECT_EQ(measured.untold_age.value_or(Missing{}).message,
              row.is_future ? "the newest sample is from the future: a clock is wrong" : "")
        << row.name;
    const bool fresh = row.age == seconds{0} && !row.is_future;
    EXPECT_EQ(shop.outcome(kNow + row.jump), fresh ? Outcome::passed : Outcome::undecided) << row.name;
  }
  EXPECT_EQ(shop.outcome(), Outcome::passed);  // and back again
}

TEST(PostedCounts, SilenceIsSilenceWhateverClocksShow) {
  Counted shop{error_rate(minutes{5})};
  shop.post(some(1000, minutes{1}));
  shop.counts.arrived("shop", hours{7});
  EXPECT_EQ(shop.measure(kNow, hours{7} + seconds{20}).newest_age, minutes{1});
  EXPECT_EQ(shop.measure(kNow, hours{7} + minutes{6}).newest_age, minutes{6});
}

TEST(PostedCounts, ForgetWhatNoTierKeeps) {
  Counted shop{error_rate(minutes{5})};
  shop.post(some(10, seconds{10}));
  shop.counts.forget(kNow + hours{3});
  EXPECT_TRUE(std::holds_alternative<Missing>(shop.measure().windows.at(0).events));
  Counted longer{error_rate(hours{24})};
  longer.post(some(10, seconds{10}));
  longer.counts.forget(kNow + hours{3});
  EXPECT_EQ(std::get<Events>(longer.measure().windows.at(0).events).total, 10);
  longer.counts.clear();
  EXPECT_EQ(longer.measure().newest_age, std::nullopt);
}

TEST(PostedCounts, AYoungServiceIsCoveredForAsLongAsItPosts) {
  Counted shop{error_rate(hours{1})};
  shop.post(some(1000, minutes{10}));
  shop.post(some(1000, seconds{3}));
  const auto covered = shop.measure().covered;
  ASSERT_TRUE(covered);
  EXPECT_GE(*covered, minutes{10} - seconds{3});
  EXPECT_LE(*covered, minutes{10} + seconds{7});
}

TEST(PostedCounts, SlicesAreMadeOfWholeBins) {
  Objective sliced;
  sliced.service = "shop";
  sliced.sli = RequestSli{RequestSli::Kind::errors, {}};
  sliced.target = ms("0.9");
  sliced.span = gate::slo::Period{hours{24 * 7}, std::nullopt, {}};
  sliced.budgeting = gate::slo::Budgeting::timeslices;
  sliced.slice = minutes{20};
  sliced.slice_target = ms("0.9");
  Counted shop{sliced};
  shop.post(some(10, minutes{1}));        // 04:59
  shop.post(some(10, minutes{19}, 500));  // 04:41
  shop.post(some(10, hours{24 * 7} + minutes{3}));
  const auto slices = shop.measure().slices;
  ASSERT_TRUE(std::holds_alternative<std::vector<gate::slo::Slice>>(slices));
  const auto& list = std::get<std::vector<gate::slo::Slice>>(slices);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].start, kNow - seconds{3} - minutes{20});
  EXPECT_EQ(list[0].events, (Events{20, 10, 10}));
}

}  // namespace
}  // namespace server::slo
