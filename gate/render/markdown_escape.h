#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gate::render {

// Untrusted text for a line of GitHub Markdown, in a table cell too: shown as it is, with no markup,
// HTML, comment, link, emoji code, formula or table border in it, and no `@mention` or `#123` that would
// notify anybody or link anywhere (a zero-width space stands in them). At most `limit` bytes of it.
std::string markdown_text(std::string_view text, std::size_t limit);

// The same as a code span: the fence is longer than any run of backticks inside. Empty for empty.
std::string markdown_code(std::string_view text, std::size_t limit);

// Lines that are already visible (visible.h), as a fenced block.
std::string markdown_block(std::string_view lines);

}  // namespace gate::render
