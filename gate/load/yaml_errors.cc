#include "gate/load/yaml_errors.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/base/utf8.h"
#include "gate/load/encoding.h"
#include "gate/load/json_errors.h"
#include "gate/load/json_positions.h"

namespace gate::load {
namespace {

// Bytes of printable ASCII at the front of `text`, eight at a time.
std::size_t plain_bytes(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHighs = kOnes << 7U;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    const std::uint64_t below_space = (word - kOnes * 0x20) & ~word;
    const std::uint64_t above_tilde = word + kOnes;  // 7F becomes 80; no byte above is left to carry
    if (((word | below_space | above_tilde) & kHighs) != 0) break;
  }
  while (at < text.size() && text[at] >= ' ' && text[at] <= '~') ++at;
  return at;
}

// YAML 1.1 ends a line at these, YAML 1.2 does not: one text, two documents.
bool is_disputed_break(char32_t c) {
  return c == 0x85 || c == 0x2028 || c == 0x2029;
}

// YAML 1.2, 5.1, less the byte order mark.
bool is_excluded(char32_t c) {
  return (is_control(c) && c != 0x0D) || c == 0xFEFF || c == 0xFFFE || c == 0xFFFF;
}

std::string named(char32_t c) {
  return fmt::format("U+{:04X}", static_cast<std::uint32_t>(c));
}

std::optional<Error> refused_character(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    at += plain_bytes(text.substr(at));
    if (at == text.size()) break;
    const CodePoint next = decode_utf8(text.substr(at));
    if (!next.well_formed) return json_error_at(text, at, "ill-formed UTF-8");
    if (is_disputed_break(next.value)) {
      return json_error_at(text, at,
                           named(next.value) + " ends a line for some readers: write it as an escape");
    }
    if (is_excluded(next.value)) return json_error_at(text, at, "unexpected character " + named(next.value));
    at += next.bytes;
  }
  return std::nullopt;
}

std::optional<Error> refused_encoding(std::string_view text) {
  const EncodingDecision decision = decide_encoding(text.substr(0, kEncodingHead));
  if (decision.encoding == Encoding::utf16_little || decision.encoding == Encoding::utf16_big)
    return json_error_at(text, 0, "the document is UTF-16, not UTF-8");
  if (decision.mark > 0) return json_error_at(text, 0, "a byte order mark is not allowed");
  return std::nullopt;
}

// The line at the front of `text`, taken off it with its end.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

bool says_nothing(std::string_view line) {
  const std::string_view rest = trim(line);
  return rest.empty() || rest.front() == '#';
}

// Nothing that %TAG could shorten is read, and its parser takes the square of the time for many.
std::optional<Error> refused_directive(std::string_view text) {
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = take_line(rest);
    if (says_nothing(line)) continue;
    if (!line.starts_with('%')) break;
    if (line.starts_with("%TAG")) {
      return json_error_at(text, static_cast<std::size_t>(line.data() - text.data()),
                           "a %TAG directive is not supported");
    }
  }
  return std::nullopt;
}

using Pair = std::array<std::string_view, 2>;

constexpr Pair kProblems[] = {
    {"found unexpected end of stream", "unexpected end of the document"},
    {"found unexpected document indicator", "\"---\" and \"...\" may not begin a line of a quoted text"},
    {"mapping values are not allowed in this context",
     "\": \" is not allowed here: quote the text, or begin a line"},
    {"block sequence entries are not allowed in this context", "\"- \" is not allowed here: begin a line"},
    {"could not find expected ':'", "a key without \": \" after it, on its line and within 1024 characters"},
    {"found character that cannot start any token", "no value begins with this character: quote the text"},
    {"found unknown escape character", "unknown escape"},
    {"found invalid Unicode character escape code",
     "an escape that stands for no character: write a surrogate pair as one, as in \"\\U0001F600\""},
    {"did not find expected hexdecimal number", "an escape with too few hexadecimal digits"},
    {"found undefined tag handle", "a tag with a prefix that is not declared"},
    {"found unknown directive name", "unknown directive"},
    {"found incompatible YAML document", "only YAML 1.2 is read"},
};

constexpr Pair kContexts[] = {
    {"while parsing a flow sequence", "list"},          {"while parsing a flow mapping", "mapping"},
    {"while parsing a block collection", "list"},       {"while parsing a block mapping", "mapping"},
    {"while scanning a quoted scalar", "quoted text"},  {"while parsing a quoted scalar", "quoted text"},
    {"while scanning a block scalar", "block of text"}, {"while scanning a plain scalar", "text"},
};

template <std::size_t N>
std::optional<std::string_view> translated(const Pair (&pairs)[N], std::string_view theirs) {
  for (const auto& [from, to] : pairs) {
    if (from == theirs) return to;
  }
  return std::nullopt;
}

// Our words for a problem; the parser's own where they say it well.
std::string_view our_words(std::string_view text, const YamlProblem& problem) {
  const bool no_token = problem.problem == "found character that cannot start any token";
  if (no_token && problem.at < text.size() && text[problem.at] == '\t') return "a tab may not indent";
  return translated(kProblems, problem.problem).value_or(problem.problem);
}

}  // namespace

std::optional<Error> refused_yaml(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    return Error{ErrorCode::budget, fmt::format("the document has more than {} bytes", limits.bytes)};
  }
  if (auto refused = refused_encoding(text)) return refused;
  if (auto refused = refused_character(text)) return refused;
  return refused_directive(text);
}

std::optional<Error> after_yaml_document(std::string_view text, std::size_t rest) {
  for (std::string_view left = text.substr(rest); !left.empty();) {
    const std::string_view line = take_line(left);
    const bool marks_end = line.starts_with("...") && says_nothing(line.substr(3));
    if (marks_end || says_nothing(line)) continue;
    const bool second = line.starts_with("---") || line.starts_with('%');
    const std::size_t indent = line.find_first_not_of(" \t");
    return json_error_at(
        text, static_cast<std::size_t>(line.data() - text.data()) + indent,
        second ? "a second document begins: a file holds one" : "unexpected content after the document");
  }
  return std::nullopt;
}

Error yaml_error(std::string_view text, const YamlProblem& problem) {
  std::string why{our_words(text, problem)};
  if (const auto context = translated(kContexts, problem.context)) {
    const Position start = position_of(text, problem.context_at);
    why += fmt::format(", in the {} that begins at {}:{}", *context, start.line, start.column);
  }
  return json_error_at(text, problem.at, why);
}

}  // namespace gate::load
