#include "gate/load/toml_decimal.h"

#include <fmt/format.h>

namespace gate::load {
namespace {

std::optional<WrittenDecimal> read(TomlReader& reader, std::string_view key, std::string_view wanted,
                                   const std::optional<Decimal>& most) {
  const TomlMember* member = reader.find(key);
  if (member == nullptr) return std::nullopt;
  std::string text;
  if (const auto* integer = std::get_if<std::int64_t>(&member->value.data)) {
    text = fmt::format("{}", *integer);
  } else if (const auto* decimal = std::get_if<std::string>(&member->value.data)) {
    text = *decimal;
  } else if (std::holds_alternative<double>(member->value.data)) {
    reader.fault_of(key, "a float is not exact: write the decimal as a string, such as \"99.5\"");
    return std::nullopt;
  }
  const auto value = parse_exact(text);
  if (value && (!most || *value <= *most)) return WrittenDecimal{std::move(text), *value};
  reader.fault_of(key, fmt::format("expected {}, such as 99 or \"99.5\"", wanted));
  return std::nullopt;
}

}  // namespace

std::optional<WrittenDecimal> exact_number(TomlReader& reader, std::string_view key) {
  return read(reader, key, "a number from 0", std::nullopt);
}

std::optional<WrittenDecimal> exact_percent(TomlReader& reader, std::string_view key) {
  return read(reader, key, "a percentage from 0 to 100", Decimal::of(std::int64_t{100}));
}

std::optional<Decimal> parse_exact(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  if (text.size() > kLongest || text.find_first_not_of("0123456789.") != std::string_view::npos)
    return std::nullopt;
  const auto value = Decimal::parse(text);
  return value ? std::optional{*value} : std::nullopt;
}

}  // namespace gate::load
