#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/load/toml.h"

namespace gate::load {

// What is wrong with a file that is TOML, and where.
struct TomlFault {
  TomlPosition at;
  std::string key;  // empty where it is the table as a whole
  std::string message;

  bool operator==(const TomlFault&) const = default;
};

// Reads one table key by key. A getter returns nullopt where the key is absent, and where it is
// wrong, which is then among the faults; every key it was asked for is known, and refuse_unknown()
// makes a fault of each other one. The table and the faults must outlive the reader.
class TomlReader {
 public:
  TomlReader(const TomlTable& table, TomlPosition at, std::vector<TomlFault>& faults)
      : table_(table), at_(at), faults_(faults) {}

  // The member of that key, of whatever kind.
  const TomlMember* find(std::string_view key);

  std::optional<std::string> text(std::string_view key);
  std::optional<bool> flag(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t least, std::int64_t most);
  std::optional<std::uint64_t> amount(std::string_view key);                // an integer from 0
  std::optional<Date> date(std::string_view key);                           // a date, or a string that is one
  std::optional<std::chrono::milliseconds> duration(std::string_view key);  // "90s", "24h"; above 0
  std::optional<std::vector<std::string>> texts(std::string_view key);      // an array of strings
  const TomlTable* table(std::string_view key);
  const TomlArray* array(std::string_view key);

  // `version`, which must be there and be this one.
  void require_version(std::int64_t version);

  // One of `names`, as its index.
  std::optional<std::size_t> choice(std::string_view key, const std::vector<std::string_view>& names);

  // A fault of the table.
  void fault(std::string message);
  // `key: why` at the key's value, or at the table where the key is absent.
  void fault_of(std::string_view key, std::string_view why);

  [[nodiscard]] bool has(std::string_view key) const;
  [[nodiscard]] TomlPosition position() const { return at_; }
  [[nodiscard]] TomlPosition position_of(std::string_view key) const;

  void refuse_unknown();

 private:
  template <class T>
  const T* typed(std::string_view key, std::string_view wanted);

  const TomlTable& table_;
  TomlPosition at_;
  std::vector<TomlFault>& faults_;
  std::vector<std::string_view> known_;
};

// Stores what was read; leaves `target` alone where nothing was.
template <class T, class U>
void take(std::optional<T> read, U& target) {
  if (read) target = std::move(*read);
}

// `path:line:column: message` of the first fault in the file, and how many more there are.
Error first_fault(std::vector<TomlFault> faults, std::string_view path);

}  // namespace gate::load
