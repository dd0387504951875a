#include "gate/render/markdown_escape.h"

#include <algorithm>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/render/visible.h"

namespace gate::render {
namespace {

constexpr std::string_view kZeroWidthSpace = "\u200B";
constexpr std::string_view kComment = "<!--";
constexpr std::string_view kMarkup = "\\`*_[]<>&~|$";

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string entity(char c) {
  return fmt::format("&#{};", static_cast<int>(c));
}

// Whether GitHub would read `c`, followed by `rest`, as the start of something: a mention, a
// reference, an emoji code, the middle of an address.
bool starts_reference(char c, std::string_view before, std::string_view rest) {
  const char next = rest.empty() ? ' ' : rest.front();
  if (c == '@') return true;
  if (c == '#') return is_alphanumeric(next);
  if (c == ':') return next != ' ';
  if (c == '-') {
    return next >= '0' && next <= '9' && before.size() >= 2 &&
           equal_ignoring_case(before.substr(before.size() - 2), "gh");
  }
  return c == 'w' && next == '.';
}

std::size_t longest_run(std::string_view text, char of) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == of ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

std::string all_entities(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = is_alphanumeric(c) || c == ' ' || static_cast<unsigned char>(c) >= 0x80;
    out += plain ? std::string(1, c) : entity(c);
  }
  return out;
}

}  // namespace

std::string markdown_text(std::string_view text, std::size_t limit) {
  const std::string shown = visible(text, limit);
  std::string out;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const char c = shown[i];
    out += kMarkup.find(c) == std::string_view::npos ? std::string(1, c) : entity(c);
    const std::string_view all = shown;
    if (starts_reference(c, all.substr(0, i), all.substr(i + 1))) out += kZeroWidthSpace;
  }
  return out;
}

std::string markdown_code(std::string_view text, std::size_t limit) {
  const std::string shown = visible(text, limit);
  if (trim(shown).empty()) return {};
  // A table ends a cell at any `|`, inside a code span too, and versions differ on what `\|` means; and
  // who looks for a comment's marker finds it there as well.
  const bool spelled = shown.find('|') != std::string::npos || shown.find(kComment) != std::string::npos;
  if (spelled) return fmt::format("<code>{}</code>", all_entities(shown));
  const std::size_t run = longest_run(shown, '`');
  if (run == 0) return fmt::format("`{}`", shown);
  const std::string fence(run + 1, '`');
  return fmt::format("{} {} {}", fence, shown, fence);
}

std::string markdown_block(std::string_view lines) {
  const std::string text = replace_all(lines, kComment, fmt::format("<!{}--", kZeroWidthSpace));
  const std::string fence(std::max<std::size_t>(3, longest_run(text, '`') + 1), '`');
  const std::string_view end = text.empty() || text.back() == '\n' ? "" : "\n";
  return fmt::format("{}text\n{}{}{}\n", fence, text, end, fence);
}

}  // namespace gate::render
