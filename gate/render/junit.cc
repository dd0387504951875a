#include "gate/render/junit.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "gate/render/tree_text.h"
#include "gate/render/visible.h"
#include "gate/render/wording.h"
#include "gate/render/xml_text.h"

namespace gate::render {
namespace {

constexpr std::size_t kPropertiesShown = 200;

// What stands in a testcase: none is a plain pass.
enum class Element { none, failure, error, skipped };

// One testcase, texts not yet escaped.
struct Case {
  std::string class_name;
  std::string name;
  policy::Location location;
  Element element = Element::none;
  std::string type;
  std::string message;  // of the element, or for system-out
};

// One testsuite: the report itself, or a check of a merged one.
struct Suite {
  std::string name;
  std::chrono::milliseconds took{0};
  std::vector<Case> cases;
};

std::string seconds(std::chrono::milliseconds duration) {
  return fmt::format("{:.3f}", static_cast<double>(duration.count()) / 1000.0);
}

std::string name_of_case(const policy::Finding& finding) {
  const std::string words = about(finding);
  const std::string place = finding.location.line > 0 ? place_of(finding.location) : "";
  if (words.empty()) return place.empty() ? finding.rule : place;
  return place.empty() ? words : fmt::format("{} {}", place, words);
}

Case case_of(const policy::Report& report, const policy::Finding& finding) {
  Case made{finding.rule,  name_of_case(finding), finding.location,
            Element::none, finding.rule,          finding.message};
  switch (weight_of(report.mode, finding)) {
    case 0: made.element = Element::failure; break;
    case 1:
      made.element = lets_pass(report.verdict) ? Element::skipped : Element::error;
      made.type = policy::name_of(finding.reason);
      if (lets_pass(report.verdict)) made.message = "undecided, and accepted: " + finding.message;
      break;
    default: made.message = fmt::format("{}: {}", label_of(report.mode, finding), finding.message);
  }
  return made;
}

Case case_of(const policy::Exempted& exempted) {
  const policy::Finding& finding = exempted.finding;
  return {finding.rule,
          name_of_case(finding),
          finding.location,
          Element::skipped,
          "",
          fmt::format("exempted {}: {}", exempted_by(exempted), finding.message)};
}

// Says the verdict itself, and stands against the release where it blocks and no listed finding says so.
Case verdict_case(policy::Verdict verdict, bool blocks, const std::string& decided_by,
                  const std::vector<Case>& cases) {
  const auto has = [&](Element element) {
    return std::any_of(cases.begin(), cases.end(), [&](const Case& c) { return c.element == element; });
  };
  Case made{"gate",        "verdict", {},
            Element::none, "verdict", fmt::format("{}: {}", policy::name_of(verdict), decided_by)};
  if (!blocks || has(Element::failure)) return made;
  if (verdict == policy::Verdict::failed) made.element = Element::failure;
  if (verdict == policy::Verdict::undecided && !has(Element::error)) made.element = Element::error;
  return made;
}

Suite& suite_named(std::vector<Suite>& suites, const std::string& name) {
  const auto found =
      std::find_if(suites.begin(), suites.end(), [&](const Suite& s) { return s.name == name; });
  return found == suites.end() ? suites.front() : *found;
}

// The first suite is the report itself; a merged one has a suite for each of its checks after it.
std::vector<Suite> suites_of(const policy::Report& report) {
  std::vector<Suite> suites{{report.run.check, report.run.finished_at - report.run.started_at, {}}};
  for (const policy::CheckRow& row : report.checks) suites.push_back({row.check, row.took, {}});
  for (const policy::Finding& finding : report.active) {
    suite_named(suites, finding.check).cases.push_back(case_of(report, finding));
  }
  for (const policy::Exempted& exempted : report.exempted) {
    suite_named(suites, exempted.finding.check).cases.push_back(case_of(exempted));
  }
  for (std::size_t i = 0; i < report.checks.size(); ++i) {
    const policy::CheckRow& row = report.checks[i];
    std::vector<Case>& cases = suites[i + 1].cases;
    const bool blocks = row.required && !lets_pass(report.verdict);
    cases.insert(cases.begin(), verdict_case(row.verdict, blocks, row.decided_by, cases));
  }
  std::vector<Case> all;
  for (const Suite& suite : suites) all.insert(all.end(), suite.cases.begin(), suite.cases.end());
  suites.front().cases.insert(suites.front().cases.begin(),
                              verdict_case(report.verdict, true, report.decided_by, all));
  return suites;
}

void append_properties(std::vector<std::string>& lines, const std::string& path, const Value& value) {
  if (lines.size() == kPropertiesShown) return;
  if (const auto* members = value.as_object()) {
    for (const auto& [name, member] : *members) {
      append_properties(lines, path.empty() ? name : fmt::format("{}.{}", path, name), member);
    }
  } else if (is_scalar(value)) {
    lines.push_back(fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", xml_text(path),
                                xml_text(scalar_text(value))));
  }
}

std::string properties_of(const policy::Report& report) {
  std::vector<std::string> lines;
  append_properties(lines, "run_id", report.run.run_id);
  append_properties(lines, "as_of", to_string(report.run.as_of));
  append_properties(lines, "mode", policy::name_of(report.mode));
  for (const std::string& stamp : report.stamps) append_properties(lines, "policy", stamp);
  append_properties(lines, "", report.facts);
  append_properties(lines, "", report.results);
  return fmt::format("    <properties>\n{}    </properties>\n", join(lines, ""));
}

std::string body_of(const Case& c) {
  const std::string message = xml_text(c.message);
  switch (c.element) {
    case Element::none: return fmt::format("      <system-out>{}</system-out>\n", message);
    case Element::failure:
      return fmt::format("      <failure type=\"{}\" message=\"{}\">{}</failure>\n", xml_text(c.type),
                         message, message);
    case Element::error:
      return fmt::format("      <error type=\"{}\" message=\"{}\">{}</error>\n", xml_text(c.type), message,
                         message);
    case Element::skipped: return fmt::format("      <skipped message=\"{}\"/>\n", message);
  }
  return {};
}

std::string text_of(const Case& c) {
  std::string place;
  if (!c.location.file.empty()) place += fmt::format(" file=\"{}\"", xml_text(c.location.file));
  if (c.location.line > 0) place += fmt::format(" line=\"{}\"", c.location.line);
  return fmt::format("    <testcase classname=\"{}\" name=\"{}\"{} time=\"0.000\">\n{}    </testcase>\n",
                     xml_text(c.class_name), xml_text(c.name), place, body_of(c));
}

std::size_t count_of(const std::vector<Suite>& suites, Element element) {
  std::size_t count = 0;
  for (const Suite& suite : suites) {
    for (const Case& c : suite.cases) count += c.element == element ? 1 : 0;
  }
  return count;
}

std::string counts_of(const std::vector<Suite>& suites) {
  std::size_t tests = 0;
  for (const Suite& suite : suites) tests += suite.cases.size();
  return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"", tests,
                     count_of(suites, Element::failure), count_of(suites, Element::error),
                     count_of(suites, Element::skipped));
}

}  // namespace

std::string as_junit(const policy::Report& report) {
  const std::vector<Suite> suites = suites_of(report);
  const std::string started = to_string(report.run.started_at);
  std::string out =
      fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{}\" {} time=\"{}\">\n",
                  xml_text(report.run.check), counts_of(suites), seconds(suites.front().took));
  for (const Suite& suite : suites) {
    out += fmt::format("  <testsuite name=\"{}\" {} time=\"{}\" timestamp=\"{}\">\n", xml_text(suite.name),
                       counts_of({suite}), seconds(suite.took), started.substr(0, 19));
    if (&suite == &suites.front()) out += properties_of(report);
    for (const Case& c : suite.cases) out += text_of(c);
    out += "  </testsuite>\n";
  }
  return break_commands(out + "</testsuites>\n", kBreakInXml);
}

}  // namespace gate::render
