#pragma once

#include <cstddef>
#include <string>

#include "gate/policy/report.h"

namespace gate::render {

// How text is laid out: what the caller knows about where it goes.
struct TextStyle {
  bool colour = false;    // ANSI colours: only on a terminal that wants them
  std::size_t width = 0;  // columns; 0: unknown, tables are kept under 120
};

// For a person: results, one line a finding, what the policy overrode, and the verdict as the last
// line. A merged report begins with one table of its checks. Never holds a control character beyond
// line feeds (and the colours asked for), nor anything the GitHub runner takes for a command.
std::string as_text(const policy::Report& report, const TextStyle& style = {});

// One finding on one line, no line feed: `file:line:column: error[rule] /qty: message` where it has a
// line, else `error: subject: message [rule]`.
std::string finding_line(policy::Mode mode, const policy::Finding& finding, const TextStyle& style = {});

}  // namespace gate::render
