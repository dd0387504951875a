#include "gate/schema/format_ascii.h"
#include "gate/schema/format_checks.h"
#include "gate/schema/format_host.h"

namespace gate::schema {
namespace {

constexpr std::size_t kLongestLocalPart = 64;
constexpr std::size_t kLongestDomain = 255;

bool is_atext(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-/=?^_`{|}~";
  return is_alpha(c) || is_digit(c) || kMarks.find(c) != std::string_view::npos;
}

bool is_printable(char c) {
  return c >= ' ' && c <= '~';
}

// The length of the `Dot-string` at the start of `text`; 0: none.
std::size_t dot_string_length(std::string_view text, NonAscii non_ascii) {
  const auto is_one = [non_ascii](char c) {
    return is_atext(c) || (non_ascii == NonAscii::allowed && !is_ascii(c));
  };
  std::size_t at = 0;
  while (true) {
    const std::size_t atom = run_length(text.substr(at), is_one);
    if (atom == 0) return 0;
    at += atom;
    if (at == text.size() || text[at] != '.') return at;
    ++at;
  }
}

// The length of the `Quoted-string` at the start of `text`, its quotes included; 0: none.
std::size_t quoted_string_length(std::string_view text, NonAscii non_ascii) {
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\\') {
      if (++at == text.size() || !is_printable(text[at])) return 0;
    } else if (!is_printable(text[at]) && (is_ascii(text[at]) || non_ascii == NonAscii::refused)) {
      return 0;
    }
  }
  return 0;
}

bool is_address_literal(std::string_view text) {
  constexpr std::string_view kTag = "ipv6:";
  if (is_ipv4(text)) return true;
  for (const char c : kTag) {
    if (text.empty() || ascii_lower(text.front()) != c) return false;
    text.remove_prefix(1);
  }
  return is_ipv6(text);
}

bool is_mail_domain(std::string_view text, NonAscii non_ascii) {
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') {
    return is_address_literal(text.substr(1, text.size() - 2));
  }
  if (text.size() > kLongestDomain) return false;
  while (true) {
    const std::string_view label = text.substr(0, text.find('.'));
    if (!is_label(label, non_ascii)) return false;
    text.remove_prefix(label.size());
    if (!take(text, '.')) return true;
  }
}

bool is_mailbox(std::string_view text, NonAscii non_ascii) {
  const std::string_view start = text.substr(0, kLongestLocalPart + 1);
  const std::size_t local =
      text.starts_with('"') ? quoted_string_length(start, non_ascii) : dot_string_length(start, non_ascii);
  if (local == 0 || local > kLongestLocalPart) return false;
  text.remove_prefix(local);
  return take(text, '@') && is_mail_domain(text, non_ascii);
}

}  // namespace

bool is_email(std::string_view text) {
  return is_mailbox(text, NonAscii::refused);
}

bool is_idn_email(std::string_view text) {
  return is_mailbox(text, NonAscii::allowed);
}

}  // namespace gate::schema
