#include "gate/schema/ecma_regex.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "gate/base/utf8.h"

namespace gate::schema {
namespace {

// White space and line terminators of ECMA-262 (12.2, 12.3), and everything else, as class content.
constexpr std::string_view kSpace =
    "\\x{9}-\\x{d}\\x{20}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{"
    "feff}";
constexpr std::string_view kNoSpace =
    "\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{"
    "202a}-"
    "\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}";

struct Category {
  std::string_view long_name;
  std::string_view short_name;
};

// General categories by their long names (Unicode, PropertyValueAliases), which PCRE2 does not know.
constexpr auto kCategories = std::to_array<Category>({
    {"Cased_Letter", "L&"},
    {"Close_Punctuation", "Pe"},
    {"Connector_Punctuation", "Pc"},
    {"Control", "Cc"},
    {"Currency_Symbol", "Sc"},
    {"Dash_Punctuation", "Pd"},
    {"Decimal_Number", "Nd"},
    {"Enclosing_Mark", "Me"},
    {"Final_Punctuation", "Pf"},
    {"Format", "Cf"},
    {"Initial_Punctuation", "Pi"},
    {"LC", "L&"},
    {"Letter", "L"},
    {"Letter_Number", "Nl"},
    {"Line_Separator", "Zl"},
    {"Lowercase_Letter", "Ll"},
    {"Mark", "M"},
    {"Combining_Mark", "M"},
    {"Math_Symbol", "Sm"},
    {"Modifier_Letter", "Lm"},
    {"Modifier_Symbol", "Sk"},
    {"Nonspacing_Mark", "Mn"},
    {"Number", "N"},
    {"Open_Punctuation", "Ps"},
    {"Other", "C"},
    {"Other_Letter", "Lo"},
    {"Other_Number", "No"},
    {"Other_Punctuation", "Po"},
    {"Other_Symbol", "So"},
    {"Paragraph_Separator", "Zp"},
    {"Private_Use", "Co"},
    {"Punctuation", "P"},
    {"punct", "P"},
    {"Separator", "Z"},
    {"Space_Separator", "Zs"},
    {"Spacing_Mark", "Mc"},
    {"Surrogate", "Cs"},
    {"Symbol", "S"},
    {"Titlecase_Letter", "Lt"},
    {"Unassigned", "Cn"},
    {"Uppercase_Letter", "Lu"},
    {"digit", "Nd"},
    {"cntrl", "Cc"},
});

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_word(char c) {
  return is_letter(c) || is_digit(c) || c == '_';
}

// Thrown within this file to leave the recursion; never leaves it.
struct Refused {
  std::string why;
};

std::string code_point(char32_t c) {
  return fmt::format("\\x{{{:x}}}", static_cast<unsigned>(c));
}

class Translator {
 public:
  explicit Translator(std::string_view pattern) : pattern_(pattern) {}

  [[nodiscard]] std::size_t offset() const { return at_; }

  std::string run() {
    while (at_ < pattern_.size()) term();
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool ends() const { return at_ >= pattern_.size(); }
  [[nodiscard]] char peek() const { return ends() ? '\0' : pattern_[at_]; }
  [[nodiscard]] std::string_view rest() const { return pattern_.substr(at_); }

  bool take(std::string_view text) {
    if (!rest().starts_with(text)) return false;
    at_ += text.size();
    return true;
  }

  char32_t take_code_point() {
    const CodePoint next = decode_utf8(rest());
    if (!next.well_formed) throw Refused{"ill-formed UTF-8"};
    at_ += next.bytes;
    return next.value;
  }

  void term() {
    const char c = peek();
    if (c == '*' || c == '+' || c == '?') return quantifier();
    if (c == '{' && quantifier_length() > 0) return quantifier();
    can_repeat_ = c != '^' && c != '$' && c != '|' && c != '(';
    if (c == '(') return group();
    if (c == '[') return character_class();
    if (c == '\\') return escape();
    ++at_;
    if (c == '.') {
      out_ += "[^\\n\\r\\x{2028}\\x{2029}]";
    } else if (c == '{' || c == '}' || c == ']') {
      out_.append("\\").push_back(c);
    } else {
      out_.push_back(c);
    }
  }

  // The length of `{n}`, `{n,}` or `{n,m}` here; 0 where a brace is only a brace.
  [[nodiscard]] std::size_t quantifier_length() const {
    std::size_t i = at_ + 1;
    const auto digits = [&] {
      const std::size_t start = i;
      while (i < pattern_.size() && is_digit(pattern_[i])) ++i;
      return i > start;
    };
    if (!digits()) return 0;
    if (i < pattern_.size() && pattern_[i] == ',') {
      ++i;
      digits();
    }
    return i < pattern_.size() && pattern_[i] == '}' ? i + 1 - at_ : 0;
  }

  void quantifier() {
    if (!can_repeat_) throw Refused{"nothing to repeat"};
    const std::size_t length = peek() == '{' ? quantifier_length() : 1;
    out_ += rest().substr(0, length);
    at_ += length;
    if (take("?")) out_.push_back('?');
    can_repeat_ = false;
  }

  void group() {
    constexpr auto kHeads = std::to_array<std::string_view>({"(?:", "(?=", "(?!", "(?<=", "(?<!"});
    for (const std::string_view head : kHeads) {
      if (take(head)) {
        out_ += head;
        return;
      }
    }
    if (take("(?<")) {
      out_.append("(?<").append(group_name()).append(">");
    } else if (rest().starts_with("(?") || rest().starts_with("(*")) {
      throw Refused{fmt::format("\"{}\" is not ECMA-262", rest().substr(0, 3))};
    } else {
      out_.push_back('(');
      ++at_;
    }
  }

  std::string group_name() {
    const std::size_t end = rest().find('>');
    const std::string_view name = rest().substr(0, end);
    if (end == std::string_view::npos || name.empty() || is_digit(name.front()) ||
        !std::all_of(name.begin(), name.end(), is_word)) {
      throw Refused{"a group name must be letters, digits and underscores"};
    }
    at_ += end + 1;
    return std::string{name};
  }

  void escape() {
    if (at_ + 1 >= pattern_.size()) throw Refused{"a backslash at the end"};
    const char c = pattern_[at_ + 1];
    if (c == 'b' || c == 'B') {
      can_repeat_ = false;
      out_ += take("\\b") ? "\\b" : (take("\\B"), "\\B");
    } else if (c == 'k') {
      if (!take("\\k<")) throw Refused{"\\k without a group name"};
      out_.append("\\k<").append(group_name()).append(">");
    } else if (c >= '1' && c <= '9') {
      ++at_;
      std::size_t digits = 0;
      while (digits < rest().size() && is_digit(rest()[digits])) ++digits;
      out_.append("\\g{").append(rest().substr(0, digits)).append("}");
      at_ += digits;
    } else if (const auto set = class_escape()) {
      out_.append("[").append(*set).append("]");
    } else {
      out_ += code_point(character_escape());
    }
  }

  // `\d`, `\W`, `\s`, `\p{…}` … as the content of a class; nullopt where the escape is a character.
  std::optional<std::string> class_escape() {
    const char c = pattern_[at_ + 1];
    const auto set = [&](std::string_view content) {
      at_ += 2;
      return std::string{content};
    };
    switch (c) {
      case 'd': return set("0-9");
      case 'D': return set("\\x{0}-\\x{2f}\\x{3a}-\\x{10ffff}");
      case 'w': return set("A-Za-z0-9_");
      case 'W': return set("\\x{0}-\\x{2f}\\x{3a}-\\x{40}\\x{5b}-\\x{5e}\\x{60}\\x{7b}-\\x{10ffff}");
      case 's': return set(kSpace);
      case 'S': return set(kNoSpace);
      case 'p':
      case 'P': return property();
      default: return std::nullopt;
    }
  }

  std::string property() {
    const char kind = pattern_[at_ + 1];
    at_ += 2;
    const std::size_t end = rest().find('}');
    if (!take("{") || end == std::string_view::npos) throw Refused{fmt::format("\\{} without {{…}}", kind)};
    std::string_view name = rest().substr(0, end - 1);
    at_ += end;
    const std::size_t equals = name.find('=');
    const std::string_view key = equals == std::string_view::npos ? "" : name.substr(0, equals);
    const bool is_category = key.empty() || key == "General_Category" || key == "gc";
    const bool is_script = key == "Script" || key == "sc" || key == "Script_Extensions" || key == "scx";
    if (!is_category && !is_script) throw Refused{fmt::format("unknown Unicode property \"{}\"", name)};
    if (!key.empty()) name.remove_prefix(equals + 1);
    if (name.empty() || !std::all_of(name.begin(), name.end(), is_word))
      throw Refused{"an ill-formed Unicode property"};
    const auto found = std::find_if(kCategories.begin(), kCategories.end(),
                                    [&](const Category& category) { return category.long_name == name; });
    if (is_category && found != kCategories.end()) name = found->short_name;
    const std::string_view prefix = !is_script                                    ? ""
                                    : key.starts_with("Script_E") || key == "scx" ? "scx:"
                                                                                  : "sc:";
    return fmt::format("\\{}{{{}{}}}", kind, prefix, name);
  }

  char32_t hex(std::size_t digits) {
    unsigned value = 0;
    const std::string_view text = rest().substr(0, digits);
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (text.size() < digits || parsed.ptr != text.data() + digits) {
      throw Refused{fmt::format("expected {} hex digits", digits)};
    }
    at_ += digits;
    return value;
  }

  char32_t unicode_escape() {
    if (take("{")) {
      const std::size_t end = rest().find('}');
      if (end == std::string_view::npos || end == 0 || end > 8) throw Refused{"an ill-formed \\u{…}"};
      const char32_t value = hex(end);
      ++at_;
      if (value > 0x10FFFF) throw Refused{"\\u{…} beyond 10ffff"};
      return value;
    }
    const char32_t first = hex(4);
    if (first < 0xD800 || first > 0xDBFF || !rest().starts_with("\\u") || rest().starts_with("\\u{"))
      return first;
    at_ += 2;
    const char32_t second = hex(4);
    if (second < 0xDC00 || second > 0xDFFF) throw Refused{"a lone surrogate, which no JSON text can hold"};
    return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
  }

  char32_t control_letter() {
    const char letter = peek();
    if (!is_letter(letter)) throw Refused{"\\c without a letter"};
    ++at_;
    return static_cast<char32_t>(letter) % 32;
  }

  // The one character an escape stands for.
  char32_t character_escape() {
    ++at_;
    const std::size_t start = at_;
    const char32_t c = take_code_point();
    char32_t value = c;
    switch (c) {
      case 'f': value = 0x0C; break;
      case 'n': value = 0x0A; break;
      case 'r': value = 0x0D; break;
      case 't': value = 0x09; break;
      case 'v': value = 0x0B; break;
      case 'c': value = control_letter(); break;
      case 'x': value = hex(2); break;
      case 'u': value = unicode_escape(); break;
      case '0':
        if (is_digit(peek())) throw Refused{"an octal escape is not ECMA-262"};
        value = 0;
        break;
      default:
        if (c < 0x80 && is_word(static_cast<char>(c)) && c != '_') {
          at_ = start;
          throw Refused{fmt::format("\\{} is not an ECMA-262 escape", static_cast<char>(c))};
        }
    }
    if (value >= 0xD800 && value <= 0xDFFF) throw Refused{"a lone surrogate, which no JSON text can hold"};
    return value;
  }

  void character_class() {
    ++at_;
    out_ += take("^") ? "[^" : "[";
    while (!ends() && peek() != ']') class_range();
    if (!take("]")) throw Refused{"a class without its closing bracket"};
    out_.push_back(']');
  }

  void class_range() {
    const auto first = class_atom();
    if (!first || peek() != '-' || at_ + 1 >= pattern_.size() || pattern_[at_ + 1] == ']') {
      if (first) out_ += code_point(*first);
      return;
    }
    ++at_;
    const std::size_t before = out_.size();
    const auto last = class_atom();
    if (last && *last < *first) throw Refused{"a range out of order"};
    const std::string range = code_point(*first) + (last ? "-" + code_point(*last) : std::string{"\\-"});
    out_.insert(before, range);
  }

  // A character of a class; a set is written out at once and gives nullopt.
  std::optional<char32_t> class_atom() {
    if (peek() != '\\') return take_code_point();
    if (at_ + 1 >= pattern_.size()) throw Refused{"a backslash at the end"};
    const char c = pattern_[at_ + 1];
    if (c == 'b' || c == '-') {
      at_ += 2;
      return c == 'b' ? U'\b' : U'-';
    }
    if (auto set = class_escape()) {
      out_ += *set;
      return std::nullopt;
    }
    return character_escape();
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  std::string out_;
  bool can_repeat_ = false;
};

}  // namespace

Result<std::string> translate_ecma_regex(std::string_view pattern) {
  Translator translator{pattern};
  try {
    return translator.run();
  } catch (const Refused& refused) {
    return Error{ErrorCode::malformed, fmt::format("at offset {}: {}", translator.offset(), refused.why)};
  }
}

}  // namespace gate::schema
