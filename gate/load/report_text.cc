#include "gate/load/report_text.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "gate/base/hash.h"
#include "gate/base/text.h"
#include "gate/base/utf8.h"

namespace gate::load {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Takes half a character off the end.
void trim_to_character(std::string& text) {
  for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if (byte < 0x80) return;
    if (byte >= 0xC0) {
      if (!decode_utf8(std::string_view{text}.substr(text.size() - back)).well_formed)
        text.resize(text.size() - back);
      return;
    }
  }
}

// How the escape character looks once it went through a test tool and the byte filter.
constexpr std::array<std::string_view, 5> kEscapes{"\x1B", "\xEF\xBF\xBD", "#x1B", "[NON-XML-CHAR-0x1B]",
                                                   "\\x1b"};

// The length of a control sequence `[31;1m` at the start of `text`; 0 where there is none.
std::size_t control_sequence(std::string_view text) {
  if (text.empty() || text[0] != '[') return 0;
  std::size_t at = 1;
  while (at < text.size() && (is_digit(text[at]) || text[at] == ';' || text[at] == '?')) ++at;
  return at < text.size() && is_letter(text[at]) ? at + 1 : 0;
}

std::size_t escape_sequence(std::string_view text) {
  for (const std::string_view escape : kEscapes) {
    if (text.substr(0, escape.size()) != escape) continue;
    const std::size_t control = control_sequence(text.substr(escape.size()));
    if (control > 0) return escape.size() + control;
  }
  return 0;
}

constexpr std::array<std::string_view, 54> kSourceExtensions{
    "bats", "c",       "cc",  "clj", "cpp", "cs",  "cjs", "cts",    "cxx", "dart",  "ex",
    "exs",  "feature", "fs",  "go",  "h",   "hh",  "hpp", "hs",     "hxx", "ino",   "jl",
    "java", "js",      "jsx", "kt",  "kts", "lua", "m",   "mjs",    "mm",  "mts",   "nim",
    "php",  "phpt",    "pl",  "py",  "pyx", "r",   "rb",  "robot",  "rs",  "scala", "sh",
    "sql",  "swift",   "t",   "ts",  "tsx", "vb",  "vue", "svelte", "zig", "groovy"};

bool is_source_name(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  const std::string extension = lower(path.substr(dot + 1));
  return std::find(kSourceExtensions.begin(), kSourceExtensions.end(), extension) != kSourceExtensions.end();
}

bool is_path_character(char c) {
  return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view{"._-/\\+@~$"}.find(c) != std::string_view::npos;
}

// The path that ends just before `end`, with a drive letter where it has one.
std::string_view path_before(std::string_view text, std::size_t end) {
  std::size_t from = end;
  while (from > 0 && is_path_character(text[from - 1])) --from;
  if (from >= 2 && text[from - 1] == ':' && is_letter(text[from - 2]) && from < end &&
      (text[from] == '\\' || text[from] == '/')) {
    from -= 2;
  }
  return text.substr(from, end - from);
}

// The line number behind `:`, `:line ` or `", line `.
std::size_t line_behind(std::string_view text) {
  for (const std::string_view lead : {std::string_view{":line "}, std::string_view{"\", line "},
                                      std::string_view{", line "}, std::string_view{":"}}) {
    if (text.substr(0, lead.size()) != lead) continue;
    const std::string_view rest = text.substr(lead.size());
    std::size_t digits = 0;
    while (digits < rest.size() && is_digit(rest[digits])) ++digits;
    if (digits > 0) return line_number(rest.substr(0, digits));
  }
  return 0;
}

// A line that only leads up to the one that tells: where it happened, or that something did.
bool is_preamble(std::string_view line) {
  if (line == "FAILED:" || line == "unknown file") return true;  // Catch2, GoogleTest
  if (line.substr(0, 14) == "(in test file " || line.substr(0, 6) == "(from ") return true;  // bats
  const std::size_t colon = line.rfind(':');
  return colon != std::string_view::npos && line_behind(line.substr(colon)) != 0 &&
         path_before(line, colon).size() == colon && is_source_name(line.substr(0, colon)) &&
         line.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
}

std::string_view telling_line(std::string_view text) {
  const std::string_view first = first_line(text);
  if (first == "Traceback (most recent call last):") {
    const std::string_view rest = trim(text);
    return trim(rest.substr(rest.rfind('\n') + 1));
  }
  for (const std::string_view line : split(text, '\n')) {
    const std::string_view words = trim(line);
    if (!words.empty() && !is_preamble(words)) return words;
  }
  return first;
}

}  // namespace

void CappedText::append(std::string_view piece) {
  if (capped_) return;
  if (text_.size() + piece.size() <= limit_) {
    text_ += piece;
    return;
  }
  text_ += piece.substr(0, limit_ - text_.size());
  trim_to_character(text_);
  capped_ = true;
}

void CappedText::clear() {
  text_.clear();
  capped_ = false;
}

void assign_name(std::string& out, std::string_view name) {
  if (name.size() <= kMaxName) {
    out.assign(name);
  } else {
    constexpr std::size_t kDigits = 16;
    out = shortened(name, kMaxName - kDigits - 1) + " " + sha256_hex(name).substr(0, kDigits);
  }
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
}

std::string message_of(std::string_view text) {
  // Escapes are taken out of the beginning only: the first line with words stands there.
  constexpr std::size_t kLookedAt = 8 * kMaxMessage;
  const std::string plain = without_escapes(text.substr(0, kLookedAt));
  return shortened(with_valid_utf8(telling_line(plain)), kMaxMessage);
}

std::string without_escapes(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t next = std::min(text.find_first_of("\x1B\xEF#[\\"), text.size());
    out += text.substr(0, next);
    text.remove_prefix(next);
    if (text.empty()) break;
    const std::size_t escape = escape_sequence(text);
    if (escape == 0) out += text[0];
    text.remove_prefix(std::max<std::size_t>(escape, 1));
  }
  return out;
}

std::optional<SourcePosition> find_source_position(std::string_view text) {
  for (std::size_t at = text.find_first_of(":,\""); at != std::string_view::npos;
       at = text.find_first_of(":,\"", at + 1)) {
    const std::size_t line = line_behind(text.substr(at));
    if (line == 0) continue;
    const std::string_view path = path_before(text, at);
    if (path.size() <= kMaxName && is_source_name(path)) return SourcePosition{std::string{path}, line};
  }
  return std::nullopt;
}

std::size_t line_number(std::string_view text) {
  std::size_t line = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), line);
  constexpr std::size_t kMost = 1'000'000'000;
  return problem == std::errc{} && stop == text.data() + text.size() && line <= kMost ? line : 0;
}

}  // namespace gate::load
