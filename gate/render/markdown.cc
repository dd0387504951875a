#include "gate/render/markdown.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/base/utf8.h"
#include "gate/render/markdown_escape.h"
#include "gate/render/markdown_results.h"
#include "gate/render/visible.h"
#include "gate/render/wording.h"

namespace gate::render {
namespace {

constexpr std::size_t kNameBytes = 200;
constexpr std::size_t kShortNameBytes = 120;
constexpr std::size_t kLineBytes = 300;
constexpr std::size_t kChecksShown = 200;
constexpr std::size_t kStampsShown = 10;

// One rung of the ladder: what is still shown, and how much of each message.
struct Detail {
  bool results;
  bool asides;  // notes and exempted findings
  bool warnings;
  std::size_t message_bytes;
};

constexpr std::array kLadder = {
    Detail{true, true, true, 400},
    Detail{false, true, true, 400},
    Detail{false, false, true, 120},
    Detail{false, false, false, 80},
};

bool fits(std::string_view text, const Budget& budget) {
  return text.size() <= budget.bytes &&
         (text.size() <= budget.characters || count_utf16_units(text) <= budget.characters);
}

std::string_view symbol_of(policy::Verdict verdict) {
  switch (verdict) {
    case policy::Verdict::passed: return "✅";
    case policy::Verdict::warned: return "⚠️";
    case policy::Verdict::undecided: return "❔";
    case policy::Verdict::failed: return "❌";
  }
  return "";
}

// The verdict, what decided it, what overrode a rule: never left out.
std::string head(const policy::Report& report) {
  std::string out =
      fmt::format("## {} {}: {}\n\n", symbol_of(report.verdict),
                  markdown_code(report.run.check, kShortNameBytes), policy::name_of(report.verdict));
  out += fmt::format("**{}**\n", markdown_text(tally_line(report), kLineBytes));
  if (const std::string level = level_line(report); !level.empty()) {
    out += fmt::format("\n**{}**\n", markdown_text(level, kLineBytes));
  }
  out += fmt::format("\nDecided by: {}\n", markdown_text(report.decided_by, kLineBytes));
  for (std::size_t i = 0; i < std::min(report.stamps.size(), kStampsShown); ++i) {
    out += fmt::format("\n> Policy: {}\n", markdown_text(report.stamps[i], kLineBytes));
  }
  if (report.stamps.size() > kStampsShown) {
    out += fmt::format("\n> Policy: … and {} more\n", grouped(report.stamps.size() - kStampsShown));
  }
  return out;
}

std::string checks_table(const policy::Report& report) {
  if (report.checks.empty()) return {};
  std::string out = "\n| Check | Verdict | Decided by | Time |\n|---|---|---|---:|\n";
  for (std::size_t i = 0; i < std::min(report.checks.size(), kChecksShown); ++i) {
    const policy::CheckRow& row = report.checks[i];
    out +=
        fmt::format("| {}{} | {} {} | {} | {} |\n", markdown_code(row.check, kShortNameBytes),
                    row.required ? "" : " (optional)", symbol_of(row.verdict), policy::name_of(row.verdict),
                    markdown_text(row.decided_by, kLineBytes), human_duration(row.took));
  }
  if (report.checks.size() > kChecksShown) {
    out += fmt::format("\n… and {} more checks\n", grouped(report.checks.size() - kChecksShown));
  }
  return out;
}

std::string where_cell(const policy::Finding& finding) {
  const bool placed = finding.location.line > 0;
  const std::string place = placed ? markdown_code(place_of(finding.location), kNameBytes) : "";
  const std::string words = markdown_code(about(finding), kNameBytes);
  return place.empty() || words.empty() ? place + words : fmt::format("{} {}", place, words);
}

// The weight (weight_of) up to which a finding made the verdict what it is.
int deciding_weight(const policy::Report& report) {
  return lets_pass(report.verdict) ? 2 : 1;
}

bool shown(const policy::Report& report, const policy::Finding& finding, const Detail& detail) {
  const int weight = weight_of(report.mode, finding);
  return weight <= deciding_weight(report) || (weight == 2 && detail.warnings) ||
         (weight == 3 && detail.asides);
}

// Ends early once it is longer than `most`: then it is thrown away.
std::string findings_table(const policy::Report& report, const Detail& detail, std::size_t most) {
  std::string out;
  for (const CheckFindings& group : by_check(report)) {
    std::string rows;
    for (const policy::Finding* finding : group.findings) {
      if (out.size() + rows.size() > most) return out + rows;
      if (!shown(report, *finding, detail)) continue;
      rows += fmt::format("| {} | {} | {} | {} |\n", label_of(report.mode, *finding), where_cell(*finding),
                          markdown_text(finding->message, detail.message_bytes),
                          markdown_code(rule_of(*finding), kShortNameBytes));
    }
    if (rows.empty()) continue;
    if (!group.check.empty()) out += fmt::format("\n### {}\n", markdown_code(group.check, kShortNameBytes));
    out += "\n| | Where | What | Rule |\n|---|---|---|---|\n" + rows;
  }
  return out;
}

std::string exempted_table(const policy::Report& report) {
  if (report.exempted.empty()) return {};
  std::string body = "| Where | What | Rule | Exempted |\n|---|---|---|---|\n";
  for (const policy::Exempted& exempted : report.exempted) {
    body += fmt::format("| {} | {} | {} | {} |\n", where_cell(exempted.finding),
                        markdown_text(exempted.finding.message, kLineBytes),
                        markdown_code(exempted.finding.rule, kShortNameBytes),
                        markdown_text(exempted_by(exempted), kLineBytes));
  }
  return markdown_folded(fmt::format("{} exempted", counted(report.exempted.size(), "finding")), body);
}

std::string foot(const policy::Report& report) {
  const policy::RunContext& run = report.run;
  const std::string commit = run.git_sha ? fmt::format(" · commit {}", markdown_code(*run.git_sha, 40)) : "";
  return fmt::format("\n{} {}{} · as of {} · run {}\n", markdown_code(run.tool.name, kShortNameBytes),
                     markdown_text(run.tool.version, kShortNameBytes), commit,
                     markdown_code(to_string(run.as_of), kShortNameBytes),
                     markdown_code(run.run_id, kShortNameBytes));
}

std::string left_out(const policy::Report& report, const Detail& detail) {
  std::vector<std::string> what;
  if (!detail.warnings && deciding_weight(report) < 2 && report.tally.warnings > 0) {
    what.push_back(counted(report.tally.warnings, "warning"));
  }
  if (!detail.asides && report.tally.notes > 0) what.push_back(counted(report.tally.notes, "note"));
  if (!detail.asides && report.tally.exempted > 0) {
    what.push_back(counted(report.tally.exempted, "exempted finding"));
  }
  if (what.empty()) return {};
  return fmt::format("\nLeft out for its size: {}. The report has them all.\n", join(what, ", "));
}

std::string with_detail(const policy::Report& report, const Detail& detail, std::size_t most) {
  std::string out = head(report) + checks_table(report) + findings_table(report, detail, most);
  if (out.size() > most) return out;
  if (detail.asides) out += exempted_table(report);
  if (detail.results) out += markdown_tables(report) + markdown_results(report);
  return out + left_out(report, detail) + foot(report);
}

// The shortest words that tell a failure from the others.
std::string failure_name(const policy::Finding& finding) {
  std::string name = about(finding);
  if (name.empty() || name == finding.location.pointer) {
    name =
        finding.location.line > 0 ? fmt::format("{} {}", place_of(finding.location), name) : finding.message;
  }
  return visible(finding.check.empty() ? name : fmt::format("{}: {}", finding.check, name), kShortNameBytes);
}

std::string names_of_failures(const policy::Report& report, const Budget& budget) {
  constexpr std::size_t kFenceAndCount = 400;  // the fences, a run of backticks in a name, the last line
  std::string lines;
  std::size_t characters = 0;
  std::size_t named = 0;
  const int deciding = deciding_weight(report);
  std::size_t failures =
      report.omitted.errors + report.omitted.undecided + (deciding == 2 ? report.omitted.warnings : 0);
  bool full = false;
  for (const policy::Finding& finding : report.active) {
    if (weight_of(report.mode, finding) > deciding) continue;
    ++failures;
    const std::string line = full ? "" : failure_name(finding) + "\n";
    characters += count_utf16_units(line);
    full = full || lines.size() + line.size() + kFenceAndCount > budget.bytes ||
           characters + kFenceAndCount > budget.characters;
    if (full) continue;
    lines += line;
    ++named;
  }
  std::string out = named == 0 ? "" : "\n" + markdown_block(lines);
  if (named < failures) {
    out += fmt::format("\n… and {} more. The report has them all.\n", grouped(failures - named));
  }
  return out;
}

Budget rest_of(const Budget& budget, std::string_view used) {
  const std::size_t characters = count_utf16_units(used);
  return {budget.bytes > used.size() ? budget.bytes - used.size() : 0,
          budget.characters > characters ? budget.characters - characters : 0};
}

// The verdict, the checks where they take no more than half, and names.
std::string names_only(const policy::Report& report, const Budget& budget) {
  std::string out = head(report);
  const std::string checks = checks_table(report);
  if (fits(out + checks + checks, budget)) out += checks;
  const std::string end = foot(report);
  if (!fits(out + end, budget)) return {};
  const std::string names = names_of_failures(report, rest_of(budget, out + end));
  const std::string all = out + names + end;
  return fits(all, budget) ? all : out + end;
}

}  // namespace

std::string as_markdown(const policy::Report& report, const Budget& budget) {
  constexpr std::size_t kBytesPerCharacter = 3;  // a UTF-16 code unit takes no more in UTF-8
  const std::size_t most = budget.characters < budget.bytes / kBytesPerCharacter
                               ? budget.characters * kBytesPerCharacter
                               : budget.bytes;
  for (const Detail& detail : kLadder) {
    std::string text = break_commands(with_detail(report, detail, most), kBreakInText);
    if (fits(text, budget)) return text;
  }
  // Breaking commands adds a byte each: a margin keeps the result inside.
  const std::size_t margin = std::min(budget.bytes, budget.characters) / 16;
  std::string text =
      break_commands(names_only(report, {budget.bytes - margin, budget.characters - margin}), kBreakInText);
  return fits(text, budget) ? text : std::string{};
}

}  // namespace gate::render
