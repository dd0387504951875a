#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "gate/base/result.h"
#include "gate/slo/canary_events.h"
#include "gate/slo/canary_latency.h"
#include "gate/slo/canary_settings.h"
#include "gate/slo/canary_state.h"
#include "gate/slo/canary_verdict.h"
#include "gate/slo/request_counts.h"
#include "gate/slo/sample.h"

namespace gate::slo {

// Says as early as can be whether a canary is worse than the baseline beside it, may be asked at any time,
// and is wrong about a canary that is not worse with a chance of at most alpha over all its life. Requests
// are judged in blocks (canary_settings.h). Memory is constant; the same samples give the same verdict, bit
// for bit. Once it has decided it looks at nothing more. Without an early pass it decides for failures alone:
// a verdict of passed is of what came so far. Used by one thread.
//
// docs/slo-evaluate-canary.md explains each test.
class CanaryJudge {
 public:
  // Error: malformed, for settings that make no sense.
  static Result<CanaryJudge> make(CanarySettings settings);

  // Goes on from where a judge of the same settings was. Error: malformed, for a state that no judge of
  // these settings can have.
  static Result<CanaryJudge> resume(CanarySettings settings, CanaryState state);

  // Samples in the order of their time; those of no track are passed over.
  void add(const Sample& sample);

  // A whole block of good requests of clients that send one each: as add() of each of them, at once. Judges
  // the open block before. At most kBlockRequests. Requires: settings without latency.
  void add_quiet(const PerArm<std::uint32_t>& requests, Timestamp at, bool clients_known);

  // Ends the open block where its time is over: what is live calls this when nothing comes.
  void advance(Timestamp now);

  // Ends the open block: there are no more samples.
  void close();

  // From now on this is the canary's share of the requests, and tests may rely on it.
  void declare_share(std::optional<double> share);

  [[nodiscard]] CanaryDecision decision() const { return state_.decision; }
  [[nodiscard]] const DecidedAt& decided_at() const { return state_.decided; }
  [[nodiscard]] CanaryVerdict verdict() const;
  [[nodiscard]] const CanaryState& state() const { return state_; }
  [[nodiscard]] const CanarySettings& settings() const { return settings_; }

 private:
  explicit CanaryJudge(CanarySettings settings);

  [[nodiscard]] std::uint8_t bad_of(const Sample& sample) const;
  [[nodiscard]] BlockPlace place() const;
  void judge_block();
  void end_block(const PerArm<std::uint32_t>& requests, bool clients_known);
  [[nodiscard]] CanaryDecision evident() const;
  void decide();
  [[nodiscard]] bool is_bad() const;
  [[nodiscard]] bool is_safe() const;
  [[nodiscard]] std::vector<CanaryTest> readings() const;
  [[nodiscard]] std::optional<Missing> standing_doubt() const;
  [[nodiscard]] DecidedAt here() const;
  [[nodiscard]] double largest_design_effect() const;

  CanarySettings settings_;
  std::vector<BadRequest> bad_;  // by kind of events
  std::vector<EventsTest> events_;
  std::optional<LatencyTest> latency_;
  CanaryState state_;
};

}  // namespace gate::slo
