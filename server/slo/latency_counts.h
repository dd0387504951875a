#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/decimal.h"
#include "gate/base/result.h"
#include "gate/slo/request_counts.h"
#include "gate/slo/sample.h"

namespace server::slo {

// Answered requests by their latency.
struct LatencyCounts {
  std::vector<gate::Decimal> bounds;  // in ms, ascending, each once
  // One more than bounds: of those above the bound before and not above this one; the last above all.
  std::vector<std::uint64_t> counts;

  bool operator==(const LatencyCounts&) const = default;
};

// A number of requests that lies between two.
struct CountRange {
  std::uint64_t least = 0;
  std::uint64_t most = 0;

  bool operator==(const CountRange&) const = default;
};

// How many were slower than that: exact where it is a bound, else between the counts of two of them.
CountRange slower_than(const LatencyCounts& latency, const gate::Decimal& threshold_ms);

// Adds `other`. Where the two have other bounds only those stay that both have: no count is ever guessed.
void merge(LatencyCounts& latency, const LatencyCounts& other);

// "50=12 100=3 +=1": each bound with its count. Error: malformed.
std::string to_text(const LatencyCounts& latency);
gate::Result<LatencyCounts> parse_latency_counts(std::string_view text);

// Which bucket a request falls into. Bounds are compared as latency thresholds are (gate::slo::BadRequest).
class LatencyBuckets {
 public:
  static constexpr std::size_t kMostBounds = 24;

  // Every threshold is a bound, and so are usual ones as far as kMostBounds allows. REQUIRES: no more than
  // kMostBounds thresholds.
  explicit LatencyBuckets(std::vector<gate::Decimal> thresholds_ms);

  [[nodiscard]] LatencyCounts none() const;  // its bounds, and nothing counted
  void count(const gate::slo::Sample& sample, LatencyCounts& latency) const;  // REQUIRES: made by none()

 private:
  std::vector<gate::Decimal> bounds_;
  std::vector<gate::slo::BadRequest> above_;  // of each bound
};

}  // namespace server::slo
