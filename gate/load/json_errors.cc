#include "gate/load/json_errors.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <boost/json/error.hpp>

#include "gate/base/json_text.h"
#include "gate/base/utf8.h"
#include "gate/load/json_positions.h"
#include "gate/load/json_scan.h"

namespace gate::load {
namespace {

constexpr std::string_view kLoneSurrogate = "a lone surrogate in an escape";

// Finds the first key that its object already has.
struct TwinKeys {
  std::vector<std::optional<std::set<std::string>>> open;  // nullopt: an array
  std::optional<std::pair<std::size_t, std::string>> found;

  bool enter(bool object) {
    open.push_back(object ? std::optional<std::set<std::string>>{std::in_place} : std::nullopt);
    return true;
  }
  bool leave() {
    open.pop_back();
    return true;
  }
  bool value(std::size_t) { return true; }
  bool key(std::size_t offset, std::string name) {
    if (open.back()->insert(name).second) return true;
    found = {offset, std::move(name)};
    return false;
  }
};

// The first byte that is not UTF-8, if it is at or shortly before `offset`.
std::optional<std::size_t> ill_formed_near(std::string_view text, std::size_t offset) {
  std::size_t at = 0;
  while (at < text.size() && at <= offset) {
    const CodePoint next = decode_utf8(text.substr(at));
    if (!next.well_formed) return at + 4 >= offset ? std::optional{at} : std::nullopt;
    at += next.bytes;
  }
  return std::nullopt;
}

std::string unexpected(std::string_view text, std::size_t offset) {
  const CodePoint found = decode_utf8(text.substr(offset));
  if (is_control(found.value) || found.value == '\n' || found.value == '\t' || is_invisible(found.value)) {
    return fmt::format("unexpected character U+{:04X}", static_cast<unsigned>(found.value));
  }
  return fmt::format("unexpected character '{}'", text.substr(offset, found.bytes));
}

// Whether the escape of a high surrogate ends at `offset`: what follows is not its other half.
bool follows_high_surrogate(std::string_view text, std::size_t offset) {
  constexpr std::string_view kSecondDigits = "89abAB";
  if (offset < 6 || offset > text.size()) return false;
  const std::string_view escape = text.substr(offset - 6, 6);
  return escape.starts_with("\\u") && (escape[2] == 'd' || escape[2] == 'D') &&
         kSecondDigits.find(escape[3]) != std::string_view::npos;
}

Error syntax_error(std::string_view text, std::size_t offset) {
  if (follows_high_surrogate(text, offset)) return json_error_at(text, offset, kLoneSurrogate);
  if (const auto ill_formed = ill_formed_near(text, offset))
    return json_error_at(text, *ill_formed, "ill-formed UTF-8");
  if (offset >= text.size()) return json_error_at(text, text.size(), "unexpected end of the document");
  return json_error_at(text, offset, unexpected(text, offset));
}

}  // namespace

Error json_error_at(std::string_view text, std::size_t offset, std::string_view why) {
  const Position position = position_of(text, offset);
  return Error{ErrorCode::malformed, fmt::format("{}:{}: {}", position.line, position.column, why)};
}

std::optional<Error> duplicate_json_key(std::string_view text) {
  TwinKeys twins;
  JsonScan{text, twins}.run();
  if (!twins.found) return std::nullopt;
  return json_error_at(text, twins.found->first, "duplicate key " + json_quoted(twins.found->second));
}

Error json_error(const boost::system::error_code& ec, std::string_view text, std::size_t offset,
                 const JsonLimits& limits) {
  using boost::json::error;
  if (ec == error::too_deep) {
    Error deep = json_error_at(text, offset, fmt::format("nested deeper than {} levels", limits.depth));
    deep.code = ErrorCode::budget;
    return deep;
  }
  if (ec == error::exponent_overflow) {
    Error huge = json_error_at(text, offset, "a number's exponent is beyond what can be held");
    huge.code = ErrorCode::budget;
    return huge;
  }
  if (ec == error::illegal_leading_surrogate || ec == error::illegal_trailing_surrogate ||
      ec == error::expected_utf16_escape) {
    return json_error_at(text, offset, kLoneSurrogate);
  }
  if (ec == error::incomplete) return syntax_error(text, text.size());
  return syntax_error(text, offset);
}

std::optional<Error> refused_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    return Error{ErrorCode::budget, fmt::format("the document has more than {} bytes", limits.bytes)};
  }
  if (text.substr(0, 3) == "\xEF\xBB\xBF") return json_error_at(text, 0, "a byte order mark is not allowed");
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return json_error_at(text, 0, "the document is empty");
  return std::nullopt;
}

}  // namespace gate::load
