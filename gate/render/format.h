#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/policy/report.h"
#include "gate/render/text.h"

namespace gate::render {

// What `--format` chooses from.
enum class Format { text, json, markdown, github, junit, sarif };

// One row a format: its name on the command line and what renders it. The style is for text alone.
struct FormatRow {
  std::string_view name;
  Format format;
  std::string (*render)(const policy::Report& report, const TextStyle& style);
};
extern const std::array<FormatRow, 6> kFormats;

std::string render(Format format, const policy::Report& report, const TextStyle& style = {});

std::string_view name_of(Format format);
std::optional<Format> format_named(std::string_view name);

// In the order of the table: what `--help` lists.
std::vector<std::string> format_names();

}  // namespace gate::render
