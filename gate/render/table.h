#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace gate::render {

// A column of a text table. A table that is too wide is narrowed in the column that may give way.
struct Column {
  std::string heading;
  bool right = false;      // numbers and times
  bool gives_way = false;  // cut with "…" to make the table fit; at most one column
};

using Row = std::vector<std::string>;

// The cells padded to aligned columns with two spaces between them: a heading line, then a line a
// row, no trailing spaces. `width` 0 is unbounded. Cells must be visible text (visible.h) and count
// as many as the columns. Returned as cells, so that a caller can colour one without breaking the
// alignment; line_of() joins them.
std::vector<Row> aligned(const std::vector<Column>& columns, std::vector<Row> rows, std::size_t width);

// One line of an aligned table, without trailing spaces and without a line feed.
std::string line_of(const Row& cells);

}  // namespace gate::render
