#pragma once

#include <string>

#include "gate/policy/report.h"

namespace gate::render {

// The results that are lists of objects, as Markdown tables: a title, a column a member, at most kRowsShown
// rows. Empty where there are none.
std::string markdown_tables(const policy::Report& report);

// The other results and the facts, as a folded block of text. Empty where there are none.
std::string markdown_results(const policy::Report& report);

// `body` behind a line to unfold it by.
std::string markdown_folded(std::string_view summary, std::string_view body);

}  // namespace gate::render
