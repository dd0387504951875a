#include "gate/render/tree_text.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "gate/render/table.h"
#include "gate/render/visible.h"

namespace gate::render {
namespace {

constexpr std::size_t kDeepest = 4;  // what lies deeper is shown as JSON on one line
constexpr std::size_t kColumnsShown = 10;
constexpr std::size_t kScalarBytes = 200;

std::string more_line(std::size_t indent, std::size_t total) {
  if (total <= kRowsShown) return {};
  return fmt::format("{:{}}… and {} more\n", "", indent, grouped(total - kRowsShown));
}

std::string table_text(std::string_view title, const Value::Array& rows, std::size_t indent,
                       std::size_t width) {
  const std::vector<std::string> names = columns_of(rows);
  std::vector<Column> columns;
  columns.reserve(names.size());
  for (const std::string& name : names) columns.push_back({title_of(name), false, false});
  std::vector<Row> cells;
  for (std::size_t i = 0; i < std::min(rows.size(), kRowsShown); ++i) {
    Row row;
    for (std::size_t c = 0; c < names.size(); ++c) {
      const Value* value = rows[i].find(names[c]);
      row.push_back(value != nullptr && is_scalar(*value) ? scalar_text(*value) : "");
      if (value != nullptr && (value->as_integer() != nullptr || value->as_number() != nullptr)) {
        columns[c].right = true;
      }
    }
    cells.push_back(std::move(row));
  }
  if (!columns.empty()) columns.back().gives_way = true;
  std::string out = fmt::format("{:{}}{}:\n", "", indent, title);
  for (const Row& row : aligned(columns, std::move(cells), width > indent + 2 ? width - indent - 2 : 0)) {
    out += fmt::format("{:{}}{}\n", "", indent + 2, line_of(row));
  }
  return out + more_line(indent + 2, rows.size());
}

bool all_scalar(const Value& value) {
  if (const auto* members = value.as_object()) {
    return std::all_of(members->begin(), members->end(), [](const auto& m) { return is_scalar(m.value); });
  }
  const auto* elements = value.as_array();
  return elements != nullptr && std::all_of(elements->begin(), elements->end(), is_scalar);
}

std::vector<std::string> parts_of(const Value& value) {
  std::vector<std::string> parts;
  if (const auto* members = value.as_object()) {
    for (const auto& m : *members) {
      parts.push_back(fmt::format("{} {}", title_of(m.name), scalar_text(m.value)));
    }
  } else if (const auto* elements = value.as_array()) {
    for (const Value& element : *elements) {
      if (parts.size() == kRowsShown) break;
      parts.push_back(scalar_text(element));
    }
    if (elements->size() > kRowsShown) {
      parts.push_back(fmt::format("… and {} more", grouped(elements->size() - kRowsShown)));
    }
  }
  return parts;
}

// `start` and the parts after it with commas between them, broken into lines of `width` whose
// continuations stand under the first part.
std::string wrapped(std::string start, const std::vector<std::string>& parts, std::size_t width) {
  const std::size_t margin = std::min(display_width(start), std::size_t{24});
  std::string out;
  std::string line = std::move(start);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string part = parts[i] + (i + 1 < parts.size() ? "," : "");
    if (i > 0 && width > 0 && display_width(line) + 1 + display_width(part) > width) {
      out += line + "\n";
      line = std::string(margin, ' ') + part;
    } else {
      line += (i > 0 ? " " : "") + part;
    }
  }
  return out + line + "\n";
}

std::string indented(std::string_view name, const Value& value, std::size_t indent, std::size_t width);

std::string children(const Value& value, std::size_t indent, std::size_t width) {
  std::string out;
  if (const auto* members = value.as_object()) {
    for (const auto& m : *members) out += indented(m.name, m.value, indent, width);
    return out;
  }
  const Value::Array& elements = *value.as_array();
  for (std::size_t i = 0; i < std::min(elements.size(), kRowsShown); ++i) {
    out += indented("-", elements[i], indent, width);
  }
  return out + more_line(indent, elements.size());
}

std::string indented(std::string_view name, const Value& value, std::size_t indent, std::size_t width) {
  const std::string title = title_of(name);
  if (is_scalar(value) || indent > 2 * kDeepest) {
    return fmt::format("{:{}}{}: {}\n", "", indent, title, scalar_text(value));
  }
  if (is_table(value)) return table_text(title, *value.as_array(), indent, width);
  if (all_scalar(value)) {
    const std::vector<std::string> parts = parts_of(value);
    return parts.empty() ? "" : wrapped(fmt::format("{:{}}{}: ", "", indent, title), parts, width);
  }
  return fmt::format("{:{}}{}:\n", "", indent, title) + children(value, indent + 2, width);
}

}  // namespace

bool is_scalar(const Value& value) {
  return value.as_array() == nullptr && value.as_object() == nullptr;
}

bool is_table(const Value& value) {
  const Value::Array* rows = value.as_array();
  return rows != nullptr && !rows->empty() && !columns_of(*rows).empty() &&
         std::all_of(rows->begin(), rows->end(), [](const Value& row) { return row.as_object() != nullptr; });
}

std::vector<std::string> columns_of(const Value::Array& rows) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(rows.size(), kRowsShown); ++i) {
    const Value::Object* members = rows[i].as_object();
    if (members == nullptr) continue;
    for (const Value::Member& member : *members) {
      if (names.size() == kColumnsShown) return names;
      if (!is_scalar(member.value)) continue;
      if (std::find(names.begin(), names.end(), member.name) == names.end()) names.push_back(member.name);
    }
  }
  return names;
}

std::string scalar_text(const Value& value) {
  if (value.is_null()) return "-";
  if (const std::string* text = value.as_string()) return visible(*text, kScalarBytes);
  return visible(to_compact_json(value), kScalarBytes);
}

std::string title_of(std::string_view name) {
  return visible(replace_all(name, "_", " "), kScalarBytes);
}

std::string tree_text(std::string_view name, const Value& value, std::size_t width) {
  return indented(name, value, 0, width);
}

}  // namespace gate::render
