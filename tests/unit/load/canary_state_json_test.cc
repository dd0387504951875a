#include "gate/load/canary_state_json.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "gate/slo/random_numbers.h"

namespace gate::load {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

slo::CanarySettings all_tests() {
  slo::CanarySettings settings;
  settings.events[0].max_bad_share = 0.05;
  settings.events.push_back(
      {"slow", {slo::RequestSli::Kind::latency, Decimal::of(std::int64_t{300})}, {}, {}, 1});
  settings.latency = slo::CanaryLatency{};
  settings.early_pass = false;
  return settings;
}

struct Made {
  slo::Sample sample;
  std::string client;
};

std::vector<Made> make_samples(std::uint64_t seed, int count) {
  slo::RandomNumbers random{seed};
  std::vector<Made> made;
  for (int i = 0; i < count; ++i) {
    const bool canary = random.happens(0.3);
    const int status = random.happens(canary ? 0.03 : 0.02) ? 500 : 200;
    const std::string client = random.happens(0.9) ? "c" + std::to_string(random.bits() % 300) : "";
    made.push_back({{Timestamp{milliseconds{i * 37}}, 40 * std::exp(random.normal()), status,
                     canary ? slo::Track::canary : slo::Track::baseline, ""},
                    client});
  }
  return made;
}

void feed(slo::CanaryJudge& judge, const std::vector<Made>& samples, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    slo::Sample sample = samples[i].sample;
    sample.client = samples[i].client;
    judge.add(sample);
  }
}

std::string saved(const slo::CanaryJudge& judge) {
  return to_json(saved_value(judge.settings(), judge.state()));
}

TEST(ResumeCanary, GoesOnBitForBitFromAnyPoint) {
  const slo::CanarySettings settings = all_tests();
  slo::RandomNumbers random{11};
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const auto samples = make_samples(seed, 3'000);
    auto whole = slo::CanaryJudge::make(settings);
    auto parts = slo::CanaryJudge::make(settings);
    feed(*whole, samples, 0, samples.size());
    for (std::size_t from = 0; from < samples.size();) {
      const std::size_t to = std::min(samples.size(), from + 1 + random.bits() % 700);
      feed(*parts, samples, from, to);
      from = to;
      auto resumed = resume_canary(saved(*parts), settings);
      ASSERT_TRUE(resumed) << resumed.error().message;
      ASSERT_EQ(resumed->state(), parts->state());
      parts = std::move(resumed);
    }
    EXPECT_EQ(parts->state(), whole->state());
    EXPECT_EQ(parts->verdict(), whole->verdict());
  }
}

TEST(ResumeCanary, KeepsADecision) {
  slo::CanarySettings settings;
  settings.share = 0.25;
  auto judge = slo::CanaryJudge::make(settings);
  for (int i = 0; i < 320; ++i) {
    const auto track = i % 4 == 0 ? slo::Track::canary : slo::Track::baseline;
    judge->add({Timestamp{milliseconds{i}}, 1, track == slo::Track::canary ? 500 : 200, track, ""});
  }
  ASSERT_EQ(judge->decision(), slo::CanaryDecision::failed);
  const auto resumed = resume_canary(saved(*judge), settings);
  ASSERT_TRUE(resumed);
  EXPECT_EQ(resumed->verdict(), judge->verdict());
}

TEST(ResumeCanary, RefusesWhatIsCutOffAnywhere) {
  auto judge = slo::CanaryJudge::make(all_tests());
  feed(*judge, make_samples(1, 500), 0, 500);
  const std::string text = saved(*judge);
  for (std::size_t length = 0; length < text.size(); length += 97) {
    const auto resumed = resume_canary(text.substr(0, length), all_tests());
    ASSERT_FALSE(resumed) << length;
    EXPECT_EQ(resumed.error().code, ErrorCode::malformed);
  }
}

TEST(ResumeCanary, NamesTheSettingThatDiffers) {
  auto judge = slo::CanaryJudge::make(all_tests());
  slo::CanarySettings other = all_tests();
  other.alpha = 0.05;
  EXPECT_EQ(resume_canary(saved(*judge), other).error().message,
            "/settings/alpha: is 0.01 in the state, 0.05 is asked for");
  other = all_tests();
  other.latency.reset();
  EXPECT_THAT(resume_canary(saved(*judge), other).error().message, HasSubstr("/settings/latency: "));
  other = all_tests();
  other.events[0].max_bad_share = 0.02;
  EXPECT_THAT(resume_canary(saved(*judge), other).error().message, HasSubstr("/settings/events: "));
}

TEST(ResumeCanary, RefusesWhatIsDamaged) {
  auto judge = slo::CanaryJudge::make(all_tests());
  feed(*judge, make_samples(1, 500), 0, 500);
  const std::string text = to_compact_json(saved_value(judge->settings(), judge->state()));
  struct Row {
    const char* name;
    std::string from;
    std::string to;
    const char* says;
  };
  const Row rows[] = {
      {"another document", text, R"({"verdict":"passed"})", "/release_gate_canary_state: is missing"},
      {"another version", R"("release_gate_canary_state":2)", R"("release_gate_canary_state":1)",
       "/release_gate_canary_state: is version 1, 2 is wanted"},
      {"a missing member", R"("blocks_with_both")", R"("blocks_with_bath")",
       "/state/blocks_with_both: is missing"},
      {"no alternatives", R"("worse":{"evidence":[)", R"("worse":{"evidence":[0,)",
       "/state: events/0/worse: has 9 elements, not 8"},
      {"negative evidence", R"("worse":{"evidence":[)", R"("worse":{"evidence":[-)",
       "holds what is not evidence"},
      {"a client that is no hash", R"("client":")", R"("client":"x)", "/client: 16 hex digits are wanted"},
      {"a pass that nothing earned", R"("decision":"undecided")", R"("decision":"passed")",
       "/state: decision: is not what the evidence says"},
      {"a failure that nothing earned", R"("decision":"undecided")", R"("decision":"failed")",
       "/state: decision: is not what the evidence says"},
      {"requests that nobody counted", R"("requests":{"baseline":)", R"("requests":{"baseline":1)",
       "/state: requests: do not add up"},
      {"more blocks of both than blocks", R"("blocks_with_both":)", R"("blocks_with_both":9)",
       "/state: blocks: are fewer than some of them"},
      {"a checksum that is none", R"("checksum":{"baseline":")", R"("checksum":{"baseline":"x)",
       "/state/checksum/baseline: 16 hex digits are wanted"},
      {"an unknown decision", R"("decision":"undecided")", R"("decision":"maybe")", "/state/decision: "},
      {"a time that is none", R"("newest":"1970)", R"("newest":"19x0)", "/state/newest: "},
      {"a bucket beyond the histogram", R"("thresholds":[)", R"("thresholds":[99999,)",
       "/state/latency/thresholds: is no bucket"},
      {"no latency", R"("thresholds_from")", R"("thresholds_form")",
       "/state/latency/thresholds_from: is missing"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const std::string damaged = replace_all(text, row.from, row.to);
    ASSERT_NE(damaged, text);
    const auto resumed = resume_canary(damaged, all_tests());
    ASSERT_FALSE(resumed);
    EXPECT_EQ(resumed.error().code, ErrorCode::malformed);
    EXPECT_THAT(resumed.error().message, HasSubstr(row.says));
  }
}

}  // namespace
}  // namespace gate::load
