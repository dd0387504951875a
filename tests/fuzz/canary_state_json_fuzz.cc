#include <string>
#include <string_view>

#include "gate/base/json_text.h"
#include "gate/load/canary_state_json.h"
#include "gate/slo/random_numbers.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {
namespace {

using slo::CanaryJudge;

// The lowest bits of a byte choose what is tested.
slo::CanarySettings settings_of(char choice) {
  const auto bits = static_cast<unsigned char>(choice);
  slo::CanarySettings settings;
  if ((bits & 1U) != 0) settings.events[0].max_bad_share = 0.05;
  if ((bits & 2U) != 0) settings.latency = slo::CanaryLatency{};
  if ((bits & 4U) != 0) settings.share = 0.25;
  settings.early_pass = (bits & 8U) == 0;
  return settings;
}

std::string saved(const CanaryJudge& judge) {
  return to_compact_json(slo::saved_value(judge.settings(), judge.state()));
}

void check_way_back(const CanaryJudge& judge) {
  const auto again = load::resume_canary(saved(judge), judge.settings());
  require(static_cast<bool>(again), "what is saved is accepted");
  require(again->state() == judge.state(), "what is saved is what was there");
  require(again->verdict() == judge.verdict(), "and says the same");
}

void check_decision(const CanaryJudge& judge) {
  const slo::CanaryVerdict verdict = judge.verdict();
  if (verdict.decision != slo::CanaryDecision::passed) return;
  require(judge.settings().early_pass || judge.decision() == slo::CanaryDecision::undecided,
          "nothing passes early that must not");
  require(verdict.requests.canary >= judge.settings().min_canary_requests, "nothing passes by few requests");
}

void add_samples(CanaryJudge& judge, std::uint64_t seed) {
  slo::RandomNumbers random{seed};
  const Timestamp start = judge.state().newest;
  for (int i = 0; i < 300; ++i) {
    const bool canary = random.happens(0.3);
    const std::string client = random.happens(0.5) ? "c" + std::to_string(random.bits() % 40) : "";
    judge.add({start + std::chrono::milliseconds{i * 41}, 1 + static_cast<double>(random.bits() % 900),
               random.happens(0.1) ? 500 : 200, canary ? slo::Track::canary : slo::Track::baseline, client});
  }
}

}  // namespace

void fuzz_canary_state_json(std::string_view input) {
  if (input.empty()) return;
  const slo::CanarySettings settings = settings_of(input.front());
  auto judge = load::resume_canary(input.substr(1), settings);
  if (!judge) {
    require(!judge.error().message.empty(), "a refusal says why");
    return;
  }
  check_way_back(*judge);
  check_decision(*judge);
  add_samples(*judge, input.size());
  check_way_back(*judge);
  judge->close();
  check_way_back(*judge);
  check_decision(*judge);
}

}  // namespace gate::fuzz
