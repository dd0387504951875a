#include "gate/load/yaml_table.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/load/json_positions.h"
#include "gate/load/yaml.h"
#include "gate/schema/instance.h"

namespace gate::load {
namespace {

using schema::Cell;
using schema::Instance;

// One document: its text, and how many lines of the stream stand before it.
struct Part {
  std::string_view text;
  std::size_t lines_before = 0;
};

// "---" alone or before a space begins a document wherever it stands at the start of a line
// (YAML 1.2, 9.1.2): no scalar can hold it there.
bool begins_document(std::string_view line) {
  return line.starts_with("---") &&
         (line.size() == 3 || line[3] == ' ' || line[3] == '\t' || line[3] == '\r');
}

bool says_nothing(std::string_view text) {
  for (std::string_view line : split(text, '\n')) {
    line = trim(line);
    if (!line.empty() && line.front() != '#' && line != "---" && line != "...") return false;
  }
  return true;
}

std::vector<Part> parts_of(std::string_view text) {
  std::vector<Part> parts;
  std::size_t begin = 0;
  std::size_t line = 0;
  std::size_t first_line = 0;
  for (std::size_t at = 0; at < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string_view content = text.substr(at, end - at);
    if (at > begin && begins_document(content.substr(0, content.find('\n')))) {
      parts.push_back({text.substr(begin, at - begin), first_line});
      begin = at;
      first_line = line;
    }
    at = end;
  }
  parts.push_back({text.substr(begin), first_line});
  parts.erase(
      std::remove_if(parts.begin(), parts.end(), [](const Part& part) { return says_nothing(part.text); }),
      parts.end());
  return parts;
}

// Makes the tables of one document.
class Tables {
 public:
  Tables(std::string_view text, const Instance& instance) : instance_(instance) {
    std::vector<std::size_t> offsets;
    for (std::uint32_t i = 0; i < instance.size(); ++i) offsets.push_back(instance.cell(i).offset);
    positions_ = positions_of(text, offsets);
  }

  [[nodiscard]] TomlValue value(const Cell& cell) const {
    using schema::Kind;
    TomlValue made{{}, at(cell)};
    switch (cell.kind) {
      case Kind::null: made.data = TomlNothing{}; break;
      case Kind::boolean: made.data = cell.boolean; break;
      case Kind::int64: made.data = cell.int64; break;
      case Kind::uint64: made.data = std::to_string(cell.uint64); break;
      case Kind::real: made.data = cell.real; break;
      case Kind::exact: made.data = cell.exact->to_string(); break;
      case Kind::string: made.data = std::string{cell.string()}; break;
      case Kind::array: made.data = array(cell); break;
      case Kind::object: made.data = table(cell); break;
    }
    return made;
  }

 private:
  [[nodiscard]] TomlArray array(const Cell& cell) const {
    TomlArray elements;
    for (const Cell& element : cell.elements()) elements.push_back(value(element));
    return elements;
  }

  [[nodiscard]] TomlTable table(const Cell& cell) const {
    TomlTable members;
    for (const schema::Member& member : cell.members())
      members.push_back({std::string{member.key()}, at(member.name), value(member.value)});
    return members;
  }

  [[nodiscard]] TomlPosition at(const Cell& cell) const {
    const Position& position = positions_[static_cast<std::size_t>(&cell - &instance_.cell(0))];
    return {position.line, position.column};
  }

  const Instance& instance_;
  std::vector<Position> positions_;
};

// Empty lines in front keep every position what it is in the stream.
Result<TomlValue> read_part(const Part& part) {
  const std::string text = std::string(part.lines_before, '\n') + std::string{part.text};
  Instance instance;
  if (const Status read = read_yaml(text, instance); !read) return read.error();
  TomlValue value = Tables{text, instance}.value(instance.root());
  if (std::holds_alternative<TomlTable>(value.data)) return value;
  return Error{ErrorCode::malformed, fmt::format("{}:{}: expected a mapping, found {}", value.at.line,
                                                 value.at.column, kind_of(value))};
}

}  // namespace

Result<std::vector<TomlValue>> parse_yaml_tables(std::string_view text, std::string_view path) {
  constexpr std::size_t kMostDocuments = 1'000;
  constexpr std::size_t kMostWork = std::size_t{256} << 20U;  // bytes read, the empty lines among them
  const std::vector<Part> parts = parts_of(text);
  const std::size_t lines = parts.empty() ? 0 : parts.back().lines_before;
  if (parts.size() > kMostDocuments || lines * parts.size() > kMostWork)
    return Error{ErrorCode::budget, fmt::format("{}: more than {} documents", path, kMostDocuments)};
  std::vector<TomlValue> tables;
  for (const Part& part : parts) {
    auto value = read_part(part);
    if (!value) return Error{value.error().code, fmt::format("{}:{}", path, value.error().message)};
    tables.push_back(std::move(*value));
  }
  return tables;
}

}  // namespace gate::load
