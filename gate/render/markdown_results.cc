#include "gate/render/markdown_results.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/render/markdown_escape.h"
#include "gate/render/tree_text.h"
#include "gate/render/wording.h"

namespace gate::render {
namespace {

constexpr std::size_t kTreeWidth = 100;
constexpr std::size_t kCellBytes = 200;

bool is_number(const Value* value) {
  return value != nullptr && (value->as_integer() != nullptr || value->as_number() != nullptr);
}

// Numbers as they are, all else as code: nothing in it can end the cell.
std::string cell_of(const Value* value) {
  const std::string text = value != nullptr && is_scalar(*value) ? scalar_text(*value) : "-";
  return is_number(value) ? text : markdown_code(text.empty() ? "-" : text, kCellBytes);
}

std::string table_of(const Value::Member& result) {
  const Value::Array& rows = *result.value.as_array();
  const std::vector<std::string> names = columns_of(rows);
  std::string heading = "|";
  std::string rule = "|";
  for (const std::string& name : names) {
    heading += fmt::format(" {} |", markdown_text(title_of(name), kCellBytes));
    rule += is_number(rows.front().find(name)) ? "---:|" : "---|";
  }
  std::string out =
      fmt::format("\n**{}**\n\n{}\n{}\n", markdown_text(title_of(result.name), kCellBytes), heading, rule);
  for (std::size_t i = 0; i < std::min(rows.size(), kRowsShown); ++i) {
    out += "|";
    for (const std::string& name : names) {
      out += fmt::format(" {} |", cell_of(rows[i].find(name)));
    }
    out += "\n";
  }
  if (rows.size() > kRowsShown) out += fmt::format("\n… and {} more\n", grouped(rows.size() - kRowsShown));
  return out;
}

}  // namespace

std::string markdown_folded(std::string_view summary, std::string_view body) {
  return fmt::format("\n<details><summary>{}</summary>\n\n{}\n</details>\n", summary, body);
}

std::string markdown_tables(const policy::Report& report) {
  std::string out;
  for (const Value::Member* result : results_to_show(report)) {
    if (is_table(result->value)) out += table_of(*result);
  }
  return out;
}

std::string markdown_results(const policy::Report& report) {
  std::string lines;
  for (const Value::Member* result : results_to_show(report)) {
    if (!is_table(result->value)) lines += tree_text(result->name, result->value, kTreeWidth);
  }
  if (const auto* facts = report.facts.as_object(); facts != nullptr && !facts->empty()) {
    lines += tree_text("facts", report.facts, kTreeWidth);
  }
  return lines.empty() ? "" : markdown_folded("Results", markdown_block(lines));
}

}  // namespace gate::render
