#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "gate/schema/format_punycode.h"

namespace gate::schema {

// Right to left: with a character of the classes R, AL or AN, which makes the whole name a Bidi domain
// name (RFC 5893, 1.4).
enum class Direction { left_to_right, right_to_left };

// What a name must know of one of its labels.
struct Label {
  std::size_t length;  // octets of the A-label, or of the label itself
  Direction direction;
  bool keeps_bidi_rule;  // RFC 5893, 2
};

// `text` as a U-label (RFC 5891, 4.2; it need not have characters beyond ASCII). nullopt: none.
std::optional<Label> check_u_label(const LabelText<char32_t>& text);

// `text`, which begins with `xn--` in any case, as the A-label of a U-label that gives it back (RFC
// 5891, 5.4).
std::optional<Label> check_a_label(std::string_view text);

// Unicode's Bidi_Class, of what a label may hold.
enum class BidiClass : std::uint8_t { L, R, AL, AN, EN, ES, CS, ET, ON, BN, NSM };

// Unicode's Joining_Type.
enum class Joining : std::uint8_t { none, left, right, dual, transparent, causing };

// The scripts the contextual rules ask for (RFC 5892, appendix A).
enum class Script : std::uint8_t { other, greek, hebrew, kana_or_han };

// What the rules ask of a code point.
struct IdnaProperties {
  bool allowed;  // PVALID, CONTEXTJ or CONTEXTO (RFC 5892, 3)
  bool mark;     // General_Category M
  std::uint8_t combining_class;
  BidiClass bidi;
  Joining joining;
  Script script;
};

// A code point that is canonically two.
struct Composition {
  char32_t first;
  char32_t second;
  char32_t composite;
};

// What ci/idna-table.sh writes to format_idna_table.cc.
namespace idna_table {

extern const std::string_view kUnicodeVersion;

// Where a run of code points with the same properties begins, in the high 21 bits; which properties,
// in the low 11. Ascending from 0.
struct Runs {
  const std::uint32_t* data;
  std::size_t size;
};
extern const Runs kRuns;
extern const IdnaProperties* const kProperties;

// Both the parts and the whole are allowed; ordered by `first` and then `second`. The second part is
// never a whole.
struct Compositions {
  const Composition* data;
  std::size_t size;
};
extern const Compositions kCompositions;

// The same, by their places in there, ordered by `composite`.
extern const std::uint16_t* const kByComposite;

}  // namespace idna_table

const IdnaProperties& idna_properties(char32_t code_point);

// Whether `text`, of allowed code points, is in Normalization Form C. (Conjoining jamo, which Unicode
// composes by arithmetic, are not allowed.)
bool is_nfc(std::u32string_view text);

}  // namespace gate::schema
