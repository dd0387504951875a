#include <algorithm>
#include <vector>

#include "gate/base/utf8.h"
#include "gate/load/json.h"
#include "gate/load/xml.h"
#include "gate/policy/report.h"
#include "gate/render/format.h"
#include "gate/render/github.h"
#include "gate/render/markdown.h"
#include "tests/fuzz/targets.h"
#include "tests/unit/render/runner_model.h"

namespace gate::fuzz {
namespace {

// The strings of a report, one after another, from an input in which a line of `%` ends each.
class Strings {
 public:
  explicit Strings(std::string_view input) : rest_(input) {}

  std::string next() {
    const std::size_t end = rest_.find("\n%\n");
    std::string text{rest_.substr(0, end)};
    rest_ = end == std::string_view::npos ? std::string_view{} : rest_.substr(end + 3);
    return text;
  }
  [[nodiscard]] bool empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

policy::Finding finding_from(Strings& strings, std::size_t index) {
  constexpr policy::Severity kSeverities[] = {policy::Severity::error, policy::Severity::warning,
                                              policy::Severity::note};
  policy::Finding finding =
      policy::violation(strings.next(), kSeverities[index % 3], strings.next(), strings.next());
  if (index % 4 == 3) finding.kind = policy::FindingKind::undecided;
  finding.location = {strings.next(), index % 5, index % 7, strings.next()};
  finding.key = strings.next();
  return finding;
}

policy::Report report_from(std::string_view input) {
  Strings strings{input};
  policy::RunContext run;
  run.check = strings.next();
  run.tool = {strings.next(), strings.next()};
  policy::Evidence evidence;
  policy::count(evidence, strings.next(), 1);
  evidence.facts.set(strings.next(), strings.next());
  evidence.results.set("results", Value::array().push(Value::object({{strings.next(), strings.next()}})));
  for (std::size_t i = 0; i < 40 && !strings.empty(); ++i)
    evidence.findings.push_back(finding_from(strings, i));
  policy::Report report = policy::judge(run, {}, std::move(evidence), {});
  report.stamps = {run.check};
  report.checks = {{run.check, report.verdict, true, run.tool.name, report.tally, {}, run.tool.version}};
  return report;
}

struct Nothing final : load::XmlHandler {
  void start(std::string_view, const load::XmlAttributes&) override {}
  void end(std::string_view) override {}
  void text(std::string_view) override {}
  [[nodiscard]] bool wants_text() const override { return true; }
};

bool is_xml(std::string_view text) {
  Nothing handler;
  load::XmlParser parser{handler};
  parser.consume(text);
  parser.finish();
  return !parser.fault();
}

bool only_annotates(const std::string& text) {
  const auto commands = test::runner_commands(text);
  return std::all_of(commands.begin(), commands.end(), [](const test::RunnerCommand& command) {
    return command.name == "error" || command.name == "warning" || command.name == "notice";
  });
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return (c >= 0 && c < 0x20 && c != '\n') || c == 0x7F; });
}

}  // namespace

void fuzz_render(std::string_view input) {
  const policy::Report report = report_from(input);
  for (const render::FormatRow& row : render::kFormats) {
    const std::string text = row.render(report, {});
    require(is_utf8(text), "a report is UTF-8");
    require(!has_control(text), "no control character is printed");
    if (row.format == render::Format::github) {
      require(only_annotates(text), "nothing but annotations is a command");
    } else {
      require(test::runner_commands(text).empty(), "the runner finds no command in a report");
    }
  }
  require(is_xml(render::render(render::Format::junit, report)), "JUnit is well-formed XML");
  for (const render::Format format : {render::Format::json, render::Format::sarif}) {
    require(load::parse_json(render::render(format, report)).has_value(), "JSON and SARIF are JSON");
  }
  constexpr render::Budget kTight{400, 300};
  const std::string cut = render::as_markdown(report, kTight);
  require(cut.size() <= kTight.bytes && count_utf16_units(cut) <= kTight.characters, "a budget holds");
}

}  // namespace gate::fuzz
