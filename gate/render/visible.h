#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gate::render {

// Untrusted text for one line of a terminal, a log or a table. What would act instead of being read
// is spelled out: controls, line ends, bidi controls, invisible characters and line separators as
// `\n`, `\t` or `\u{202E}`; ill-formed UTF-8 as U+FFFD. At most `limit` bytes of `text` are shown,
// then "…".
constexpr std::size_t kLineLimit = 4'096;
std::string visible(std::string_view text, std::size_t limit = kLineLimit);

// What replaces the `[` of a legacy `##[command]` and the first `:` of a line that starts with `::`,
// in the syntax of the format: the GitHub runner reads commands out of everything a step prints.
struct CommandBreaker {
  std::string_view bracket;
  std::string_view colon;
};
constexpr CommandBreaker kBreakInText{"\\[", "\\:"};  // Markdown reads these as `[` and `:`
constexpr CommandBreaker kBreakInJson{"\\u005b", "\\u003a"};
constexpr CommandBreaker kBreakInXml{"&#91;", "&#58;"};

// `text` without anything that the runner would take for a workflow command. The runner compares by
// culture, which skips zero-width characters: so does this.
std::string break_commands(std::string_view text, const CommandBreaker& breaker);

// Columns that `text` takes on a terminal: two for wide East Asian characters and emoji, none for
// combining marks.
std::size_t display_width(std::string_view text);

// `text` cut to `width` columns with "…" where something was left out.
std::string cut_to_width(std::string_view text, std::size_t width);

}  // namespace gate::render
