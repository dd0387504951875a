#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace gate::schema {

using NodeIndex = std::uint32_t;
constexpr NodeIndex kNoNode = ~NodeIndex{0};

// Equality without a call for what is short: names and enumerated words mostly are.
inline bool same_text(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  const auto same_at = [&a, &b](auto word, std::size_t at) {
    auto other = word;
    std::memcpy(&word, a.data() + at, sizeof word);
    std::memcpy(&other, b.data() + at, sizeof other);
    return word == other;
  };
  const std::size_t n = a.size();
  if (n > 16) return std::memcmp(a.data(), b.data(), n) == 0;
  if (n >= 8) return same_at(std::uint64_t{}, 0) && same_at(std::uint64_t{}, n - 8);
  if (n >= 4) return same_at(std::uint32_t{}, 0) && same_at(std::uint32_t{}, n - 4);
  for (std::size_t i = 0; i < n; ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

// A name that a schema knows, and what it says about it.
struct NameEntry {
  std::string_view name;     // lives in the schema document
  NodeIndex node = kNoNode;  // the schema of the property; kNoNode: anything goes
  bool declared = false;     // by `properties`; else only `required`
  bool required = false;
};

// The names of one object schema, `properties` and `required` together, in an open-addressed table:
// one probe a member, by a hash of the length and three bytes, or of all bytes where those collide.
class NameTable {
 public:
  NameTable() = default;
  // The names must differ.
  explicit NameTable(std::vector<NameEntry> entries);
  NameTable(NameTable&&) noexcept = default;
  NameTable& operator=(NameTable&&) noexcept = default;

  [[nodiscard]] const NameEntry* find(std::string_view name) const {
    if (slots_.empty()) return nullptr;
    const std::uint32_t hash = hash_of(name);
    for (std::size_t i = hash & mask_;; i = (i + 1) & mask_) {
      const Slot& slot = slots_[i];
      if (slot.entry == kNoEntry) return nullptr;
      if (slot.hash == hash && same_text(entries_[slot.entry].name, name)) return &entries_[slot.entry];
    }
  }

  // The same, when names come in an order: documents mostly write theirs as the schema does. `next` is the
  // entry to look at first, first() at the start; the answer moves it on.
  [[nodiscard]] const NameEntry* first() const { return entries_.data(); }
  [[nodiscard]] const NameEntry* find_in_order(std::string_view name, const NameEntry*& next) const {
    if (next != entries_.data() + entries_.size() && same_text(next->name, name)) return next++;
    const NameEntry* entry = find(name);
    if (entry != nullptr) next = entry + 1;
    return entry;
  }

  [[nodiscard]] const std::vector<NameEntry>& entries() const { return entries_; }

 private:
  static constexpr std::uint32_t kNoEntry = ~std::uint32_t{0};
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t entry = kNoEntry;  // its index
  };

  [[nodiscard]] std::uint32_t hash_of(std::string_view name) const {
    if (full_hash_ || name.empty()) return slow_hash(name);
    const auto byte = [name](std::size_t i) {
      return static_cast<std::uint32_t>(static_cast<unsigned char>(name[i]));
    };
    const std::size_t n = name.size();
    const std::uint32_t mixed =
        (static_cast<std::uint32_t>(n) << 24) ^ (byte(0) << 16) ^ (byte(n / 2) << 8) ^ byte(n - 1);
    return (mixed * 0x9E3779B1U) ^ (mixed >> 15);
  }
  static std::uint32_t slow_hash(std::string_view name);
  // The longest run of slots that a look-up may pass.
  std::size_t lay_out();

  std::vector<NameEntry> entries_;
  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  bool full_hash_ = false;
};

}  // namespace gate::schema
