#include "gate/schema/format_idna.h"

#include <algorithm>

#include "gate/schema/format_ascii.h"

namespace gate::schema {
namespace {

constexpr std::uint8_t kVirama = 9;  // Canonical_Combining_Class

// One place of a label, as the contextual rules look at it.
struct Place {
  std::u32string_view label;
  std::size_t at;

  // 0 beyond the label's ends: a code point of no script.
  [[nodiscard]] char32_t before() const { return at == 0 ? 0 : label[at - 1]; }
  [[nodiscard]] char32_t after() const { return at + 1 == label.size() ? 0 : label[at + 1]; }
};

Joining joining_of(char32_t c) {
  return idna_properties(c).joining;
}

Script script_of(char32_t c) {
  return idna_properties(c).script;
}

bool follows_virama(const Place& place) {
  return idna_properties(place.before()).combining_class == kVirama;
}

// RFC 5892, A.1: between two letters that would join, transparent ones aside.
bool breaks_a_join(const Place& place) {
  const auto seen = [](char32_t c) { return joining_of(c) != Joining::transparent; };
  const std::u32string_view left = place.label.substr(0, place.at);
  const std::u32string_view right = place.label.substr(place.at + 1);
  const auto before = std::find_if(left.rbegin(), left.rend(), seen);
  const auto after = std::find_if(right.begin(), right.end(), seen);
  if (before == left.rend() || after == right.end()) return false;
  return (joining_of(*before) == Joining::left || joining_of(*before) == Joining::dual) &&
         (joining_of(*after) == Joining::right || joining_of(*after) == Joining::dual);
}

bool has_any(std::u32string_view label, char32_t low, char32_t high) {
  return std::any_of(label.begin(), label.end(), [=](char32_t c) { return c >= low && c <= high; });
}

bool has_kana_or_han(std::u32string_view label) {
  return std::any_of(label.begin(), label.end(),
                     [](char32_t c) { return script_of(c) == Script::kana_or_han; });
}

// RFC 5892, appendix A.
bool keeps_context_rule(const Place& place) {
  const char32_t c = place.label[place.at];
  switch (c) {
    case 0x200C: return follows_virama(place) || breaks_a_join(place);
    case 0x200D: return follows_virama(place);
    case 0x00B7: return place.before() == 'l' && place.after() == 'l';
    case 0x0375: return script_of(place.after()) == Script::greek;
    case 0x05F3:
    case 0x05F4: return script_of(place.before()) == Script::hebrew;
    case 0x30FB: return has_kana_or_han(place.label);
    default: break;
  }
  if (c >= 0x0660 && c <= 0x0669) return !has_any(place.label, 0x06F0, 0x06F9);
  if (c >= 0x06F0 && c <= 0x06F9) return !has_any(place.label, 0x0660, 0x0669);
  return true;
}

// RFC 5891, 4.2.3.1 and 4.2.3.2.
bool keeps_hyphen_and_mark_rules(std::u32string_view label) {
  return !label.empty() && label.front() != '-' && label.back() != '-' &&
         !(label.size() > 3 && label[2] == '-' && label[3] == '-') && !idna_properties(label.front()).mark;
}

constexpr unsigned set_of(BidiClass bidi) {
  return 1U << static_cast<unsigned>(bidi);
}

constexpr unsigned kRightToLeft = set_of(BidiClass::R) | set_of(BidiClass::AL);
constexpr unsigned kNeutral = set_of(BidiClass::ES) | set_of(BidiClass::CS) | set_of(BidiClass::ET) |
                              set_of(BidiClass::ON) | set_of(BidiClass::BN) | set_of(BidiClass::NSM);
constexpr unsigned kDigits = set_of(BidiClass::EN) | set_of(BidiClass::AN);

unsigned bidi_of(char32_t c) {
  return set_of(idna_properties(c).bidi);
}

unsigned bidi_classes(std::u32string_view label) {
  unsigned classes = 0;
  for (const char32_t c : label) classes |= bidi_of(c);
  return classes;
}

// RFC 5893, 2.
bool keeps_bidi_rule(std::u32string_view label, unsigned classes) {
  const auto last = std::find_if(label.rbegin(), label.rend(),
                                 [](char32_t c) { return bidi_of(c) != set_of(BidiClass::NSM); });
  if (last == label.rend()) return false;
  const unsigned first = bidi_of(label.front());
  if (first == set_of(BidiClass::L)) {
    const unsigned ends = set_of(BidiClass::L) | set_of(BidiClass::EN);
    return (classes & ~(ends | kNeutral)) == 0 && (bidi_of(*last) & ends) != 0;
  }
  const unsigned ends = kRightToLeft | kDigits;
  return (first & kRightToLeft) != 0 && (classes & ~(ends | kNeutral)) == 0 && (bidi_of(*last) & ends) != 0 &&
         (classes & kDigits) != kDigits;
}

bool is_u_label(std::u32string_view label) {
  if (!keeps_hyphen_and_mark_rules(label)) return false;
  for (const char32_t c : label) {
    if (!idna_properties(c).allowed) return false;
  }
  for (std::size_t at = 0; at < label.size(); ++at) {
    if (!keeps_context_rule({label, at})) return false;
  }
  return is_nfc(label);
}

Label described(std::u32string_view label, std::size_t length) {
  const unsigned classes = bidi_classes(label);
  const bool any = (classes & (kRightToLeft | set_of(BidiClass::AN))) != 0;
  return {length, any ? Direction::right_to_left : Direction::left_to_right, keeps_bidi_rule(label, classes)};
}

constexpr std::size_t kPrefix = 4;

}  // namespace

const IdnaProperties& idna_properties(char32_t code_point) {
  constexpr unsigned kIndexBits = 11;
  const auto& [runs, size] = idna_table::kRuns;
  const std::uint32_t key = (static_cast<std::uint32_t>(code_point) << kIndexBits) | ((1U << kIndexBits) - 1);
  const std::uint32_t* const run = std::upper_bound(runs, runs + size, key) - 1;
  return idna_table::kProperties[*run & ((1U << kIndexBits) - 1)];
}

std::optional<Label> check_u_label(const LabelText<char32_t>& text) {
  if (!is_u_label(text.view())) return std::nullopt;
  const auto encoded = encode_punycode(text);
  if (!encoded) return std::nullopt;
  return described(text.view(), kPrefix + encoded->view().size());
}

std::optional<Label> check_a_label(std::string_view text) {
  const std::string_view punycode = text.substr(kPrefix);
  const auto decoded = decode_punycode(punycode);
  if (!decoded || !is_u_label(decoded->view())) return std::nullopt;
  const auto again = encode_punycode(*decoded);
  const auto same = [](char a, char b) { return a == ascii_lower(b); };
  // Of ASCII alone there is no U-label; its Punycode ends in a hyphen, as is_label refuses.
  if (!again ||
      !std::equal(again->view().begin(), again->view().end(), punycode.begin(), punycode.end(), same)) {
    return std::nullopt;
  }
  return described(decoded->view(), text.size());
}

}  // namespace gate::schema
