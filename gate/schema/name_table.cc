#include "gate/schema/name_table.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace gate::schema {

std::uint32_t NameTable::slow_hash(std::string_view name) {
  return static_cast<std::uint32_t>(std::hash<std::string_view>{}(name));
}

NameTable::NameTable(std::vector<NameEntry> entries) : entries_(std::move(entries)) {
  constexpr std::size_t kFarProbe = 8;
  if (lay_out() <= kFarProbe) return;
  full_hash_ = true;
  lay_out();
}

std::size_t NameTable::lay_out() {
  std::size_t size = 4;
  while (size < 2 * entries_.size()) size *= 2;
  mask_ = size - 1;
  slots_.assign(size, Slot{});
  std::size_t farthest = 0;
  for (std::uint32_t entry = 0; entry < entries_.size(); ++entry) {
    const std::uint32_t hash = hash_of(entries_[entry].name);
    std::size_t passed = 1;
    std::size_t i = hash & mask_;
    for (; slots_[i].entry != kNoEntry; i = (i + 1) & mask_) ++passed;
    slots_[i] = Slot{hash, entry};
    farthest = std::max(farthest, passed);
  }
  return farthest;
}

}  // namespace gate::schema
