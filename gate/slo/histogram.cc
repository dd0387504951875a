#include "gate/slo/histogram.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace gate::slo {
namespace {

// What adding up the series of many targets may lose.
constexpr double kRounding = 1e-6;

bool is_at(double bound, double threshold) {
  return bound == threshold || std::abs(bound - threshold) <= 1e-9 * std::abs(threshold);
}

// Clients write one bound in several ways, 1 and 1.0: the series count different requests.
void join_same_bounds(std::vector<Bucket>& buckets) {
  std::vector<Bucket> joined;
  for (const Bucket& bucket : buckets) {
    if (!joined.empty() && joined.back().bound == bucket.bound)
      joined.back().count += bucket.count;
    else
      joined.push_back(bucket);
  }
  buckets = std::move(joined);
}

// Why the buckets, which are in order, are no histogram; empty where they are one.
std::string fault_of(const std::vector<Bucket>& buckets) {
  if (!std::isinf(buckets.back().bound)) return "the histogram has no +Inf bucket";
  double before = 0;
  for (const Bucket& bucket : buckets) {
    if (!std::isfinite(bucket.count))
      return fmt::format("the count of bucket {} is {}", bucket.bound, bucket.count);
    if (bucket.count < before - kRounding * (1 + before))
      return fmt::format("bucket {} counts fewer than the one below it: {} after {}", bucket.bound,
                         bucket.count, before);
    before = std::max(before, bucket.count);
  }
  return {};
}

}  // namespace

std::variant<Events, Missing> events_above(std::vector<Bucket> buckets, double threshold) {
  if (buckets.empty()) return Missing{Doubt::no_data, "the histogram returned no series"};
  if (std::any_of(buckets.begin(), buckets.end(), [](const Bucket& b) { return std::isnan(b.bound); }))
    return Missing{Doubt::inconclusive, "the histogram has a bucket whose bound is NaN"};
  std::sort(buckets.begin(), buckets.end(),
            [](const Bucket& a, const Bucket& b) { return a.bound < b.bound; });
  join_same_bounds(buckets);
  if (std::all_of(buckets.begin(), buckets.end(), [](const Bucket& b) { return std::isnan(b.count); }))
    return Missing{Doubt::no_data, "the histogram is NaN"};
  if (const std::string fault = fault_of(buckets); !fault.empty()) return Missing{Doubt::inconclusive, fault};
  const double total = buckets.back().count;
  if (total <= 0) return Missing{Doubt::no_data, "the histogram counted 0 events"};
  double within_least = 0;
  double within_most = total;
  for (const Bucket& bucket : buckets) {
    const double count = std::min(bucket.count, total);
    const bool exact = is_at(bucket.bound, threshold);
    if (exact || bucket.bound < threshold) within_least = std::max(within_least, count);
    if (exact || bucket.bound > threshold) within_most = std::min(within_most, count);
  }
  within_most = std::max(within_most, within_least);
  return Events{total, total - within_most, total - within_least};
}

}  // namespace gate::slo
