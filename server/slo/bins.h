#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <span>

#include "gate/base/time.h"
#include "gate/slo/objective.h"
#include "gate/slo/sample.h"
#include "server/slo/latency_counts.h"

namespace server::slo {

// One resolution in which posted requests are counted. A request is counted in every tier that still keeps
// its moment.
struct Tier {
  std::chrono::seconds width{0};  // of a bin, which starts at a multiple of it since 1970
  std::chrono::seconds reach{0};  // the longest window that is counted in it
  std::chrono::seconds kept{0};   // bins that started longer ago are forgotten

  bool operator==(const Tier&) const = default;
};

// 10 s for windows of up to 2 h, 1 min up to 2 d, 10 min for all that are longer.
using Tiers = std::array<Tier, 3>;
Tiers tiers_for(std::chrono::seconds longest_window);

// The finest tier that holds the whole of such a window.
const Tier& tier_of(const Tiers& tiers, std::chrono::seconds window);

gate::Timestamp bin_start(gate::Timestamp moment, std::chrono::seconds width);

// One bin of a service.
struct BinKey {
  std::chrono::seconds width{0};
  gate::Timestamp start{};
  gate::slo::Track track = gate::slo::Track::none;

  auto operator<=>(const BinKey&) const = default;
};

struct BinCounts {
  std::uint64_t total = 0;
  std::uint64_t errors = 0;      // as RequestSli::Kind::errors says
  std::uint64_t unserved = 0;    // as availability says
  std::uint64_t unanswered = 0;  // status 0: these have no latency
  gate::Timestamp newest{};      // moment of the newest request
  LatencyCounts latency;

  bool operator==(const BinCounts&) const = default;
};

using Bins = std::map<BinKey, BinCounts>;

// Counts the samples of one service, tier by tier, as of `now`.
Bins count_bins(std::span<const gate::slo::Sample> samples, const LatencyBuckets& buckets, const Tiers& tiers,
                gate::Timestamp now);

void merge(BinCounts& counts, const BinCounts& other);

// How many of a bin's requests are bad.
CountRange bad_of(const BinCounts& counts, const gate::slo::RequestSli& sli);

}  // namespace server::slo
