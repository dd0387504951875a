#include "server/slo/latency_counts.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "gate/base/text.h"

namespace server::slo {
namespace {

using gate::Decimal;
using gate::slo::RequestSli;

constexpr int kUsualBounds[] = {10, 25, 50, 100, 250, 500, 1'000, 2'500, 5'000, 10'000};

// The same counts for fewer bounds. REQUIRES: `latency` has all of them.
LatencyCounts with_bounds(const LatencyCounts& latency, const std::vector<Decimal>& bounds) {
  LatencyCounts fewer{bounds, std::vector<std::uint64_t>(bounds.size() + 1)};
  std::size_t bucket = 0;
  for (std::size_t i = 0; i < latency.counts.size(); ++i) {
    while (bucket < bounds.size() && (i == latency.bounds.size() || latency.bounds[i] > bounds[bucket]))
      ++bucket;
    fewer.counts[bucket] += latency.counts[i];
  }
  return fewer;
}

gate::Error malformed() {
  return gate::Error{gate::ErrorCode::malformed, "latency counts: not as they are written"};
}

}  // namespace

CountRange slower_than(const LatencyCounts& latency, const Decimal& threshold_ms) {
  CountRange slower;
  for (std::size_t i = 0; i < latency.counts.size(); ++i) {
    const bool may_be = i == latency.bounds.size() || latency.bounds[i] > threshold_ms;
    const bool is = i > 0 && latency.bounds[i - 1] >= threshold_ms;
    if (may_be) slower.most += latency.counts[i];
    if (is) slower.least += latency.counts[i];
  }
  return slower;
}

void merge(LatencyCounts& latency, const LatencyCounts& other) {
  if (latency.bounds != other.bounds) {
    std::vector<Decimal> both;
    std::set_intersection(latency.bounds.begin(), latency.bounds.end(), other.bounds.begin(),
                          other.bounds.end(), std::back_inserter(both));
    latency = with_bounds(latency, both);
    return merge(latency, with_bounds(other, both));
  }
  for (std::size_t i = 0; i < latency.counts.size(); ++i) latency.counts[i] += other.counts[i];
}

std::string to_text(const LatencyCounts& latency) {
  std::string text;
  for (std::size_t i = 0; i < latency.bounds.size(); ++i)
    text += fmt::format("{}={} ", latency.bounds[i].to_string(), latency.counts[i]);
  return text + fmt::format("+={}", latency.counts.back());
}

gate::Result<LatencyCounts> parse_latency_counts(std::string_view text) {
  LatencyCounts latency;
  for (const std::string_view part : gate::split(text, ' ')) {
    const std::size_t sign = part.find('=');
    if (sign == std::string_view::npos || latency.counts.size() > latency.bounds.size()) return malformed();
    const std::string_view digits = part.substr(sign + 1);
    std::uint64_t count = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
    if (error != std::errc{} || end != digits.data() + digits.size()) return malformed();
    latency.counts.push_back(count);
    if (part.substr(0, sign) == "+") continue;
    auto bound = Decimal::parse(part.substr(0, sign));
    if (!bound || (!latency.bounds.empty() && *bound <= latency.bounds.back())) return malformed();
    latency.bounds.push_back(std::move(*bound));
  }
  if (latency.counts.size() != latency.bounds.size() + 1) return malformed();
  return latency;
}

LatencyBuckets::LatencyBuckets(std::vector<Decimal> thresholds_ms) : bounds_(std::move(thresholds_ms)) {
  for (const int usual : kUsualBounds) {
    if (bounds_.size() < kMostBounds) bounds_.push_back(Decimal::of(std::int64_t{usual}));
  }
  std::sort(bounds_.begin(), bounds_.end());
  bounds_.erase(std::unique(bounds_.begin(), bounds_.end()), bounds_.end());
  for (const Decimal& bound : bounds_) above_.emplace_back(RequestSli{RequestSli::Kind::latency, bound});
}

LatencyCounts LatencyBuckets::none() const {
  return {bounds_, std::vector<std::uint64_t>(bounds_.size() + 1)};
}

void LatencyBuckets::count(const gate::slo::Sample& sample, LatencyCounts& latency) const {
  const auto bucket =
      std::partition_point(above_.begin(), above_.end(), [&](const auto& above) { return above(sample); });
  ++latency.counts[static_cast<std::size_t>(bucket - above_.begin())];
}

}  // namespace server::slo
