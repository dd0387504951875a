#include "gate/load/exposition_increase.h"

#include <cmath>
#include <tuple>

#include <fmt/format.h>

namespace gate::load {
namespace {

auto series_of(const ExposedSample& sample) {
  return std::tie(sample.metric, sample.labels);
}

Result<std::vector<const ExposedSample*>> selected(const Exposition& page, const SeriesFilter& filter) {
  std::vector<const ExposedSample*> samples;
  for (const ExposedSample& sample : page.samples) {
    const auto matches = filter.matches(sample.metric, sample.labels);
    if (!matches) return matches.error();
    if (!*matches) continue;
    const auto type = page.types.find(sample.metric);
    if (type != page.types.end() && type->second == "gauge")
      return Error{ErrorCode::malformed, fmt::format("{} is a gauge, not a counter", sample.metric)};
    if (!std::isfinite(sample.value) || sample.value < 0)
      return Error{ErrorCode::malformed, fmt::format("line {}: {} is {}, which no counter can be",
                                                     sample.line, sample.metric, sample.value)};
    samples.push_back(&sample);
  }
  return samples;
}

}  // namespace

Result<PageIncrease> increase_between(const Exposition& before, const Exposition& after,
                                      const SeriesFilter& filter) {
  const auto old_samples = selected(before, filter);
  if (!old_samples) return old_samples.error();
  const auto new_samples = selected(after, filter);
  if (!new_samples) return new_samples.error();
  PageIncrease increase;
  increase.before = old_samples->size();
  auto old = old_samples->begin();
  for (const ExposedSample* sample : *new_samples) {
    for (; old != old_samples->end() && series_of(**old) < series_of(*sample); ++old) ++increase.vanished;
    double from = 0;
    if (old == old_samples->end() || series_of(*sample) < series_of(**old)) {
      ++increase.appeared;
    } else {
      from = (*old++)->value;
    }
    const bool is_reset = sample->value < from;
    if (is_reset) ++increase.reset;
    increase.series.push_back({sample->labels, is_reset ? sample->value : sample->value - from});
  }
  increase.vanished += static_cast<std::size_t>(old_samples->end() - old);
  return increase;
}

}  // namespace gate::load
