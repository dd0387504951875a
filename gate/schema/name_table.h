#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace gate::schema {

using NodeIndex = std::uint32_t;
constexpr NodeIndex kNoNode = ~NodeIndex{0};

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
      if (slot.entry == nullptr) return nullptr;
      if (slot.hash == hash && slot.entry->name.size() == name.size() &&
          std::memcmp(slot.entry->name.data(), name.data(), name.size()) == 0) {
        return slot.entry;
      }
    }
  }

  [[nodiscard]] const std::vector<NameEntry>& entries() const { return entries_; }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    const NameEntry* entry = nullptr;
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

  std::vector<NameEntry> entries_;  // in the order of the schema
  std::vector<Slot> slots_;         // point into entries_
  std::size_t mask_ = 0;
  bool full_hash_ = false;
};

}  // namespace gate::schema
