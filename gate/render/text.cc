#include "gate/render/text.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/render/table.h"
#include "gate/render/tree_text.h"
#include "gate/render/visible.h"
#include "gate/render/wording.h"

namespace gate::render {
namespace {

constexpr std::size_t kUsualWidth = 120;
constexpr std::size_t kManyFindings = 10;  // from here on what decided is said again at the end
constexpr std::size_t kDecidedByBytes = 500;
constexpr std::size_t kNameBytes = 60;  // of a check, in the table

constexpr std::string_view kBold = "1";
constexpr std::string_view kFaint = "2";

std::string coloured(const TextStyle& style, std::string_view code, std::string_view text) {
  return style.colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string{text};
}

std::string_view colour_of(policy::Verdict verdict) {
  switch (verdict) {
    case policy::Verdict::passed: return "1;32";
    case policy::Verdict::warned: return "1;33";
    case policy::Verdict::undecided: return "1;35";
    case policy::Verdict::failed: return "1;31";
  }
  return kBold;
}

std::string_view colour_of(policy::Mode mode, const policy::Finding& finding) {
  if (finding.kind == policy::FindingKind::undecided) return "1;35";
  switch (policy::effective_severity(mode, finding)) {
    case policy::Severity::error: return "1;31";
    case policy::Severity::warning: return "1;33";
    case policy::Severity::note: return "1;36";
  }
  return kBold;
}

// The colon belongs to `words`: nothing is printed where there are none.
std::string with_colon(std::string_view words) {
  return words.empty() ? "" : fmt::format("{}: ", words);
}

std::size_t width_of(const TextStyle& style) {
  return style.width == 0 ? kUsualWidth : style.width;
}

std::string checks_table(const policy::Report& report, const TextStyle& style) {
  std::vector<Row> rows;
  for (const policy::CheckRow& row : report.checks) {
    rows.push_back({visible(row.check, kNameBytes) + (row.required ? "" : " (optional)"),
                    std::string{policy::name_of(row.verdict)}, visible(row.decided_by, kDecidedByBytes),
                    human_duration(row.took)});
  }
  std::vector<Row> table = aligned({{"CHECK"}, {"VERDICT"}, {"DECIDED BY", false, true}, {"TIME", true}},
                                   std::move(rows), width_of(style));
  std::string out;
  for (std::size_t i = 0; i < table.size(); ++i) {
    std::string& cell = table[i][1];
    if (i > 0) cell = coloured(style, colour_of(report.checks[i - 1].verdict), cell);
    const std::string line = line_of(table[i]);
    out += (i == 0 ? coloured(style, kFaint, line) : line) + "\n";
  }
  return out + "\n";
}

std::string results_text(const policy::Report& report, const TextStyle& style) {
  std::string out;
  for (const Value::Member* result : results_to_show(report)) {
    out += tree_text(result->name, result->value, width_of(style));
  }
  if (const auto* facts = report.facts.as_object(); facts != nullptr && !facts->empty()) {
    out += tree_text("facts", report.facts, width_of(style));
  }
  return out;
}

std::string findings_text(const policy::Report& report, const TextStyle& style) {
  std::string out;
  for (const CheckFindings& group : by_check(report)) {
    if (!group.check.empty()) out += coloured(style, kBold, visible(group.check)) + "\n";
    const std::string_view indent = group.check.empty() ? "" : "  ";
    for (const policy::Finding* finding : group.findings) {
      out += fmt::format("{}{}\n", indent, finding_line(report.mode, *finding, style));
    }
  }
  return out;
}

std::string exempted_text(const policy::Report& report, const TextStyle& style) {
  std::string out;
  for (const policy::Exempted& exempted : report.exempted) {
    const policy::Finding& finding = exempted.finding;
    out += fmt::format(
        "{}: {}{}{} {}, {}\n", coloured(style, "1;36", "exempted"), visible(with_colon(finding.check)),
        visible(with_colon(finding.subject)), visible(finding.message),
        coloured(style, kFaint, fmt::format("[{}]", visible(finding.rule))), visible(exempted_by(exempted)));
  }
  return out;
}

std::string closing_text(const policy::Report& report, const TextStyle& style) {
  std::string out;
  for (const std::string& stamp : report.stamps) out += fmt::format("policy: {}\n", visible(stamp));
  const bool much = !report.checks.empty() || report.active.size() > kManyFindings;
  if (much && report.verdict != policy::Verdict::passed) {
    out += fmt::format("decided by: {}\n", visible(report.decided_by, kDecidedByBytes));
  }
  if (const std::string level = level_line(report); !level.empty()) {
    out += coloured(style, colour_of(report.verdict), visible(level)) + "\n";
  }
  const std::string closing = visible(closing_line(report));
  const std::size_t colon = closing.find(':');
  return out + coloured(style, colour_of(report.verdict), closing.substr(0, colon)) + closing.substr(colon) +
         "\n";
}

}  // namespace

std::string finding_line(policy::Mode mode, const policy::Finding& finding, const TextStyle& style) {
  const std::string label = coloured(style, colour_of(mode, finding), label_of(mode, finding));
  const std::string rule = coloured(style, kFaint, fmt::format("[{}]", visible(rule_of(finding))));
  const std::string words = visible(with_colon(about(finding))) + visible(finding.message);
  if (finding.location.line == 0) return fmt::format("{}: {} {}", label, words, rule);
  return fmt::format("{}: {}{} {}", coloured(style, kBold, visible(place_of(finding.location))), label, rule,
                     words);
}

std::string as_text(const policy::Report& report, const TextStyle& style) {
  std::string out;
  if (!report.checks.empty()) out += checks_table(report, style);
  const std::string results = results_text(report, style);
  out += results;
  if (std::count(results.begin(), results.end(), '\n') > 1) out += "\n";
  if (!report.exempted.empty()) out += exempted_text(report, style) + (report.checks.empty() ? "" : "\n");
  out += findings_text(report, style);
  if (!report.checks.empty() && !report.active.empty()) out += "\n";
  out += closing_text(report, style);
  return break_commands(out, kBreakInText);
}

}  // namespace gate::render
