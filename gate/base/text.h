#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gate {

// ASCII helpers. Nothing here depends on a locale.
std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string lower(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);
bool ends_with_ignoring_case(std::string_view text, std::string_view end);
// An empty `from` is found nowhere.
std::string replace_all(std::string_view text, std::string_view from, std::string_view to);

// The first line that is not blank, trimmed; empty if there is none.
std::string_view first_line(std::string_view text);

// At most `limit` bytes, cut at a code point, with "…" where something was left out and three bytes
// are allowed.
std::string shortened(std::string_view text, std::size_t limit);

// "1 finding", "3 findings", "2 entries" for ("entry", "entries").
std::string counted(std::size_t count, std::string_view singular);
std::string counted(std::size_t count, std::string_view singular, std::string_view plural);

// 1234567 as "1,234,567".
std::string grouped(std::size_t count);

}  // namespace gate
