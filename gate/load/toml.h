#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gate/base/result.h"
#include "gate/base/time.h"

namespace gate::load {

// Where a key or a value begins. Both count from 1, columns in code points.
struct TomlPosition {
  std::size_t line = 1;
  std::size_t column = 1;

  auto operator<=>(const TomlPosition&) const = default;
};

// A time or a date-time: TOML has them, no setting of ours is one.
struct TomlTime {
  bool operator==(const TomlTime&) const = default;
};

// A key without a value, which only YAML has (yaml_table.h): as if the key was not there.
struct TomlNothing {
  bool operator==(const TomlNothing&) const = default;
};

struct TomlValue;
struct TomlMember;
using TomlArray = std::vector<TomlValue>;
using TomlTable = std::vector<TomlMember>;  // in the order of the file

struct TomlValue {
  std::variant<bool, std::int64_t, double, std::string, Date, TomlTime, TomlArray, TomlTable, TomlNothing>
      data;
  TomlPosition at;

  bool operator==(const TomlValue&) const;
};

struct TomlMember {
  std::string key;
  TomlPosition at;  // of the key
  TomlValue value;

  bool operator==(const TomlMember&) const = default;
};

// How long a file may be. Lines, nesting and dotted keys are bounded for every file (toml_scan.h).
struct TomlBounds {
  std::size_t bytes = 0;
};
constexpr TomlBounds kPolicyBounds{64U << 10U};
constexpr TomlBounds kRegisterBounds{1U << 20U};

// TOML 1.0, UTF-8 with or without a byte order mark. Error: malformed, as `path:line:column: why`.
Result<TomlTable> parse_toml(std::string_view text, std::string_view path, TomlBounds bounds);

// "a string", "an integer" …: what a message calls the kind of `value`.
std::string_view kind_of(const TomlValue& value);

// The member of that key, or nullptr.
const TomlMember* find_member(const TomlTable& table, std::string_view key);

// One setting of a file, for people: {"tests.suites.\"e2e\".max_failed", "3", 12}.
struct TomlSetting {
  std::string key;
  std::string value;
  std::size_t line = 0;

  bool operator==(const TomlSetting&) const = default;
};

// Every setting in the order of the file; elements of an array of tables as `check[0].name`.
std::vector<TomlSetting> settings_of(const TomlTable& table);

}  // namespace gate::load
