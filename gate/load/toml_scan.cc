#include "gate/load/toml_scan.h"

#include <fmt/format.h>

#include "gate/base/utf8.h"

namespace gate::load {
namespace {

// What the scanner is inside of.
enum class Inside { code, comment, basic, literal, long_basic, long_literal };

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

// Just enough of TOML's lexical grammar to tell keys and brackets from the text of strings and
// comments. It need not be exact for a file that is no TOML: the bound on a line holds anyway.
class Scanner {
 public:
  Scanner(std::string_view text, std::string_view path) : text_(text), path_(path) {}

  Status run() {
    while (at_ < text_.size() && fault_.empty()) step();
    if (fault_.empty()) return done();
    return Error{ErrorCode::malformed, fmt::format("{}:{}:{}: {}", path_, line_, column_, fault_)};
  }

 private:
  void step() {
    const CodePoint c = decode_utf8(text_.substr(at_));
    if (!c.well_formed) {
      fault_ = "not UTF-8";
    } else if (c.value == '\n') {
      end_line();
    } else if (!allowed(c.value)) {
      fault_ = fmt::format("control character U+{:04X}", static_cast<unsigned>(c.value));
    } else if (at_ - line_start_ >= kMaxTomlLine) {
      fault_ = fmt::format("line longer than {} bytes", kMaxTomlLine);
    } else {
      const std::size_t taken = inside_ == Inside::code ? in_code(text_[at_]) : in_text(c.bytes);
      if (fault_.empty()) advance(taken);
    }
  }

  [[nodiscard]] bool allowed(char32_t c) const {
    if (c == '\t') return true;
    if (c == '\r') return at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
    return c >= 0x20 && c != 0x7F;
  }

  void advance(std::size_t bytes) {
    column_ += count_code_points(text_.substr(at_, bytes));
    at_ += bytes;
  }

  void end_line() {
    ++at_;
    ++line_;
    column_ = 1;
    line_start_ = at_;
    key_parts_ = 1;
    if (inside_ == Inside::comment || inside_ == Inside::basic || inside_ == Inside::literal) {
      inside_ = Inside::code;
    }
    if (inside_ == Inside::code && open_.empty()) {
      last_ = '\n';
      in_value_ = false;
    }
  }

  // Takes one character of code and says how many bytes were taken.
  std::size_t in_code(char c) {
    constexpr std::string_view kBehindString = ".=,]}# \t\r";
    if (last_ == kString && kBehindString.find(c) == std::string_view::npos) {
      fault_ = "text right behind a string";
    }
    const std::size_t taken = take_code(c);
    const bool is_blank = c == ' ' || c == '\t' || c == '\r' || c == '#';
    if (!is_blank) last_ = inside_ == Inside::code ? c : kString;
    return taken;
  }

  std::size_t take_code(char c) {
    switch (c) {
      case '#': inside_ = Inside::comment; return 1;
      case '"': return open_string("\"\"\"", Inside::basic, Inside::long_basic);
      case '\'': return open_string("'''", Inside::literal, Inside::long_literal);
      case '[':
      case '{': open_bracket(c); return 1;
      case ']':
      case '}': close_bracket(); return 1;
      case '.': add_key_part(); return 1;
      case '=': begin_value(); return 1;
      case ',': end_element(); return 1;
      default: return in_bare_text(c);
    }
  }

  std::size_t open_string(std::string_view long_quote, Inside one_line, Inside many_lines) {
    const bool is_long = text_.substr(at_, long_quote.size()) == long_quote;
    const bool begins = in_value_ ? value_begins() : !is_long && follows("\n.{,[");
    if (!begins) fault_ = "a quote where neither a key nor a value begins";
    inside_ = is_long ? many_lines : one_line;
    return is_long ? long_quote.size() : 1;
  }

  // Whether what comes now is the first of a value. Elsewhere the parser takes quotes and brackets for
  // part of a bare value, whatever they hold.
  [[nodiscard]] bool value_begins() const { return follows("=[,"); }

  [[nodiscard]] bool follows(std::string_view characters) const {
    return characters.find(last_) != std::string_view::npos;
  }

  void open_bracket(char bracket) {
    key_parts_ = 1;
    if (open_.empty()) count_table();
    const bool begins = in_value_ ? value_begins() : bracket == '[' && follows("\n[");
    if (!begins) fault_ = "a bracket where no value begins";
    open_.push_back(in_value_ ? bracket : kHeader);
    if (bracket == '{') in_value_ = false;
    if (open_.size() > kMaxTomlNesting) {
      fault_ = fmt::format("brackets nested deeper than {}", kMaxTomlNesting);
    }
  }

  void close_bracket() {
    key_parts_ = 1;
    if (open_.empty()) return;
    in_value_ = open_.back() != kHeader;
    open_.pop_back();
  }

  void begin_value() {
    key_parts_ = 1;
    if (in_value_) fault_ = "a second = in a value";
    in_value_ = true;
  }

  void end_element() {
    key_parts_ = 1;
    in_value_ = open_.empty() || open_.back() == '[';
  }

  void add_key_part() {
    if (++key_parts_ == 2) count_table();
    if (key_parts_ > kMaxTomlKeyParts) fault_ = fmt::format("key of more than {} parts", kMaxTomlKeyParts);
  }

  void count_table() {
    if (++tables_ > kMaxTomlTables) fault_ = fmt::format("more than {} tables and arrays", kMaxTomlTables);
  }

  std::size_t in_bare_text(char c) {
    if (!is_ascii(c)) fault_ = "character outside of strings and comments that is not ASCII";
    return 1;
  }

  // The parser asks of what follows a backslash in a long string whether it is white space, and its
  // answer for a character that is not ASCII is undefined.
  void check_continuation(std::string_view rest) {
    const std::size_t next = rest.find_first_not_of(" \t\r\n", 1);
    if (inside_ != Inside::long_basic || rest[0] != '\\' || next == std::string_view::npos) return;
    if (!is_ascii(rest[next])) fault_ = "backslash before a character that is not ASCII";
  }

  // Takes a character, an escape or the closing quotes of a comment or string.
  std::size_t in_text(std::size_t bytes) {
    const std::string_view rest = text_.substr(at_);
    check_continuation(rest);
    const bool escapes = inside_ == Inside::basic || inside_ == Inside::long_basic;
    if (escapes && rest.size() > 1 && rest[0] == '\\' && (rest[1] == '"' || rest[1] == '\\')) return 2;
    const std::string_view quote = closing_quote();
    if (quote.empty() || rest.substr(0, quote.size()) != quote) return bytes;
    // Up to two quotes may stand right before the closing three.
    std::size_t length = quote.size();
    while (quote.size() == 3 && length < 5 && length < rest.size() && rest[length] == quote[0]) ++length;
    inside_ = Inside::code;
    return length;
  }

  [[nodiscard]] std::string_view closing_quote() const {
    switch (inside_) {
      case Inside::basic: return "\"";
      case Inside::literal: return "'";
      case Inside::long_basic: return "\"\"\"";
      case Inside::long_literal: return "'''";
      case Inside::code:
      case Inside::comment: return {};
    }
    return {};
  }

  std::string_view text_;
  std::string_view path_;
  static constexpr char kString = '"';
  static constexpr char kHeader = 'h';

  std::string fault_;
  char last_ = '\n';  // the last character of code but blanks and comments; kString behind a string
  Inside inside_ = Inside::code;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  std::size_t line_ = 1;
  std::size_t column_ = 1;
  std::size_t key_parts_ = 1;
  std::string open_;       // brackets not closed yet: `[` of an array, `{`, kHeader
  bool in_value_ = false;  // behind a `=`, and in an array
  std::size_t tables_ = 0;
};

}  // namespace

Status check_toml_bounds(std::string_view text, std::string_view path) {
  return Scanner{text, path}.run();
}

}  // namespace gate::load
