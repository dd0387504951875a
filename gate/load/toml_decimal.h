#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gate/base/decimal.h"
#include "gate/load/toml_reader.h"

namespace gate::load {

// An exact number of a setting, and its text as it was written.
struct WrittenDecimal {
  std::string text;
  Decimal value;
};

// A number from 0 that is written exactly: an integer, or a decimal in a string, such as "99.5"; at most 40
// characters, without an exponent. A float is a fault: it is not exact.
std::optional<WrittenDecimal> exact_number(TomlReader& reader, std::string_view key);

// The same, from 0 to 100.
std::optional<WrittenDecimal> exact_percent(TomlReader& reader, std::string_view key);

// A decimal as a string has it, by the same rule; nullopt where it is none.
std::optional<Decimal> parse_exact(std::string_view text);

}  // namespace gate::load
