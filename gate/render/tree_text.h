#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "gate/base/value.h"

namespace gate::render {

// A tree of tool-specific results for a reader: a scalar, or an object or array of scalars, on a line
// of its own (`test results: total 12, passed 11`), an array of objects as an aligned table, anything
// else indented. At most twenty rows of a list are shown, then how many there are. Every name and text
// is made visible. `width` 0 is unbounded.
std::string tree_text(std::string_view name, const Value& value, std::size_t width);

// A scalar as people write it; an object or array as JSON on one line. Visible, at most 200 bytes.
std::string scalar_text(const Value& value);

bool is_scalar(const Value& value);

// "test_results" as "test results", made visible.
std::string title_of(std::string_view name);

// The names of the members with scalar values that the objects of `rows` have, in the order first
// met, at most ten.
std::vector<std::string> columns_of(const Value::Array& rows);

// Whether `value` is a list of objects: what reads best as a table.
bool is_table(const Value& value);

constexpr std::size_t kRowsShown = 20;

}  // namespace gate::render
