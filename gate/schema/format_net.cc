#include "gate/schema/format_ascii.h"
#include "gate/schema/format_checks.h"

namespace gate::schema {
namespace {

bool take_octet(std::string_view& text) {
  const std::size_t digits = run_length(text.substr(0, 3), is_digit);
  if (digits == 0 || (digits > 1 && text.front() == '0')) return false;
  unsigned value = 0;
  for (const char c : text.substr(0, digits)) value = value * 10 + static_cast<unsigned>(c - '0');
  text.remove_prefix(digits);
  return value < 256;
}

bool take_gap(std::string_view& text) {
  if (!text.starts_with("::")) return false;
  text.remove_prefix(2);
  return true;
}

// Whether so many groups of 16 bits are an address; a gap stands for one more at least.
bool is_whole(unsigned groups, bool gap) {
  return gap ? groups < 8 : groups == 8;
}

}  // namespace

bool is_ipv4(std::string_view text) {
  for (int octet = 0; octet < 4; ++octet) {
    if ((octet > 0 && !take(text, '.')) || !take_octet(text)) return false;
  }
  return text.empty();
}

bool is_ipv6(std::string_view text) {
  bool gap = take_gap(text);
  if (gap && text.empty()) return true;
  for (unsigned groups = 1; groups <= 8; ++groups) {
    if (is_ipv4(text)) return is_whole(groups + 1, gap);
    const std::size_t digits = run_length(text.substr(0, 5), is_hex_digit);
    if (digits == 0 || digits > 4) return false;
    text.remove_prefix(digits);
    if (text.empty()) return is_whole(groups, gap);
    if (!gap && take_gap(text)) {
      gap = true;
      if (text.empty()) return is_whole(groups, gap);
    } else if (!take(text, ':')) {
      return false;
    }
  }
  return false;
}

}  // namespace gate::schema
