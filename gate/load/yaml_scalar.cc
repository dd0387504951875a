#include "gate/load/yaml_scalar.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>

namespace gate::load {
namespace {

struct Word {
  std::string_view text;
  YamlScalar meaning;
};

constexpr Word kWords[] = {
    {"", YamlScalar::null},           {"~", YamlScalar::null},          {"null", YamlScalar::null},
    {"Null", YamlScalar::null},       {"NULL", YamlScalar::null},       {"true", YamlScalar::yes},
    {"True", YamlScalar::yes},        {"TRUE", YamlScalar::yes},        {"false", YamlScalar::no},
    {"False", YamlScalar::no},        {"FALSE", YamlScalar::no},        {".nan", YamlScalar::not_finite},
    {".NaN", YamlScalar::not_finite}, {".NAN", YamlScalar::not_finite},
};

constexpr std::string_view kDecimal = "0123456789";
constexpr std::string_view kOctal = "01234567";
constexpr std::string_view kHexadecimal = "0123456789abcdefABCDEF";

bool is_all_of(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

// Takes the digits at the front of `text`.
std::string_view take_digits(std::string_view& text) {
  const std::string_view digits = text.substr(0, std::min(text.find_first_not_of(kDecimal), text.size()));
  text.remove_prefix(digits.size());
  return digits;
}

bool take_sign(std::string_view& text) {
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return false;
  text.remove_prefix(1);
  return true;
}

YamlScalar resolve_number(std::string_view text) {
  if (text.starts_with("0x"))
    return is_all_of(text.substr(2), kHexadecimal) ? YamlScalar::integer : YamlScalar::text;
  if (text.starts_with("0o"))
    return is_all_of(text.substr(2), kOctal) ? YamlScalar::integer : YamlScalar::text;
  take_sign(text);
  if (text == ".inf" || text == ".Inf" || text == ".INF") return YamlScalar::not_finite;
  std::size_t digits = take_digits(text).size();
  if (digits > 0 && text.empty()) return YamlScalar::integer;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    digits += take_digits(text).size();
  }
  if (digits == 0) return YamlScalar::text;
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    take_sign(text);
    if (take_digits(text).empty()) return YamlScalar::text;
  }
  return text.empty() ? YamlScalar::real : YamlScalar::text;
}

std::optional<std::string> in_decimal(std::string_view digits, int base) {
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (parsed.ec != std::errc{}) return std::nullopt;
  return std::to_string(number);
}

}  // namespace

YamlScalar resolve_yaml(std::string_view plain) {
  for (const Word& word : kWords) {
    if (word.text == plain) return word.meaning;
  }
  // Most texts begin with a letter.
  return std::string_view{"0123456789+-."}.find(plain.front()) == std::string_view::npos
             ? YamlScalar::text
             : resolve_number(plain);
}

std::optional<std::string> json_number_of_yaml(std::string_view number) {
  if (number.starts_with("0x")) return in_decimal(number.substr(2), 16);
  if (number.starts_with("0o")) return in_decimal(number.substr(2), 8);
  std::string out = number.starts_with('-') ? "-" : "";
  take_sign(number);
  const std::string_view whole = take_digits(number);
  const std::size_t first = whole.find_first_not_of('0');
  out += first == std::string_view::npos ? "0" : whole.substr(first);
  if (number.starts_with('.')) {
    number.remove_prefix(1);
    const std::string_view fraction = take_digits(number);
    out += '.';
    out += fraction.empty() ? "0" : fraction;
  }
  return out.append(number);
}

}  // namespace gate::load
