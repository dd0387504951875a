#include "gate/checks/prometheus_events.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/load/metric_number.h"
#include "gate/slo/histogram.h"

namespace gate::checks {
namespace {

using load::PrometheusAnswer;
using slo::Doubt;
using slo::Events;
using slo::Missing;
using std::chrono::seconds;
using Counted = std::variant<Events, Missing>;

// What two sums over the same series may differ by.
constexpr double kRounding = 1e-6;

Counted ratio_events(const slo::RatioSli& sli, Answers answers) {
  const std::string_view name = sli.good.empty() ? "bad" : "good";
  const auto total = one_number(*answers[1], "total");
  if (const auto* missing = std::get_if<Missing>(&total)) return *missing;
  const double all = std::get<double>(total);
  if (all == 0) return Missing{Doubt::no_data, "total is 0: there were no events"};
  if (answers[0]->series.empty() && !sli.absent_is_zero) {
    return Missing{
        Doubt::no_data,
        fmt::format("{} returned no series while total is {:.6g}: say absent_is_zero, or write `or "
                    "vector(0)`, if that means that there were none",
                    name, all)};
  }
  auto part = answers[0]->series.empty() ? std::variant<double, Missing>{0.0} : one_number(*answers[0], name);
  if (const auto* missing = std::get_if<Missing>(&part)) return *missing;
  const double some = std::get<double>(part);
  if (all < 0 || some < 0)
    return Missing{Doubt::inconclusive, fmt::format("{} is {:.6g}, which no count can be",
                                                    all < 0 ? "total" : name, all < 0 ? all : some)};
  if (some > all * (1 + kRounding))
    return Missing{Doubt::inconclusive, fmt::format("{} ({:.6g}) exceeds total ({:.6g})", name, some, all)};
  const double bad = sli.good.empty() ? std::min(some, all) : std::max(0.0, all - some);
  return Events{all, bad, bad};
}

Counted latency_events(const slo::LatencySli& sli, const PrometheusAnswer& answer) {
  const auto threshold = sli.threshold_ms.divided_by(sli.bucket_unit_ms);
  if (!threshold) return Missing{Doubt::inconclusive, "the threshold has no value in the histogram's unit"};
  std::vector<slo::Bucket> buckets;
  for (const load::PrometheusSeries& series : answer.series) {
    const auto le = std::find_if(series.labels.begin(), series.labels.end(),
                                 [](const load::Label& label) { return label.first == "le"; });
    const auto bound = le == series.labels.end() ? std::nullopt : load::read_metric_number(le->second);
    if (!bound)
      return Missing{Doubt::inconclusive,
                     "the histogram has a series without le: its _bucket series are wanted"};
    if (series.labels.size() > 1)
      return Missing{Doubt::inconclusive,
                     "the histogram's series have more labels than le: sum them by (le)"};
    buckets.push_back({*bound, series.points.at(0).value});
  }
  return slo::events_above(std::move(buckets), *threshold);
}

Counted raw_events(const slo::RawRatioSli& sli, const PrometheusAnswer& answer, seconds window,
                   seconds scrape_interval) {
  const auto share = one_number(answer, "the query");
  if (const auto* missing = std::get_if<Missing>(&share)) return *missing;
  const double value = std::get<double>(share);
  if (value < 0 || value > 1 + kRounding)
    return Missing{Doubt::inconclusive,
                   fmt::format("the query returned {:.6g}, which is no share from 0 to 1", value)};
  const auto moments = static_cast<double>(std::max<std::int64_t>(1, window / scrape_interval));
  const double bad = std::clamp(sli.counts_good ? 1 - value : value, 0.0, 1.0) * moments;
  return Events{moments, bad, bad};
}

bool holds(const slo::ThresholdSli& sli, double value) {
  const double limit = sli.limit.nearest_double();
  switch (sli.comparison) {
    case slo::Comparison::less: return value < limit;
    case slo::Comparison::less_or_equal: return value <= limit;
    case slo::Comparison::greater: return value > limit;
    case slo::Comparison::greater_or_equal: return value >= limit;
  }
  return false;
}

Counted threshold_events(const slo::ThresholdSli& sli, const PrometheusAnswer& answer) {
  if (answer.series.empty()) return Missing{Doubt::no_data, "the query returned no series"};
  if (answer.series.size() > 1)
    return Missing{Doubt::inconclusive,
                   fmt::format("the query returned {} series: one is wanted", answer.series.size())};
  Events events;
  double unknown = 0;
  for (const load::PrometheusPoint& point : answer.series[0].points) {
    events.total += 1;
    const bool good = holds(sli, point.value);
    if (std::isnan(point.value) || (std::isinf(point.value) && good)) {
      unknown += 1;  // an infinity is above every limit, and no measurement
    } else if (!good) {
      events.bad_least += 1;
    }
  }
  if (unknown == events.total) return Missing{Doubt::no_data, "the query returned no finite number"};
  events.bad_most = events.bad_least + unknown;
  return events;
}

std::int64_t milliseconds_of(const load::PrometheusPoint& point) {
  return std::llround(point.at * 1000);
}

// Every moment that an answer has a point for, in order.
std::vector<std::int64_t> moments_of(const PrometheusAnswer& answer) {
  std::vector<std::int64_t> moments;
  for (const load::PrometheusSeries& series : answer.series) {
    for (const load::PrometheusPoint& point : series.points) moments.push_back(milliseconds_of(point));
  }
  std::sort(moments.begin(), moments.end());
  moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
  return moments;
}

// Takes a range apart, moment by moment, without a copy of the whole.
class MomentReader {
 public:
  explicit MomentReader(const PrometheusAnswer& answer) : answer_(&answer), next_(answer.series.size()) {}

  // What an instant query would have said then. Moments are asked for in order.
  PrometheusAnswer at(std::int64_t moment) {
    PrometheusAnswer instant;
    for (std::size_t i = 0; i < next_.size(); ++i) {
      const load::PrometheusSeries& series = answer_->series[i];
      std::size_t& next = next_[i];
      while (next < series.points.size() && milliseconds_of(series.points[next]) < moment) ++next;
      if (next < series.points.size() && milliseconds_of(series.points[next]) == moment)
        instant.series.push_back({series.labels, {series.points[next]}});
    }
    return instant;
  }

 private:
  const PrometheusAnswer* answer_;
  std::vector<std::size_t> next_;  // of each series, the first point not yet passed
};

// The newest moment that has a number, or one above zero; -1 where none has.
std::int64_t newest_of(const PrometheusAnswer& answer, bool above_zero) {
  std::int64_t newest = -1;
  for (const load::PrometheusSeries& series : answer.series) {
    for (const load::PrometheusPoint& point : series.points) {
      if (!above_zero || point.value > 0) newest = std::max(newest, milliseconds_of(point));
    }
  }
  return newest;
}

// Whether bad events were counted once and no longer are, while there still is traffic: whoever counted them
// may be gone, and the slices since then are not good.
bool lost_the_bad(const slo::Sli& sli, Answers answers) {
  const auto* ratio = std::get_if<slo::RatioSli>(&sli);
  if (ratio == nullptr || ratio->absent_is_zero || ratio->bad.empty()) return false;
  const std::int64_t newest = newest_of(*answers[0], false);
  return newest >= 0 && newest < newest_of(*answers.back(), true);
}

// Whether events of the one kind are known to be counted, so that a slice without them had none.
slo::Sli with_known_kinds(slo::Sli sli, Answers answers) {
  auto* ratio = std::get_if<slo::RatioSli>(&sli);
  if (ratio != nullptr && !answers[0]->series.empty()) ratio->absent_is_zero = true;
  return sli;
}

}  // namespace

std::variant<double, Missing> one_number(const PrometheusAnswer& answer, std::string_view name) {
  if (answer.series.empty()) {
    return Missing{
        Doubt::no_data,
        fmt::format("{} returned no series: nothing has these labels, or it is no longer scraped", name)};
  }
  if (answer.series.size() > 1)
    return Missing{Doubt::inconclusive,
                   fmt::format("{} returned {} series: sum them", name, answer.series.size())};
  const double value = answer.series[0].points.at(0).value;
  if (std::isnan(value)) return Missing{Doubt::no_data, fmt::format("{} is NaN, as 0 divided by 0 is", name)};
  if (std::isinf(value))
    return Missing{Doubt::inconclusive, fmt::format("{} is {}", name, load::metric_number_text(value))};
  return value;
}

Counted events_of(const slo::Sli& sli, Answers answers, seconds window, seconds scrape_interval) {
  if (const auto* ratio = std::get_if<slo::RatioSli>(&sli)) return ratio_events(*ratio, answers);
  if (const auto* latency = std::get_if<slo::LatencySli>(&sli)) return latency_events(*latency, *answers[0]);
  if (const auto* raw = std::get_if<slo::RawRatioSli>(&sli))
    return raw_events(*raw, *answers[0], window, scrape_interval);
  if (const auto* threshold = std::get_if<slo::ThresholdSli>(&sli))
    return threshold_events(*threshold, *answers[0]);
  return Missing{Doubt::inconclusive, "single requests cannot be had from Prometheus"};
}

std::variant<std::vector<slo::Slice>, Missing> slices_of(const slo::Sli& sli, Answers answers, seconds slice,
                                                         seconds scrape_interval) {
  std::vector<MomentReader> readers;
  for (const PrometheusAnswer* answer : answers) readers.emplace_back(*answer);
  if (lost_the_bad(sli, answers))
    return Missing{
        Doubt::no_data,
        "bad returned no series in the newest slices while total did: say absent_is_zero, or write "
        "`or vector(0)`, if that means that there were none"};
  const slo::Sli known = with_known_kinds(sli, answers);
  std::vector<slo::Slice> slices;
  Missing missing{Doubt::no_data, "the query returned no series"};
  // The last answer has what happened at all: the total, or the only one there is.
  for (const std::int64_t at : moments_of(*answers.back())) {
    std::vector<PrometheusAnswer> readings;
    for (MomentReader& reader : readers) readings.push_back(reader.at(at));
    std::vector<const PrometheusAnswer*> instants;
    for (const PrometheusAnswer& reading : readings) instants.push_back(&reading);
    const Counted counted = events_of(known, instants, slice, scrape_interval);
    if (const auto* events = std::get_if<Events>(&counted)) {
      slices.push_back({Timestamp{std::chrono::milliseconds{at}} - slice, *events});
      continue;
    }
    missing = std::get<Missing>(counted);
    if (missing.doubt != Doubt::no_data) return missing;
  }
  if (slices.empty()) return missing;
  return slices;
}

}  // namespace gate::checks
