#include "gate/schema/format_ascii.h"
#include "gate/schema/format_checks.h"

namespace gate::schema {
namespace {

// "0", or digits without a leading zero.
bool take_number(std::string_view& text) {
  const std::size_t digits = run_length(text, is_digit);
  if (digits == 0 || (digits > 1 && text.front() == '0')) return false;
  text.remove_prefix(digits);
  return true;
}

}  // namespace

bool is_json_pointer(std::string_view text) {
  if (!text.empty() && text.front() != '/') return false;
  for (std::size_t at = text.find('~'); at != std::string_view::npos; at = text.find('~', at + 1)) {
    if (at + 1 == text.size() || (text[at + 1] != '0' && text[at + 1] != '1')) return false;
  }
  return true;
}

bool is_relative_json_pointer(std::string_view text) {
  if (!take_number(text)) return false;
  if (text == "#") return true;
  if ((take(text, '+') || take(text, '-')) && !take_number(text)) return false;
  return is_json_pointer(text);
}

}  // namespace gate::schema
