#include "gate/render/format.h"

#include <algorithm>

#include "gate/render/github.h"
#include "gate/render/json.h"
#include "gate/render/junit.h"
#include "gate/render/markdown.h"
#include "gate/render/sarif.h"

namespace gate::render {
namespace {

const FormatRow& row_of(Format format) {
  return *std::find_if(kFormats.begin(), kFormats.end(),
                       [&](const FormatRow& row) { return row.format == format; });
}

}  // namespace

const std::array<FormatRow, 6> kFormats{{
    {"text", Format::text, as_text},
    {"json", Format::json, [](const policy::Report& report, const TextStyle&) { return as_json(report); }},
    {"markdown", Format::markdown,
     [](const policy::Report& report, const TextStyle&) { return as_markdown(report); }},
    {"github", Format::github,
     [](const policy::Report& report, const TextStyle&) { return as_github(report); }},
    {"junit", Format::junit, [](const policy::Report& report, const TextStyle&) { return as_junit(report); }},
    {"sarif", Format::sarif, [](const policy::Report& report, const TextStyle&) { return as_sarif(report); }},
}};

std::string render(Format format, const policy::Report& report, const TextStyle& style) {
  return row_of(format).render(report, style);
}

std::string_view name_of(Format format) {
  return row_of(format).name;
}

std::optional<Format> format_named(std::string_view name) {
  for (const FormatRow& row : kFormats) {
    if (row.name == name) return row.format;
  }
  return std::nullopt;
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  names.reserve(kFormats.size());
  for (const FormatRow& row : kFormats) names.emplace_back(row.name);
  return names;
}

}  // namespace gate::render
