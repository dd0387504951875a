#include "gate/schema/ecma_regex.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gate/base/utf8.h"
#include "gate/schema/unicode_properties.h"

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
    check_references();
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
    closed_ = 0;
    if (c == '(') return group();
    if (c == '[') return character_class();
    if (c == '\\') return escape();
    ++at_;
    if (c == ')' && current_ != 0) closed_ = std::exchange(current_, groups_[current_].parent);
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
    if (groups_[closed_].looks_behind) throw Refused{"a lookbehind cannot be repeated"};
    const std::size_t length = peek() == '{' ? quantifier_length() : 1;
    if (closed_ != 0) repeat(groups_[closed_], rest().substr(0, length));
    out_ += rest().substr(0, length);
    at_ += length;
    if (take("?")) out_.push_back('?');
    can_repeat_ = false;
  }

  struct Group {
    std::size_t parent = 0;
    bool looks = false;  // a positive lookahead or lookbehind, whose captures outlive it
    bool looks_behind = false;
    bool optional = false;  // it, or once all are read one around it, need not match
    bool turns = false;     // it may have none or several turns, or one within it
    bool unsafe = false;    // as optional: its captures may differ from those of ECMA-262 (check_references)
  };

  static void repeat(Group& group, std::string_view quantifier) {
    const auto number = [](std::string_view digits) {
      unsigned value = 2;  // stays where there are none, or too many
      std::from_chars(digits.data(), digits.data() + digits.size(), value);
      return value;
    };
    const bool counts = quantifier.front() == '{';
    const std::size_t comma = quantifier.find(',');
    const std::size_t most = comma == std::string_view::npos ? 1 : comma + 1;
    group.unsafe = counts ? number(quantifier.substr(most)) > 1 : quantifier != "?";
    group.optional = counts ? number(quantifier.substr(1)) == 0 : quantifier != "+";
    group.turns = group.unsafe || group.optional;
  }

  void open(std::string_view head) {
    const bool looks_behind = head == "(?<=" || head == "(?<!";
    groups_.push_back({current_, head == "(?=" || head == "(?<=", looks_behind});
    current_ = groups_.size() - 1;
    if (head == "(") captures_.push_back(current_);
  }

  // ECMA-262 forgets at each turn what the groups within a repeated one captured, and drops a turn that
  // matched nothing, which shows in what looking around captured. PCRE2 keeps both.
  void check_references() {
    for (std::size_t i = groups_.size(); --i > 0;) groups_[groups_[i].parent].turns |= groups_[i].turns;
    for (Group& group : groups_) {
      const Group& around = groups_[group.parent];
      group.optional |= around.optional;
      group.unsafe |= around.unsafe || (group.looks && (group.optional || group.turns));
    }
    for (const Reference& reference : references_) {
      const auto named = names_.find(reference.name);
      const std::size_t number = named != names_.end() ? named->second : reference.number;
      if (number == 0 || number > captures_.size() || !groups_[captures_[number - 1]].unsafe) continue;
      at_ = reference.at;
      throw Refused{"a back reference to a repeated group cannot be matched as ECMA-262 has it"};
    }
  }

  void group() {
    constexpr auto kHeads = std::to_array<std::string_view>({"(?:", "(?=", "(?!", "(?<=", "(?<!"});
    for (const std::string_view head : kHeads) {
      if (take(head)) {
        out_ += head;
        open(head);
        return;
      }
    }
    if (take("(?<")) {
      open("(");
      const std::string_view name = group_name();
      names_.emplace(name, captures_.size());
      out_.append("(?<").append(name).append(">");
    } else if (rest().starts_with("(?") || rest().starts_with("(*")) {
      throw Refused{fmt::format("\"{}\" is not ECMA-262", rest().substr(0, 3))};
    } else {
      open("(");
      out_.push_back('(');
      ++at_;
    }
  }

  std::string_view group_name() {
    const std::size_t end = rest().find('>');
    const std::string_view name = rest().substr(0, end);
    if (end == std::string_view::npos || name.empty() || is_digit(name.front()) ||
        !std::all_of(name.begin(), name.end(), is_word)) {
      throw Refused{"a group name must be letters, digits and underscores"};
    }
    at_ += end + 1;
    return name;
  }

  // A back reference is written as a group of its own: where it is repeated and its group did not match,
  // machine code of PCRE2 10.42 fails, and other code does not.
  void escape() {
    if (at_ + 1 >= pattern_.size()) throw Refused{"a backslash at the end"};
    const char c = pattern_[at_ + 1];
    if (c == 'b' || c == 'B') {
      can_repeat_ = false;
      out_ += take("\\b") ? "\\b" : (take("\\B"), "\\B");
    } else if (c == 'k') {
      const std::size_t start = at_;
      if (!take("\\k<")) throw Refused{"\\k without a group name"};
      references_.push_back({start, 0, group_name()});
      out_.append("(?:\\k<").append(references_.back().name).append(">)");
    } else if (c >= '1' && c <= '9') {
      ++at_;
      std::size_t digits = 0;
      while (digits < rest().size() && is_digit(rest()[digits])) ++digits;
      std::size_t number = 0;  // stays where there are too many digits, which PCRE2 refuses
      std::from_chars(rest().data(), rest().data() + digits, number);
      references_.push_back({at_ - 1, number, {}});
      out_.append("(?:\\g{").append(rest().substr(0, digits)).append("})");
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
    const std::string_view name = rest().substr(0, end - 1);
    at_ += end;
    const std::string known = pcre2_property(name);
    if (known.empty()) throw Refused{fmt::format("unknown Unicode property \"{}\"", name)};
    return fmt::format("\\{}{{{}}}", kind, known);
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

  struct Reference {
    std::size_t at = 0;
    std::size_t number = 0;  // 0: by name
    std::string_view name;
  };
  std::vector<Group> groups_ = std::vector<Group>(1);  // as they open; the first is the pattern
  std::size_t current_ = 0;                            // the innermost that is open
  std::size_t closed_ = 0;                             // the one that ends here; 0: none
  std::vector<std::size_t> captures_;                  // their groups; \1 is the first
  std::map<std::string_view, std::size_t> names_;      // the numbers of named captures
  std::vector<Reference> references_;
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
