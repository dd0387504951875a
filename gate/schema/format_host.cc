#include "gate/schema/format_host.h"

#include <algorithm>

#include "gate/schema/format_ascii.h"
#include "gate/schema/format_checks.h"
#include "gate/schema/format_idna.h"
#include "gate/schema/format_punycode.h"

namespace gate::schema {
namespace {

constexpr std::size_t kLongestName = 253;

// Beyond ASCII a character of a label is one octet of its A-label at least, and at most four of UTF-8.
constexpr std::size_t kMostBytes = 4 * kLongestName;

enum class Labels { ascii, international };

bool has_hyphens_third_and_fourth(std::string_view label) {
  return label.size() >= 4 && label[2] == '-' && label[3] == '-';
}

bool starts_as_a_label(std::string_view label) {
  return has_hyphens_third_and_fourth(label) && ascii_lower(label[0]) == 'x' && ascii_lower(label[1]) == 'n';
}

// A label of its own kind, of which the rest of the name must know this much; nullopt: none.
std::optional<Label> find_label(std::string_view text, Labels labels) {
  if (labels == Labels::international && !std::all_of(text.begin(), text.end(), is_ascii)) {
    const auto code_points = code_points_of(text);
    return code_points ? check_u_label(*code_points) : std::nullopt;
  }
  if (!is_label(text, NonAscii::refused)) return std::nullopt;
  if (starts_as_a_label(text)) return check_a_label(text);
  // RFC 5890, 2.3.1, reserves the other labels with hyphens here; host names that know nothing of
  // IDNA have them.
  if (labels == Labels::international && has_hyphens_third_and_fourth(text)) return std::nullopt;
  return Label{text.size(), Direction::left_to_right, is_alpha(text.front())};
}

// A name's labels end at a full stop or, where they are international, at what looks like one.
struct Cut {
  std::size_t end;
  std::size_t next;
};

Cut find_cut(std::string_view text, Labels labels) {
  constexpr std::string_view kStops[] = {"\u3002", "\uFF0E", "\uFF61"};
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '.') return {at, at + 1};
    if (labels == Labels::ascii || is_ascii(text[at])) continue;
    for (const std::string_view stop : kStops) {
      if (text.substr(at).starts_with(stop)) return {at, at + stop.size()};
    }
  }
  return {text.size(), std::string_view::npos};
}

bool is_name(std::string_view text, Labels labels) {
  std::size_t length = 0;
  bool any_right_to_left = false;
  bool all_keep_bidi_rule = true;
  while (true) {
    const Cut cut = find_cut(text, labels);
    const auto label = find_label(text.substr(0, cut.end), labels);
    if (!label) return false;
    length += label->length;
    any_right_to_left |= label->direction == Direction::right_to_left;
    all_keep_bidi_rule &= label->keeps_bidi_rule;
    if (cut.next == std::string_view::npos) break;
    ++length;
    text.remove_prefix(cut.next);
  }
  return length <= kLongestName && (all_keep_bidi_rule || !any_right_to_left);
}

}  // namespace

bool is_label(std::string_view text, NonAscii non_ascii) {
  if (text.empty() || text.front() == '-' || text.back() == '-') return false;
  bool all_ascii = true;
  for (const char c : text) {
    all_ascii &= is_ascii(c);
    if (is_ascii(c) ? !(is_alpha(c) || is_digit(c) || c == '-') : non_ascii == NonAscii::refused)
      return false;
  }
  if (all_ascii) return text.size() <= kLongestLabel;
  const auto code_points = code_points_of(text);
  return code_points && encode_punycode(*code_points);
}

bool is_hostname(std::string_view text) {
  return text.size() <= kLongestName && is_name(text, Labels::ascii);
}

bool is_idn_hostname(std::string_view text) {
  return text.size() <= kMostBytes && is_name(text, Labels::international);
}

}  // namespace gate::schema
