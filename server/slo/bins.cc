#include "server/slo/bins.h"

#include <algorithm>

#include "gate/slo/request_counts.h"

namespace server::slo {
namespace {

using gate::Timestamp;
using gate::slo::BadRequest;
using gate::slo::RequestSli;
using gate::slo::Sample;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// The rules of the two indicators that need no threshold.
struct Counting {
  const LatencyBuckets& buckets;
  BadRequest is_error{RequestSli{RequestSli::Kind::errors, {}}};
  BadRequest is_unserved{RequestSli{RequestSli::Kind::availability, {}}};

  void count(const Sample& sample, BinCounts& counts) const {
    if (counts.total == 0) counts.latency = buckets.none();
    ++counts.total;
    counts.errors += is_error(sample) ? 1U : 0U;
    counts.unserved += is_unserved(sample) ? 1U : 0U;
    counts.newest = std::max(counts.newest, sample.at);
    if (sample.status == 0) {
      ++counts.unanswered;
    } else {
      buckets.count(sample, counts.latency);
    }
  }
};

}  // namespace

Tiers tiers_for(seconds longest_window) {
  // Kept longer than the reach: a window may start within a bin, and clocks differ by minutes.
  return {Tier{seconds{10}, hours{2}, hours{2} + minutes{15}}, Tier{minutes{1}, hours{48}, hours{49}},
          Tier{minutes{10}, longest_window, longest_window + hours{24}}};
}

const Tier& tier_of(const Tiers& tiers, seconds window) {
  const auto found = std::find_if(tiers.begin(), tiers.end() - 1,
                                  [window](const Tier& tier) { return window <= tier.reach; });
  return *found;
}

Timestamp bin_start(Timestamp moment, seconds width) {
  return Timestamp{std::chrono::floor<seconds>(moment.time_since_epoch()) / width * width};
}

Bins count_bins(std::span<const Sample> samples, const LatencyBuckets& buckets, const Tiers& tiers,
                Timestamp now) {
  const Counting counting{buckets};
  Bins bins;
  for (const Tier& tier : tiers) {
    for (const Sample& sample : samples) {
      const Timestamp start = bin_start(sample.at, tier.width);
      if (start < now - tier.kept) continue;
      counting.count(sample, bins[{tier.width, start, sample.track}]);
    }
  }
  return bins;
}

void merge(BinCounts& counts, const BinCounts& other) {
  counts.total += other.total;
  counts.errors += other.errors;
  counts.unserved += other.unserved;
  counts.unanswered += other.unanswered;
  counts.newest = std::max(counts.newest, other.newest);
  merge(counts.latency, other.latency);
}

CountRange bad_of(const BinCounts& counts, const RequestSli& sli) {
  if (sli.kind == RequestSli::Kind::errors) return {counts.errors, counts.errors};
  if (sli.kind == RequestSli::Kind::availability) return {counts.unserved, counts.unserved};
  CountRange slow = slower_than(counts.latency, sli.threshold_ms);
  slow.least += counts.unanswered;
  slow.most += counts.unanswered;
  return slow;
}

}  // namespace server::slo
