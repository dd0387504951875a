#include "gate/slo/time_bins.h"

namespace gate::slo {
namespace {

// Requests before 1970 count as in its first bin.
std::int64_t number_of(Timestamp moment, std::chrono::milliseconds width) {
  return std::max<std::int64_t>(moment.time_since_epoch() / width, 0);
}

}  // namespace

TimeBins::TimeBins(std::chrono::milliseconds width, std::size_t bins, std::size_t columns)
    : width_(width),
      bins_(static_cast<std::int64_t>(bins)),
      columns_(columns),
      slots_(bins * (columns + 1)) {}

void TimeBins::find(Timestamp moment) {
  const std::int64_t bin = number_of(moment, width_);
  first_ = Timestamp{bin * width_};
  last_ = first_ + width_;
  current_ = {};
  if (bin <= newest_ - bins_) return;
  newest_ = std::max(newest_, bin);
  const std::span slot{&slots_[offset_of(bin)], columns_ + 1};
  current_ = slot.subspan(1);
  if (slot.front() == stamp_of(bin)) return;
  slot.front() = stamp_of(bin);
  std::fill(current_.begin(), current_.end(), std::uint64_t{0});
}

void WideningBins::find(Timestamp moment) {
  std::int64_t bin = number_of(moment, width_);
  const auto spans_too_much = [&] {
    return !rows_.empty() &&
           std::max(rows_.rbegin()->first, bin) - std::min(rows_.begin()->first, bin) >= kMaxBins;
  };
  while (spans_too_much()) {
    widen();
    bin = number_of(moment, width_);
  }
  first_ = Timestamp{bin * width_};
  last_ = first_ + width_;
  auto& row = rows_[bin];
  row.resize(columns_);
  current_ = row;
}

void WideningBins::widen() {
  width_ *= 2;
  std::map<std::int64_t, std::vector<std::uint64_t>> wider;
  for (auto& [bin, counts] : rows_) {
    auto& row = wider[bin / 2];
    row.resize(columns_);
    for (std::size_t i = 0; i < columns_; ++i) row[i] += counts[i];
  }
  rows_.swap(wider);
}

}  // namespace gate::slo
