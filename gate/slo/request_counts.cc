#include "gate/slo/request_counts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "gate/slo/windows.h"
#include "gate/slo/wording.h"

namespace gate::slo {
namespace {

using std::chrono::seconds;

// The largest double whose shortest digits are not above the threshold.
double largest_not_above(const Decimal& threshold) {
  const double nearest = threshold.nearest_double();
  const bool is_above = Decimal::of(nearest) > threshold;
  return is_above ? std::nextafter(nearest, -std::numeric_limits<double>::infinity()) : nearest;
}

// Of the bins that a window is counted in.
seconds width_for(seconds window) {
  seconds width{10};
  while (static_cast<std::uint64_t>(window / width) + 2 > RequestCounts::kMaxBins) width *= 2;
  return width;
}

std::size_t bins_for(seconds length, seconds width) {
  return static_cast<std::size_t>(length / width) + 2;
}

bool slices_fit(const RequestQuestion& question) {
  return *question.slice > seconds{0} &&
         bins_for(question.period, *question.slice) <= RequestCounts::kMaxBins;
}

// How many bins of each width the questions need.
std::map<seconds, std::size_t> layout(const std::vector<RequestQuestion>& questions) {
  std::map<seconds, std::size_t> bins;
  const auto need = [&bins](seconds length, seconds width) {
    bins[width] = std::max(bins[width], bins_for(length, width));
  };
  for (const RequestQuestion& question : questions) {
    for (const seconds window : question.windows) {
      if (window > seconds{0}) need(window, width_for(window));
    }
    if (question.slice && slices_fit(question)) need(question.period, *question.slice);
  }
  return bins;
}

Events events_of(std::uint64_t total, std::uint64_t bad) {
  return {static_cast<double>(total), static_cast<double>(bad), static_cast<double>(bad)};
}

}  // namespace

seconds sample_age(Timestamp newest, Timestamp now) {
  constexpr seconds kSkew{60};  // of clocks that are set well
  const auto age = std::chrono::floor<seconds>(now - newest);
  if (age >= seconds{0}) return age;
  return -age > kSkew ? -age : seconds{0};
}

BadRequest::BadRequest(const RequestSli& sli)
    : kind_(sli.kind), most_ms_(largest_not_above(sli.threshold_ms)) {}

RequestQuestion question_of(const Objective& objective) {
  RequestQuestion question;
  question.sli = std::get<RequestSli>(objective.sli);
  question.windows = needed_windows(objective);
  question.period = decisive_window(objective);
  if (objective.budgeting != Budgeting::occurrences) question.slice = objective.slice;
  return question;
}

RequestCounts::RequestCounts(std::vector<RequestQuestion> questions, std::optional<Timestamp> end)
    : questions_(std::move(questions)),
      end_(end),
      all_(questions_.size() + 1),
      one_(all_.size(), 1),
      course_(questions_.size() + 1) {
  for (const RequestQuestion& question : questions_) bad_.emplace_back(question.sli);
  for (const auto& row : layout(questions_)) bins_.emplace_back(row.first, row.second, all_.size());
}

void RequestCounts::add(std::span<const Sample> samples) {
  for (const Sample& sample : samples) add(sample);
}

void RequestCounts::add(const Sample& sample) {
  if (end_ && sample.at > *end_) {
    ++after_end_;
    return;
  }
  if (!oldest_ || sample.at < *oldest_) oldest_ = sample.at;
  if (!newest_ || sample.at > *newest_) newest_ = sample.at;
  for (std::size_t i = 0; i < bad_.size(); ++i) one_[i + 1] = bad_[i](sample) ? 1U : 0U;
  const auto count = [this](std::span<std::uint64_t> columns) {
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i] += one_[i];
  };
  count(all_);
  count(course_.at(sample.at));
  for (TimeBins& bins : bins_) count(bins.at(sample.at));
}

const TimeBins& RequestCounts::bins_of(seconds width) const {
  return *std::find_if(bins_.begin(), bins_.end(),
                       [width](const TimeBins& bins) { return bins.width() == width; });
}

Timestamp RequestCounts::end() const {
  return end_ ? *end_ : newest_.value_or(Timestamp{});
}

Window RequestCounts::window(std::size_t question, seconds length) const {
  std::uint64_t total = 0;
  std::uint64_t bad = 0;
  const auto sum = [&](Timestamp /*start*/, std::span<const std::uint64_t> columns) {
    total += columns[0];
    bad += columns[question + 1];
  };
  if (length == seconds{0}) {
    sum({}, all_);
  } else {
    bins_of(width_for(length)).each_from(end() - length, sum);
  }
  if (total != 0) return {length, events_of(total, bad)};
  return {length, Missing{Doubt::no_data, length == seconds{0} ? std::string{"no request at all"}
                                                               : "no request in " + duration_text(length)}};
}

std::variant<std::vector<Slice>, Missing> RequestCounts::slices(std::size_t question) const {
  const RequestQuestion& asked = questions_[question];
  if (!asked.slice) return std::vector<Slice>{};
  if (!slices_fit(asked)) {
    return Missing{Doubt::inconclusive,
                   fmt::format("more than {} slices of {} in {}", kMaxBins, duration_text(*asked.slice),
                               duration_text(asked.period))};
  }
  std::vector<Slice> slices;
  bins_of(*asked.slice).each_from(end() - asked.period, [&](Timestamp start, const auto& columns) {
    slices.push_back({start, events_of(columns[0], columns[question + 1])});
  });
  if (slices.empty()) return Missing{Doubt::no_data, "no request in " + duration_text(asked.period)};
  return slices;
}

std::vector<Slice> RequestCounts::course(std::size_t question) const {
  const auto& rows = course_.bins();
  if (rows.empty()) return {};
  const seconds period = questions_[question].period;
  const std::int64_t first =
      period == seconds{0} ? rows.begin()->first : (end() - period).time_since_epoch() / course_.width();
  const auto from = rows.lower_bound(first);
  if (from == rows.end()) return {};
  const std::int64_t wide =
      (rows.rbegin()->first - from->first) / static_cast<std::int64_t>(kMaxCourse) + 1;  // bins of a point
  std::vector<Slice> course;
  std::int64_t last = -1;
  for (auto row = from; row != rows.end(); ++row) {
    const std::int64_t point = (row->first - from->first) / wide;
    if (std::exchange(last, point) != point) {
      course.push_back({Timestamp{(from->first + point * wide) * course_.width()}, {}});
    }
    const Events more = events_of(row->second[0], row->second[question + 1]);
    Events& events = course.back().events;
    events = {events.total + more.total, events.bad_least + more.bad_least, events.bad_most + more.bad_most};
  }
  return course;
}

Measurement RequestCounts::measure(std::size_t question, Timestamp now) const {
  const RequestQuestion& asked = questions_[question];
  Measurement measurement;
  measurement.at = end_ ? *end_ : newest_.value_or(now);
  for (const seconds length : asked.windows) measurement.windows.push_back(window(question, length));
  measurement.slices = slices(question);
  measurement.course = course(question);
  measurement.covered = seconds{0};
  if (!newest_) return measurement;
  measurement.newest_age = sample_age(*newest_, now);
  const Timestamp from = asked.period == seconds{0} ? *oldest_ : std::max(*oldest_, end() - asked.period);
  measurement.covered = std::max(std::chrono::floor<seconds>(*newest_ - from), seconds{0});
  return measurement;
}

}  // namespace gate::slo
