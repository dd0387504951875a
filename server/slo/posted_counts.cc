#include "server/slo/posted_counts.h"

#include <algorithm>
#include <utility>

#include "gate/slo/request_counts.h"
#include "gate/slo/windows.h"
#include "gate/slo/wording.h"
#include "server/slo/batch.h"

namespace server::slo {
namespace {

using gate::Timestamp;
using gate::slo::Doubt;
using gate::slo::Events;
using gate::slo::Measurement;
using gate::slo::Missing;
using gate::slo::Objective;
using gate::slo::RequestSli;
using gate::slo::Slice;
using gate::slo::Window;
using std::chrono::seconds;

void add(Events& sum, const std::vector<std::uint64_t>& columns, std::size_t question) {
  sum.total += static_cast<double>(columns[0]);
  sum.bad_least += static_cast<double>(columns[1 + 2 * question]);
  sum.bad_most += static_cast<double>(columns[2 + 2 * question]);
}

// The window's events, where an unknown part of `edge` belongs to it beside all of `inner`.
Events with_edge(const Events& inner, const Events& edge) {
  const double good_ones = edge.total - edge.bad_least;
  const double bad_ones = edge.bad_most;
  const double least = inner.bad_least * inner.total / (inner.total + good_ones);
  const double most = (inner.bad_most + bad_ones) * inner.total / (inner.total + bad_ones);
  return {inner.total, std::min(least, inner.bad_least), std::clamp(most, inner.bad_most, inner.total)};
}

Missing nothing_in(seconds window) {
  return {Doubt::no_data, "no request in " + gate::slo::duration_text(window)};
}

}  // namespace

PostedCounts::PostedCounts(std::span<const Objective> objectives, const Tiers& tiers) : tiers_(tiers) {
  for (const Objective& objective : objectives) {
    auto& questions = services_[objective.service].questions;
    const auto& sli = std::get<RequestSli>(objective.sli);
    if (std::find(questions.begin(), questions.end(), sli) == questions.end()) questions.push_back(sli);
  }
}

void PostedCounts::add(std::string_view service, const Bins& bins) {
  const auto found = services_.find(service);
  if (found == services_.end()) return;
  Service& counted = found->second;
  for (const auto& [key, counts] : bins) {
    auto& columns = counted.courses[key.width][key.start];
    columns.resize(1 + 2 * counted.questions.size());
    columns[0] += counts.total;
    for (std::size_t i = 0; i < counted.questions.size(); ++i) {
      const CountRange bad = bad_of(counts, counted.questions[i]);
      columns[1 + 2 * i] += bad.least;
      columns[2 + 2 * i] += bad.most;
    }
    counted.newest = std::max(counted.newest.value_or(counts.newest), counts.newest);
  }
}

void PostedCounts::arrived(std::string_view service, std::chrono::nanoseconds elapsed) {
  if (const auto found = services_.find(service); found != services_.end()) found->second.arrived = elapsed;
}

void PostedCounts::forget(Timestamp now) {
  for (auto& [name, service] : services_) {
    for (const Tier& tier : tiers_) {
      Course& course = service.courses[tier.width];
      course.erase(course.begin(), course.lower_bound(now - tier.kept));
    }
  }
}

void PostedCounts::clear() {
  for (auto& [name, service] : services_) {
    service.courses.clear();
    service.newest.reset();
    service.arrived.reset();
  }
}

Window PostedCounts::window(const View& view, seconds length) const {
  const seconds width = tier_of(tiers_, length).width;
  const Timestamp from = view.now - length;
  Events inner;
  Events edge;
  if (const auto course = view.service.courses.find(width); course != view.service.courses.end()) {
    const auto end = course->second.upper_bound(view.now);
    for (auto bin = course->second.upper_bound(from - width); bin != end; ++bin)
      slo::add(bin->first >= from ? inner : edge, bin->second, view.question);
  }
  if (inner.total == 0) return {length, nothing_in(length)};
  return {length, edge.total == 0 ? inner : with_edge(inner, edge)};
}

std::variant<std::vector<Slice>, Missing> PostedCounts::slices(const View& view,
                                                               const Objective& objective) const {
  if (objective.budgeting == gate::slo::Budgeting::occurrences) return std::vector<Slice>{};
  const seconds period = gate::slo::budget_window(objective);
  const seconds width = tiers_.back().width;
  std::vector<Slice> slices;
  if (const auto course = view.service.courses.find(width); course != view.service.courses.end()) {
    // A slice that starts before the period counts nowhere (share.h).
    const auto end = course->second.upper_bound(view.now);
    for (auto bin = course->second.lower_bound(view.now - period); bin != end; ++bin) {
      const Timestamp start = bin_start(bin->first, objective.slice);
      if (start < view.now - period) continue;
      if (slices.empty() || slices.back().start != start) slices.push_back({start, {}});
      slo::add(slices.back().events, bin->second, view.question);
    }
  }
  if (slices.empty()) return nothing_in(period);
  return slices;
}

seconds PostedCounts::covered(const View& view, seconds length) const {
  const auto course = view.service.courses.find(tier_of(tiers_, length).width);
  if (course == view.service.courses.end() || course->second.empty()) return seconds{0};
  const Timestamp from = std::max(course->second.begin()->first, view.now - length);
  const Timestamp until = std::min(*view.service.newest, view.now);
  return std::max(std::chrono::floor<seconds>(until - from), seconds{0});
}

Measurement PostedCounts::measure(const Objective& objective, Timestamp now,
                                  std::chrono::nanoseconds elapsed) const {
  const Service& service = services_.find(objective.service)->second;
  const auto& questions = service.questions;
  const auto asked = std::find(questions.begin(), questions.end(), std::get<RequestSli>(objective.sli));
  const View view{service, static_cast<std::size_t>(asked - questions.begin()), now};
  Measurement measurement;
  measurement.at = now;
  for (const seconds length : gate::slo::needed_windows(objective))
    measurement.windows.push_back(window(view, length));
  measurement.slices = slices(view, objective);
  measurement.covered = covered(view, gate::slo::decisive_window(objective));
  if (!service.newest) return measurement;
  const auto age = std::chrono::floor<seconds>(now - *service.newest);
  measurement.newest_age = std::max(age, seconds{0});
  if (-age > Era::kMostAhead)
    measurement.untold_age =
        Missing{Doubt::inconclusive, "the newest sample is from the future: a clock is wrong"};
  if (service.arrived) {
    const auto silence = std::chrono::floor<seconds>(elapsed - *service.arrived);
    measurement.newest_age = std::max(*measurement.newest_age, silence);
  }
  return measurement;
}

}  // namespace server::slo
