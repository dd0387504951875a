#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "gate/base/time.h"

namespace gate::slo {

// Counts of several columns over the newest part of time, in bins of equal width: as many bins as fit,
// whatever comes. A bin starts at a multiple of its width since 1970.
class TimeBins {
 public:
  TimeBins(std::chrono::milliseconds width, std::size_t bins, std::size_t columns);

  [[nodiscard]] std::chrono::milliseconds width() const { return width_; }

  // The columns of the moment's bin, to count in; empty where it lies before all bins that are kept. A moment
  // that is newer than all others makes the oldest bins give way.
  std::span<std::uint64_t> at(Timestamp moment) {
    if (moment < first_ || moment >= last_) find(moment);
    return current_;
  }

  // Calls take(start, columns) for the bins with counts that end after `from`, oldest first.
  template <class Take>
  void each_from(Timestamp from, const Take& take) const {
    const std::int64_t first = from.time_since_epoch() / width_;
    for (std::int64_t bin = std::max({newest_ - bins_ + 1, first, std::int64_t{0}}); bin <= newest_; ++bin) {
      const std::uint64_t* slot = &slots_[offset_of(bin)];
      if (*slot == stamp_of(bin)) take(Timestamp{bin * width_}, std::span{slot + 1, columns_});
    }
  }

 private:
  void find(Timestamp moment);
  [[nodiscard]] std::size_t offset_of(std::int64_t bin) const {
    return static_cast<std::size_t>(bin % bins_) * (columns_ + 1);
  }
  static std::uint64_t stamp_of(std::int64_t bin) { return static_cast<std::uint64_t>(bin) + 1; }

  std::chrono::milliseconds width_;
  std::int64_t bins_;
  std::size_t columns_;
  std::vector<std::uint64_t>
      slots_;                 // each the stamp of the bin it was last used for, then that one's columns
  std::int64_t newest_ = -1;  // number of the newest bin
  Timestamp first_{};         // what current_ is the bin of: from here up to last_
  Timestamp last_{};
  std::span<std::uint64_t> current_;
};

// Counts of several columns over all of time that there is data of, in at most kMaxBins bins: where more are
// needed each becomes twice as wide.
class WideningBins {
 public:
  static constexpr std::int64_t kMaxBins = 1'024;

  explicit WideningBins(std::size_t columns) : columns_(columns) {}

  [[nodiscard]] std::chrono::seconds width() const { return width_; }
  std::span<std::uint64_t> at(Timestamp moment) {
    if (moment < first_ || moment >= last_) find(moment);
    return current_;
  }

  // By number: a bin starts at that many widths since 1970.
  [[nodiscard]] const std::map<std::int64_t, std::vector<std::uint64_t>>& bins() const { return rows_; }

 private:
  void find(Timestamp moment);
  void widen();

  std::size_t columns_;
  std::chrono::seconds width_{1};
  std::map<std::int64_t, std::vector<std::uint64_t>> rows_;
  Timestamp first_{};  // as in TimeBins
  Timestamp last_{};
  std::span<std::uint64_t> current_;
};

}  // namespace gate::slo
