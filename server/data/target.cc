#include "server/data/target.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "gate/base/text.h"

namespace server::data {
namespace {

// The bytes that a segment stands for; nullopt where a `%` lacks its two digits.
std::optional<std::string> decoded(std::string_view segment) {
  std::string bytes;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    if (segment[i] != '%') {
      bytes.push_back(segment[i]);
      continue;
    }
    const std::string_view digits = segment.substr(i + 1, 2);
    unsigned byte = 0;
    const auto [stopped, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    if (digits.size() != 2 || error != std::errc{} || stopped != digits.data() + 2) return std::nullopt;
    bytes.push_back(static_cast<char>(byte));
    i += 2;
  }
  return bytes;
}

bool means_something_else(char c) {
  return c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
}

// Why a segment is refused, or empty.
std::string_view fault_of(std::string_view segment) {
  const auto bytes = decoded(segment);
  if (segment.empty()) return "is empty";
  if (!bytes) return "has a % without two hexadecimal digits";
  if (std::any_of(bytes->begin(), bytes->end(), means_something_else))
    return "holds a slash, a backslash or a control character";
  // Some servers cut a segment's parameters off before they resolve it: `..;a`.
  const std::string_view name = std::string_view{*bytes}.substr(0, bytes->find(';'));
  return name == "." || name == ".." ? "leads elsewhere" : std::string_view{};
}

}  // namespace

gate::Result<std::string> forwarded_target(std::string_view rest, std::string_view target) {
  std::size_t number = 0;
  for (const std::string_view segment : gate::split(rest, '/')) {
    ++number;
    const std::string_view fault = fault_of(segment);
    if (!fault.empty())
      return gate::Error{gate::ErrorCode::malformed,
                         fmt::format("segment {} of the forwarded path {}", number, fault)};
  }
  const std::size_t query = target.find('?');
  return fmt::format("/{}{}", rest,
                     query == std::string_view::npos ? std::string_view{} : target.substr(query));
}

}  // namespace server::data
