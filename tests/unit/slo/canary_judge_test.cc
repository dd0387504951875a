#include "gate/slo/canary_judge.h"

#include <functional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/slo/random_numbers.h"
#include "gate/slo/simulated_traffic.h"

namespace gate::slo {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

CanaryJudge judge_of(CanarySettings settings) {
  auto judge = CanaryJudge::make(std::move(settings));
  EXPECT_TRUE(judge) << (judge ? "" : judge.error().message);
  return *judge;
}

CanarySettings with_limit(double limit) {
  CanarySettings settings;
  settings.events[0].max_bad_share = limit;
  return settings;
}

Sample sample(Track track, std::int64_t at_ms, int status, std::string_view client = "",
              double latency_ms = 10) {
  return {Timestamp{milliseconds{at_ms}}, latency_ms, status, track, client};
}

// `requests` of one a millisecond, every tenth on the canary; each of a client of its own.
void feed(CanaryJudge& judge, int requests, const std::function<int(bool canary, int i)>& status_of) {
  const auto start = judge.state().newest.time_since_epoch().count() + 1;
  for (int i = 0; i < requests; ++i) {
    const bool canary = i % 10 == 3;
    const std::string client = "c" + std::to_string(start + i);
    judge.add(sample(canary ? Track::canary : Track::baseline, start + i, status_of(canary, i), client));
  }
}

int healthy(bool /*canary*/, int /*i*/) {
  return 200;
}

TEST(CanaryJudge, FailsACanaryThatIsDownWithinTheFirstBlocks) {
  CanaryJudge judge = judge_of(with_limit(0.01));
  feed(judge, 96, [](bool canary, int) { return canary ? 503 : 200; });
  EXPECT_EQ(judge.decision(), CanaryDecision::failed);
  EXPECT_LE(judge.decided_at().canary_requests, 7U);
  EXPECT_THAT(judge.verdict().why, HasSubstr("error rate 100 % > 0 % of the baseline (e = "));
}

TEST(CanaryJudge, ADecisionStands) {
  CanaryJudge judge = judge_of(with_limit(0.01));
  feed(judge, 96, [](bool canary, int) { return canary ? 503 : 200; });
  const CanaryState decided = judge.state();
  feed(judge, 10'000, healthy);
  judge.close();
  EXPECT_EQ(judge.state(), decided);
}

TEST(CanaryJudge, FindsABreakdownAfterALongHealthyTime) {
  CanarySettings settings = with_limit(0.01);
  settings.early_pass = false;
  CanaryJudge judge = judge_of(settings);
  feed(judge, 300'000, [](bool, int i) { return i % 199 == 0 ? 500 : 200; });
  ASSERT_EQ(judge.decision(), CanaryDecision::undecided);
  const std::uint64_t before = judge.state().requests.canary;
  feed(judge, 1'000, [](bool canary, int) { return canary ? 503 : 200; });
  ASSERT_EQ(judge.decision(), CanaryDecision::failed);
  EXPECT_LE(judge.decided_at().canary_requests - before, 25U);
  EXPECT_THAT(judge.verdict().why, HasSubstr(" of the baseline since 1970-01-01T00:0"));
}

TEST(CanaryJudge, FailsByTheLimitAloneWhereTheBaselineIsNearIt) {
  CanaryJudge judge = judge_of(with_limit(0.05));
  RandomNumbers random{7};
  feed(judge, 200'000, [&](bool canary, int) { return random.happens(canary ? 0.075 : 0.04) ? 500 : 200; });
  EXPECT_EQ(judge.decision(), CanaryDecision::failed);
}

TEST(CanaryJudge, BlamesNoCanaryForAnOutageOfBoth) {
  CanarySettings settings = with_limit(0.01);
  CanaryJudge judge = judge_of(settings);
  feed(judge, 2'000, healthy);
  feed(judge, 5'000, [](bool, int i) { return i % 3 != 1 ? 503 : 200; });
  const CanaryVerdict verdict = judge.verdict();
  EXPECT_EQ(verdict.decision, CanaryDecision::undecided);
  EXPECT_EQ(verdict.doubt->doubt, Doubt::inconclusive);
  EXPECT_THAT(verdict.why, HasSubstr("the limit of 1 %"));
  EXPECT_THAT(verdict.why, HasSubstr("the baseline may be beyond it too"));
}

TEST(CanaryJudge, FailsALoneCanaryByItsLimit) {
  CanaryJudge judge = judge_of(with_limit(0.01));
  for (int i = 0; i < 600; ++i) judge.add(sample(Track::canary, i, 503, "c" + std::to_string(i)));
  EXPECT_EQ(judge.decision(), CanaryDecision::failed);
}

TEST(CanaryJudge, OneBrokenClientFailsNoCanary) {
  CanaryJudge judge = judge_of(with_limit(0.01));
  for (int i = 0; i < 20'000; ++i) {
    const bool canary = i % 10 == 3;
    const std::string client = canary && i % 20 == 3 ? "broken" : "c" + std::to_string(i);
    judge.add(sample(canary ? Track::canary : Track::baseline, i, client == "broken" ? 500 : 200, client));
  }
  judge.close();
  EXPECT_EQ(judge.decision(), CanaryDecision::undecided) << judge.verdict().why;
}

TEST(CanaryJudge, SaysWhatKeepsItFromFailing) {
  CanarySettings settings;
  settings.min_failing_clients = 50;
  CanaryJudge judge = judge_of(settings);
  feed(judge, 320, [](bool canary, int) { return canary ? 503 : 200; });
  EXPECT_THAT(judge.verdict().tests[0].message, HasSubstr("but only 32 clients failed on the canary"));
}

TEST(CanaryJudge, PassesEarlyWhatIsProvenHarmless) {
  CanaryJudge judge = judge_of(with_limit(0.05));
  feed(judge, 200'000, healthy);
  EXPECT_EQ(judge.decision(), CanaryDecision::passed);
  EXPECT_LT(judge.decided_at().canary_requests, 2'000U);
  EXPECT_THAT(judge.verdict().why, HasSubstr("error rate 0 % within the limit of 5 %"));
}

CanarySettings to_the_end(CanarySettings settings = {}) {
  settings.early_pass = false;
  return settings;
}

// Without an early pass there is no last word for a canary: what follows can take a pass back.
TEST(CanaryJudge, PassesForNowAndGoesOn) {
  CanaryJudge judge = judge_of(to_the_end(with_limit(0.05)));
  feed(judge, 20'000, healthy);
  EXPECT_EQ(judge.decision(), CanaryDecision::undecided);
  const CanaryVerdict passed = judge.verdict();
  EXPECT_EQ(passed.decision, CanaryDecision::passed);
  EXPECT_EQ(passed.decided->canary_requests, 2'000U);
  feed(judge, 20'000, [](bool canary, int) { return canary ? 503 : 200; });
  EXPECT_EQ(judge.verdict().decision, CanaryDecision::failed);
  feed(judge, 20'000, healthy);
  EXPECT_EQ(judge.verdict().decision, CanaryDecision::failed) << "what failed stays so";
}

TEST(CanaryJudge, LateTroublePassesNothing) {
  for (const bool limited : {false, true}) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      CanaryJudge judge = judge_of(to_the_end(limited ? with_limit(0.05) : CanarySettings{}));
      RandomNumbers random{seed};
      feed(judge, 70'000, [&](bool, int) { return random.happens(0.01) ? 500 : 200; });
      feed(judge, 30'000, [&](bool canary, int) { return random.happens(canary ? 0.05 : 0.01) ? 500 : 200; });
      EXPECT_NE(judge.verdict().decision, CanaryDecision::passed) << judge.verdict().why;
    }
  }
}

// Clients that failed once count no more as evidence; their requests still count against a pass.
TEST(CanaryJudge, PassesNoCanaryThatAlwaysFailsThoseWhoFailedBefore) {
  for (const bool limited : {false, true}) {
    CanaryJudge judge = judge_of(to_the_end(limited ? with_limit(0.5) : CanarySettings{}));
    for (int i = 0; i < 60'000; ++i) {
      const bool canary = i % 2 == 1;
      const bool busy = i % 10 < 3;
      const bool bad = busy && (i < 1'000 ? !canary : canary);
      judge.add(sample(canary ? Track::canary : Track::baseline, i, bad ? 500 : 200,
                       busy ? "busy" + std::to_string(i / 10 % 40) : "c" + std::to_string(i)));
    }
    const CanaryVerdict verdict = judge.verdict();
    EXPECT_EQ(verdict.decision, CanaryDecision::undecided);
    EXPECT_THAT(verdict.why,
                HasSubstr("error rate 19.7 % against 0.667 % of the baseline, though few clients"));
  }
}

TEST(CanaryJudge, PassesNothingWhereItsShareIsNotTheDeclaredOne) {
  CanarySettings settings = to_the_end(with_limit(0.05));
  settings.share = 0.5;
  CanaryJudge judge = judge_of(settings);
  feed(judge, 20'000, healthy);
  EXPECT_EQ(judge.verdict().decision, CanaryDecision::undecided);
  EXPECT_EQ(judge.verdict().why, "the canary has 10 % of the requests, not 50 %");
  settings.share = 0.1;
  judge = judge_of(settings);
  feed(judge, 20'000, healthy);
  EXPECT_EQ(judge.verdict().decision, CanaryDecision::passed);
}

TEST(CanaryJudge, NeverPassesForWantOfNumbers) {
  struct Row {
    const char* name;
    std::function<void(CanaryJudge&)> feed;
    Doubt doubt;
    const char* says;
  };
  const auto send = [](CanaryJudge& judge, Track track, int count, std::int64_t from) {
    for (int i = 0; i < count; ++i) judge.add(sample(track, from + i, 200));
  };
  const Row rows[] = {
      {"nothing", [](CanaryJudge&) {}, Doubt::no_data, "there are no canary requests"},
      {"samples of no track", [&](CanaryJudge& j) { send(j, Track::none, 500, 0); }, Doubt::no_data,
       "there are no canary requests"},
      {"no canary", [&](CanaryJudge& j) { send(j, Track::baseline, 500, 0); }, Doubt::no_data,
       "there are no canary requests"},
      {"no baseline", [&](CanaryJudge& j) { send(j, Track::canary, 50'000, 0); }, Doubt::no_data,
       "there are no baseline requests"},
      {"few requests",
       [&](CanaryJudge& j) { send(j, Track::baseline, 500, 0), send(j, Track::canary, 20, 400); },
       Doubt::low_traffic, "20 canary requests, fewer than 100"},
      {"one after the other",
       [&](CanaryJudge& j) { send(j, Track::baseline, 640, 0), send(j, Track::canary, 640, 20'000); },
       Doubt::inconclusive, "baseline and canary have no requests at the same time"},
      {"too few to settle it", [&](CanaryJudge& j) { feed(j, 3'000, healthy); }, Doubt::inconclusive,
       "not decided after 300 canary requests: errors.worse (e = 1 of 100)"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    CanaryJudge judge = judge_of({});
    row.feed(judge);
    judge.close();
    const CanaryVerdict verdict = judge.verdict();
    EXPECT_EQ(verdict.decision, CanaryDecision::undecided);
    ASSERT_TRUE(verdict.doubt);
    EXPECT_EQ(verdict.doubt->doubt, row.doubt);
    EXPECT_THAT(verdict.why, HasSubstr(row.says));
  }
}

TEST(CanaryJudge, BlocksEndByCountOrByTime) {
  CanaryJudge judge = judge_of({});
  for (int i = 0; i < 31; ++i) judge.add(sample(Track::baseline, i, 200));
  EXPECT_EQ(judge.state().blocks, 0U);
  judge.add(sample(Track::canary, 31, 200));
  EXPECT_EQ(judge.state().blocks, 1U);
  judge.add(sample(Track::baseline, 40, 200));
  judge.add(sample(Track::baseline, 10'039, 200));
  EXPECT_EQ(judge.state().block.size(), 2U);
  judge.add(sample(Track::baseline, 10'040, 200));
  EXPECT_EQ(judge.state().blocks, 2U);
  EXPECT_EQ(judge.state().block.size(), 1U);
  judge.advance(Timestamp{milliseconds{20'039}});
  EXPECT_EQ(judge.state().blocks, 2U);
  judge.advance(Timestamp{milliseconds{20'040}});
  EXPECT_EQ(judge.state().blocks, 3U);
}

TEST(CanaryJudge, RefusesSettingsThatMakeNoSense) {
  struct Row {
    const char* says;
    std::function<void(CanarySettings&)> spoil;
  };
  const Row rows[] = {
      {"alpha: 0 is not from 1e-12 to 0.5", [](CanarySettings& s) { s.alpha = 0; }},
      {"alpha: 1e-13 is not from", [](CanarySettings& s) { s.alpha = 1e-13; }},
      {"alpha: nan is not", [](CanarySettings& s) { s.alpha = std::nan(""); }},
      {"share: 1 is not between 0 and 1", [](CanarySettings& s) { s.share = 1; }},
      {"design_effect: 0.5 is not from 1 to 1000", [](CanarySettings& s) { s.design_effect = 0.5; }},
      {"errors.max_bad_share: 1.5", [](CanarySettings& s) { s.events[0].max_bad_share = 1.5; }},
      {"latency.tolerance: 0.001",
       [](CanarySettings& s) {
         s.latency = CanaryLatency{0.001, 0.05, 1};
       }},
      {"events: two are named \"errors\"", [](CanarySettings& s) { s.events.push_back({}); }},
      {"events: there is nothing to compare", [](CanarySettings& s) { s.events.clear(); }},
  };
  for (const Row& row : rows) {
    CanarySettings settings;
    row.spoil(settings);
    const auto judge = CanaryJudge::make(settings);
    ASSERT_FALSE(judge) << row.says;
    EXPECT_THAT(judge.error().message, HasSubstr(row.says));
  }
}

TEST(CanaryJudge, SpendsItsAlphaOnceOverAllTests) {
  CanarySettings settings = with_limit(0.01);
  settings.events.push_back({"slow", {RequestSli::Kind::latency, Decimal::of(std::int64_t{300})}, {}, {}, 2});
  settings.latency = CanaryLatency{};
  double sum = 0;
  for (const CanaryTest& test : judge_of(settings).verdict().tests) sum += test.alpha;
  EXPECT_NEAR(sum, settings.alpha, 1e-15);
}

// Log-normal latencies around 100 ms on the baseline.
CanaryVerdict with_latencies(double canary_median_ms, double seconds, std::uint64_t seed = 3) {
  SimulatedTraffic traffic;
  traffic.latency = SimulatedTraffic::Latency{{100, canary_median_ms}, 0.5};
  traffic.steps[0].canary_share = 0.1;
  traffic.requests_per_second = 1000;
  traffic.duration = milliseconds{static_cast<std::int64_t>(seconds * 1000)};
  CanarySettings settings;
  settings.events.clear();
  settings.latency = CanaryLatency{};
  CanaryJudge judge = judge_of(settings);
  return judge_simulated(traffic, seed, judge);
}

TEST(CanaryJudge, ComparesLatenciesWithoutAThreshold) {
  const CanaryVerdict slower = with_latencies(200, 60);
  EXPECT_EQ(slower.decision, CanaryDecision::failed);
  EXPECT_LT(slower.decided->canary_requests, 200U);
  EXPECT_THAT(slower.why, HasSubstr("latency"));
  EXPECT_EQ(with_latencies(100, 20).decision, CanaryDecision::undecided);
  EXPECT_EQ(with_latencies(105, 600).decision, CanaryDecision::passed) << "within the tolerance";
}

// As add() of each request, to the last bit.
TEST(CanaryJudge, JudgesQuietBlocksAsTheirRequests) {
  CanarySettings settings = with_limit(0.01);
  settings.early_pass = false;
  for (const bool known : {true, false}) {
    CanaryJudge by_request = judge_of(settings);
    CanaryJudge by_block = judge_of(settings);
    int client = 0;
    for (int block = 0; block < 300; ++block) {
      const unsigned canary = static_cast<unsigned>(block) % 5;
      for (unsigned i = 0; i < 32; ++i) {
        const std::string name = known ? std::to_string(++client) : "";
        by_request.add(sample(i < canary ? Track::canary : Track::baseline, block * 10, 200, name));
      }
      by_block.add_quiet({32 - canary, canary}, Timestamp{milliseconds{block * 10}}, known);
    }
    CanaryState without_samples = by_request.state();
    without_samples.checksum = {};
    EXPECT_EQ(without_samples, by_block.state());
  }
}

}  // namespace
}  // namespace gate::slo
