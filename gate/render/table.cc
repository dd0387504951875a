#include "gate/render/table.h"

#include <algorithm>
#include <utility>

#include "gate/render/visible.h"

namespace gate::render {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 16;  // a column gives way no further

std::vector<std::size_t> widths_of(std::size_t columns, const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(columns, 0);
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < columns; ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  return widths;
}

void narrow(const std::vector<Column>& columns, std::vector<std::size_t>& widths, std::size_t width) {
  std::size_t total = kGap * (columns.size() - 1);
  for (const std::size_t w : widths) total += w;
  if (width == 0 || total <= width) return;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!columns[i].gives_way) continue;
    const std::size_t excess = total - width;
    const std::size_t floor = std::min(widths[i], kNarrowest);
    widths[i] = widths[i] > excess + floor ? widths[i] - excess : floor;
  }
}

std::string padded(const std::string& cell, std::size_t width, bool right) {
  const std::string text = cut_to_width(cell, width);
  const std::size_t taken = display_width(text);
  const std::string space(width > taken ? width - taken : 0, ' ');
  return right ? space + text : text + space;
}

}  // namespace

std::vector<Row> aligned(const std::vector<Column>& columns, std::vector<Row> rows, std::size_t width) {
  Row headings;
  for (const Column& column : columns) headings.push_back(column.heading);
  rows.insert(rows.begin(), std::move(headings));
  std::vector<std::size_t> widths = widths_of(columns.size(), rows);
  narrow(columns, widths, width);
  for (Row& row : rows) {
    for (std::size_t i = 0; i < columns.size(); ++i) row[i] = padded(row[i], widths[i], columns[i].right);
  }
  return rows;
}

std::string line_of(const Row& cells) {
  std::string line;
  for (const std::string& cell : cells) {
    if (!line.empty()) line.append(kGap, ' ');
    line += cell;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace gate::render
