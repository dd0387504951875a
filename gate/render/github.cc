#include "gate/render/github.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/base/utf8.h"
#include "gate/render/markdown.h"
#include "gate/render/text.h"
#include "gate/render/visible.h"
#include "gate/render/wording.h"

namespace gate::render {
namespace {

constexpr std::size_t kMessageBytes = 3'500;  // the runner cuts at 4,096 characters
constexpr std::size_t kPropertyBytes = 500;
constexpr std::size_t kTitleBytes = 200;

std::string escaped_data(std::string_view text) {
  const std::string shown = break_commands(visible(text, kMessageBytes), kBreakInText);
  return replace_all(shown, "%", "%25");  // visible() left no CR and no LF
}

std::string escaped_property(std::string_view text, std::size_t limit) {
  const std::string shown = break_commands(visible(text, limit), kBreakInText);
  return replace_all(replace_all(replace_all(shown, "%", "%25"), ":", "%3A"), ",", "%2C");
}

// Findings of one level, and how many more of it were counted without being kept.
struct Level {
  std::string_view command;
  std::size_t used = 0;
  std::vector<const policy::Finding*> findings;
  std::size_t omitted = 0;

  [[nodiscard]] std::size_t total() const { return findings.size() + omitted; }
  [[nodiscard]] std::size_t slots() const {
    return kAnnotationsPerLevel - std::min(used, kAnnotationsPerLevel);
  }
  [[nodiscard]] bool points_to_summary() const { return total() > slots(); }
  // How many of the findings are annotated.
  [[nodiscard]] std::size_t annotated() const {
    if (!points_to_summary()) return findings.size();
    return std::min(findings.size(), slots() == 0 ? 0 : slots() - 1);
  }
};

// What is undecided blocks, unless the policy accepts it.
std::size_t level_index(const policy::Report& report, const policy::Finding& finding) {
  switch (weight_of(report.mode, finding)) {
    case 0: return 0;
    case 1: return lets_pass(report.verdict) ? 1 : 0;
    case 2: return 1;
    default: return 2;
  }
}

std::array<Level, 3> levels_of(const policy::Report& report, const AnnotationsUsed& used) {
  std::array<Level, 3> levels{Level{"error", used.errors, {}, 0}, Level{"warning", used.warnings, {}, 0},
                              Level{"notice", used.notices, {}, 0}};
  for (const policy::Finding& finding : report.active) {
    levels[level_index(report, finding)].findings.push_back(&finding);
  }
  const policy::Omitted& omitted = report.omitted;
  levels[report.mode == policy::Mode::strict ? 0 : 1].omitted += omitted.errors;
  levels[0].omitted += omitted.undecided;
  levels[1].omitted += omitted.warnings;
  levels[2].omitted += omitted.notes;
  return levels;
}

std::string title_of(const policy::Finding& finding) {
  return finding.check.empty() ? rule_of(finding) : fmt::format("{}: {}", finding.check, rule_of(finding));
}

std::string annotation(std::string_view command, const policy::Finding& finding) {
  const policy::Location& location = finding.location;
  std::string line = fmt::format("::{} title={}", command, escaped_property(title_of(finding), kTitleBytes));
  if (!location.file.empty()) {
    line += fmt::format(",file={}", escaped_property(location.file, kPropertyBytes));
  }
  if (!location.file.empty() && location.line > 0) line += fmt::format(",line={}", location.line);
  if (!location.file.empty() && location.line > 0 && location.column > 0) {
    line += fmt::format(",col={}", location.column);
  }
  return fmt::format("{}::{}\n", line, escaped_data(sentence(finding)));
}

std::string pointer(const policy::Report& report, const Level& level) {
  const std::string_view noun = level.command == "error" ? "finding" : level.command;
  const std::string rest =
      level.annotated() == 0
          ? "the job summary lists them"
          : fmt::format("the first {} are annotated, the job summary lists them", level.annotated());
  return fmt::format("::{} title={}::{}: {}\n", level.command,
                     escaped_property(report.run.check, kTitleBytes), counted(level.total(), noun), rest);
}

std::string annotations_of(const policy::Report& report, const Level& level) {
  if (level.slots() == 0) return {};
  std::string out = level.points_to_summary() ? pointer(report, level) : "";
  for (std::size_t i = 0; i < level.annotated(); ++i) out += annotation(level.command, *level.findings[i]);
  return out;
}

bool is_name(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto part = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && letter(text.front()) && std::all_of(text.begin(), text.end(), part);
}

bool is_delimiter(std::string_view text) {
  constexpr std::size_t kShortest = 22;  // 128 bits as base64
  const auto part = [](char c) {
    return is_name(std::string_view{&c, 1}) || (c >= '0' && c <= '9') || c == '-';
  };
  return text.size() >= kShortest && std::all_of(text.begin(), text.end(), part);
}

}  // namespace

std::string github_annotations(const policy::Report& report, const AnnotationsUsed& used) {
  std::string out;
  for (const Level& level : levels_of(report, used)) out += annotations_of(report, level);
  return out;
}

std::string as_github(const policy::Report& report) {
  policy::Report rest = report;
  rest.active.clear();
  for (const Level& level : levels_of(report, {})) {
    for (std::size_t i = level.annotated(); i < level.findings.size(); ++i) {
      rest.active.push_back(*level.findings[i]);
    }
  }
  return github_annotations(report) + as_text(rest);
}

std::string github_step_summary(const policy::Report& report, std::size_t used) {
  if (used >= kStepSummaryBytes) return {};
  Budget budget;
  budget.bytes = kStepSummaryBytes - used;
  return as_markdown(report, budget);
}

std::string comment_body(const policy::Report& report, std::size_t reserved) {
  constexpr std::size_t kLongestUnit = 3;  // bytes of UTF-8 that a UTF-16 code unit can take
  if (reserved >= kCommentCharacters) return {};
  return as_markdown(report, {kCommentBytes - reserved * kLongestUnit, kCommentCharacters - reserved});
}

Result<std::string> github_output(std::string_view name, std::string_view value, std::string_view delimiter) {
  if (!is_name(name)) {
    return Error{ErrorCode::usage,
                 fmt::format("\"{}\" is no name for a step's output", visible(name, kTitleBytes))};
  }
  if (!is_delimiter(delimiter)) {
    return Error{ErrorCode::refused, fmt::format("output {}: the delimiter needs 128 random bits", name)};
  }
  const std::string text = with_valid_utf8(value);
  if (text.find(delimiter) != std::string::npos) {
    return Error{ErrorCode::refused, fmt::format("output {}: the value holds its own delimiter", name)};
  }
  return fmt::format("{}<<{}\n{}\n{}\n", name, delimiter, text, delimiter);
}

}  // namespace gate::render
