#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "gate/slo/canary_block.h"
#include "gate/slo/canary_settings.h"
#include "gate/slo/canary_state.h"
#include "gate/slo/canary_verdict.h"
#include "gate/slo/error_blocks.h"

namespace gate::slo {

// The sequential tests of one kind of bad requests. Each is an e-process (gate/slo/e_process.h):
// - worse, against "the canary is no worse": block by block, given how many requests each arm had and how
// many
//   were bad. Neither a changing share of the canary nor an outage of both can move it.
// - limit, against "the canary's share is at most its limit": fails the canary where the baseline did not
//   breach along.
// - not worse, against "the odds ratio is the allowed one or more, and the share is not negligible"; not
// where
//   worse has half the evidence (its root) that it needs: trouble may have come late.
// - within, against "the share is at the limit or above".
// Where up to k bad requests have one cause and one arm, each likelihood ratio counts with its k-th root, k
// being the design effect: for a group within one block E[L^(1/k)] <= E[L]^(1/k) = 1 (Jensen).
struct EventsTest {
  CanaryEvents events;
  double alpha = 0;    // of each test
  double log_bar = 0;  // ln(1 / alpha)
  std::optional<double> design_effect;
  double allowed_ratio = 2;
  std::size_t min_failing_clients = 3;
  std::vector<double> breach_shares;  // alternatives beyond the limit
  std::vector<ShareEvidence> breach_evidence;
};

EventsTest events_test(const CanaryEvents& events, const CanarySettings& settings);
EventsState start_state(const EventsTest& test);

// Where a block stands among the others.
struct BlockPlace {
  std::uint64_t blocks_before = 0;
  Timestamp start{};
  std::optional<double> share;  // of the canary, as it was set
};

// Takes one block in.
void update(const EventsTest& test, EventsState& state, const EventBlock& block, const BlockPlace& place);

double design_effect_of(const EventsTest& test, bool clients_known);

// What the state says. A breach fails the canary where the baseline kept the limit over the same time.
bool is_worse(const EventsTest& test, const EventsState& state);
bool reaches_limit(const EventsTest& test, const EventsState& state);
bool baseline_kept_limit(const EventsTest& test, const EventsState& state);
bool is_not_worse(const EventsTest& test, const EventsState& state);
bool is_within_limit(const EventsTest& test, const EventsState& state);

// Proven not worse; or, with a limit, proven within it while nothing hints that it is worse than the
// baseline: to prove a ratio of two small shares takes a hundred times the requests.
bool is_proven_safe(const EventsTest& test, const EventsState& state);

// Whether all of the requests, those of clients that failed before too, say what the evidence says: the
// canary's share of bad ones is at most the allowed ratio times the baseline's, or negligible.
bool shares_agree(const EventsTest& test, const EventsState& state);

// Natural logarithms of the evidence for the safe side.
double log_not_worse(const EventsTest& test, const EventsState& state);
double log_within_limit(const EventsTest& test, const EventsState& state);

// Totals since the start of the stretch.
PerArm<ArmTotals> totals_since(const Stretch& stretch, const PerArm<ArmTotals>& totals);

}  // namespace gate::slo
