#include "tests/unit/render/reports.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace gate::test {
namespace {

using namespace std::chrono_literals;
using policy::Severity;

constexpr Timestamp kNow{1'795'150'883'000ms};  // 2026-11-20T05:01:23Z

policy::RunContext run_of(std::string check) {
  policy::RunContext run;
  run.check = std::move(check);
  run.tool = {"schema-validate", "0.1.0"};
  run.run_id = "01939e3a-8f5b-7c2d-9a1e-3b4c5d6e7f80";
  run.git_sha = "0123456789abcdef0123456789abcdef01234567";
  run.config_hash = std::string(64, 'a');
  run.started_at = kNow;
  run.finished_at = kNow + 340ms;
  run.as_of = kNow;
  return run;
}

policy::Finding at(policy::Finding finding, policy::Location location, std::string key) {
  finding.location = std::move(location);
  finding.key = std::move(key);
  return finding;
}

policy::Evidence schema_evidence() {
  policy::Evidence evidence;
  policy::count(evidence, "documents", 3);
  evidence.inputs = {{"orders/1.json", std::string(64, 'b'), 1'234},
                     {"orders/2.json", std::string(64, 'c'), 56}};
  evidence.findings = {
      at(policy::violation("schema.minimum", Severity::error, "orders/1.json",
                           "0 is less than the minimum 1"),
         {"orders/1.json", 3, 14, "/qty"}, "/qty"),
      at(policy::violation("schema.enum", Severity::error, "orders/1.json",
                           "\"hold\" is not one of \"buy\", \"sell\""),
         {"orders/1.json", 2, 11, "/side"}, "/side"),
      at(policy::violation("schema.unknown_keyword", Severity::warning, "order.schema.json",
                           "unknown keyword \"minium\" (did you mean \"minimum\"?)"),
         {"order.schema.json", 7, 5, "/properties/qty"}, "minium"),
      policy::note("schema.draft", "order.schema.json", "read as draft-07"),
  };
  evidence.facts.set("documents", 3).set("valid", 2);
  Value results = Value::array();
  results.push(Value::object({{"document", "orders/1.json"}, {"valid", false}, {"errors", 2}}));
  results.push(Value::object({{"document", "orders/2.json"}, {"valid", true}, {"errors", 0}}));
  results.push(Value::object({{"document", "orders/3.json"}, {"valid", true}, {"errors", 0}}));
  evidence.results.set("validation_results", std::move(results));
  return evidence;
}

policy::Exempted exempted(policy::Finding finding) {
  return {std::move(finding), "EX-7", "platform", "OPS-12", Date{std::chrono::year{2026} / 12 / 1}};
}

policy::Report ordinary() {
  policy::Report report = policy::judge(run_of("order-schema"), {}, schema_evidence(), {});
  report.exempted.push_back(exempted(policy::violation("schema.maximum", Severity::error, "orders/3.json",
                                                       "1,001 is more than the maximum 1,000")));
  ++report.tally.exempted;
  return report;
}

policy::Report passed() {
  policy::Evidence evidence;
  policy::count(evidence, "documents", 1'234);
  return policy::judge(run_of("order-schema"), {}, std::move(evidence), {});
}

policy::Report breach() {
  policy::Evidence evidence;
  policy::count(evidence, "objectives", 1);
  evidence.findings = {policy::violation("slo.availability", Severity::error, "checkout",
                                         "99.700% good, objective is 99.900%")};
  return policy::judge(run_of("slo-evaluate"), {}, std::move(evidence), {});
}

policy::Report undecided() {
  policy::Evidence evidence;
  policy::count(evidence, "objectives", 2);
  evidence.findings = {policy::undecided("slo.availability", policy::Reason::low_traffic, "checkout",
                                         "12 requests in the window, 1,000 are needed")};
  evidence.omitted.notes = 4;
  return policy::judge(run_of("slo-evaluate"), {}, std::move(evidence), {});
}

policy::Report warn_mode() {
  policy::Policy policy;
  policy.mode = policy::Mode::warn;
  policy.warn_until = Date{std::chrono::year{2026} / 12 / 31};
  return policy::judge(run_of("order-schema"), policy, schema_evidence(), {});
}

policy::Report accepted() {
  policy::Policy policy;
  policy.accept_undecided = true;
  policy::Evidence evidence;
  evidence.findings = {policy::undecided("slo.availability", policy::Reason::unreachable, "checkout",
                                         "prometheus: connection refused")};
  return policy::judge(run_of("slo-evaluate"), policy, std::move(evidence), {});
}

// One finding an attack, as its subject and as its message.
policy::Report markdown_attacks() {
  const std::vector<std::string> attacks = {"a | b",
                                            "a \\| b",
                                            "a \\\\| b",
                                            "|",
                                            "||",
                                            "\\",
                                            "trailing \\",
                                            "`",
                                            "``",
                                            "` `` ```",
                                            "`code` @octo `code`",
                                            "a`@octo",
                                            "<script>alert(1)</script>",
                                            "<img src=x onerror=alert(1)>",
                                            "</td></tr></table>",
                                            "</details>",
                                            "<!-- marker -->",
                                            "<!--",
                                            "-->",
                                            "&lt;b&gt;",
                                            "&#64;octo",
                                            "@octo",
                                            "x@octo",
                                            "(@octo/team)",
                                            "mail@example.org",
                                            "#123",
                                            "a#123",
                                            "octo/hello#1",
                                            "GH-12",
                                            "gh-12",
                                            "https://example.org/x",
                                            "http:example",
                                            "www.example.org",
                                            "ftp://example.org",
                                            "[text](https://example.org)",
                                            "![image](https://example.org/x.png)",
                                            "[ref]: https://example.org",
                                            "[^1]",
                                            "<https://example.org>",
                                            "<mail@example.org>",
                                            "**bold**",
                                            "__bold__",
                                            "_it_",
                                            "*it*",
                                            "~~gone~~",
                                            "# heading",
                                            "- item",
                                            "1. item",
                                            "> quote",
                                            "---",
                                            "    code",
                                            "```",
                                            "~~~",
                                            "$x^2$",
                                            "$$x$$",
                                            ":tada:",
                                            "file.cc:100:5",
                                            "\u202E@octo",
                                            "@\u200Docto",
                                            "a\nb",
                                            "a\r\n\r\n# heading",
                                            "[x] task",
                                            "<details open>",
                                            "{{ site.url }}",
                                            "\\u{202E}"};
  policy::Evidence evidence;
  policy::count(evidence, "attacks", attacks.size());
  for (const std::string& attack : attacks) {
    evidence.findings.push_back(policy::violation("attack.markdown", Severity::error, attack, attack));
  }
  policy::Report report = policy::judge(run_of("attacks"), {}, std::move(evidence), {});
  for (const std::string& attack : attacks) report.stamps.push_back(attack);
  return report;
}

policy::Report lint() {
  policy::Evidence evidence;
  policy::count(evidence, "files", 12);
  evidence.findings = {at(policy::violation("lint.format", Severity::error, "a.cc", "is not formatted"),
                          {"a.cc", 9, 0, ""}, "")};
  return policy::judge(run_of("lint"), {}, std::move(evidence), {});
}

policy::Report unit_tests() {
  policy::Evidence evidence;
  policy::count(evidence, "cases", 340);
  return policy::judge(run_of("unit"), {}, std::move(evidence), {});
}

std::string hostile_string(std::mt19937& random) {
  static const std::vector<std::string> kParts = {"::",
                                                  ":",
                                                  "#",
                                                  "##",
                                                  "##[",
                                                  "[",
                                                  "]",
                                                  "error",
                                                  "add-mask",
                                                  "stop-commands",
                                                  "set-env name=A",
                                                  " ",
                                                  "\n",
                                                  "\r",
                                                  "\t",
                                                  "%",
                                                  "%0A",
                                                  "%25",
                                                  ",",
                                                  "=",
                                                  ";",
                                                  "\u00AD",
                                                  "\u200D",
                                                  "\u200B",
                                                  "\uFE0F",
                                                  "\u2028",
                                                  "\u00A0",
                                                  "\u3000",
                                                  "\\",
                                                  "`",
                                                  "|",
                                                  "\x1b[2J",
                                                  "\xff",
                                                  "\xc2",
                                                  "\uFEFF",
                                                  "file=x",
                                                  "a",
                                                  "&",
                                                  "<",
                                                  ">",
                                                  "\"",
                                                  "]]>",
                                                  "<!--",
                                                  "\uFFFE",
                                                  std::string(1, '\0')};
  std::string out;
  for (std::size_t n = random() % 12; n > 0; --n) out += kParts[random() % kParts.size()];
  return out;
}

}  // namespace

policy::Report random_hostile_report(std::mt19937& random) {
  policy::Report report = hostile_report();
  const auto next = [&random] { return hostile_string(random); };
  for (std::string* text :
       {&report.run.check, &report.run.tool.name, &report.decided_by, &report.stamps.front(),
        &report.exempted.front().owner, &report.exempted.front().finding.message,
        &report.checks.front().check, &report.checks.front().decided_by, &report.inputs.front().path}) {
    *text = next();
  }
  for (policy::Finding& finding : report.active) {
    for (std::string* text : {&finding.rule, &finding.subject, &finding.message, &finding.location.file,
                              &finding.location.pointer}) {
      *text = next();
    }
  }
  report.results = Value::object({{"r", Value::array().push(Value::object({{next(), next()}}))}});
  report.facts = Value::object({{next(), next()}});
  return report;
}

policy::Report merged_report() {
  policy::Report own;
  own.verdict = policy::Verdict::passed;
  own.stamps = {"gate.toml is changed by this pull request: the base branch's is used"};
  policy::RunContext run = run_of("gate");
  run.tool.name = "gate";
  return policy::combine(run, {}, std::move(own),
                         {{ordinary(), true, "out/gate/order-schema.json"},
                          {unit_tests(), true, "out/gate/unit.json"},
                          {undecided(), true, ""},
                          {lint(), false, ""}});
}

std::string hostile_text() {
  return "::error file=a::x ##[error]y\r\n::stop-commands::t\n##[add-mask]s %0A, \x1b[31m\x9b\x07 "
         "\u202E\u200B\u00AD"
         "|`a``b`<img src=x onerror=alert(1)><!-- marker --> @octo/team #123 [l](javascript:x) ]]> &amp; "
         "\xff\xc0 \u2028";
}

policy::Report hostile_report() {
  const std::string text = hostile_text();
  policy::Evidence evidence;
  policy::count(evidence, text, 1);
  evidence.findings = {
      at(policy::violation(text, Severity::error, text, text), {text, 1, 2, text}, text),
      at(policy::violation(text, Severity::warning, text, text), {}, text),
      at(policy::note(text, "::error::" + text, text), {"::warning::a.json", 4, 0, ""}, text),
      policy::undecided(text, policy::Reason::no_data, "", text),
  };
  evidence.inputs = {{text, std::string(64, 'd'), 1}};
  evidence.facts.set(text, text);
  evidence.results.set("hostile_results", Value::array().push(Value::object({{text, text}})));
  evidence.results.set("hostile_tree",
                       Value::object({{text, Value::object({{text, Value::array().push(text)}})}}));
  policy::Report report = policy::judge(run_of(text), {}, std::move(evidence), {});
  report.stamps = {text};
  report.exempted = {{policy::violation(text, Severity::error, text, text), text, text, text, Date{}}};
  report.tally.exempted = 1;
  report.run.tool = {text, text};
  report.checks = {{text, policy::Verdict::failed, true, text, report.tally, 5ms, text}};
  report.severity_level = "P0";
  return report;
}

policy::Report big_report(std::size_t count) {
  policy::Evidence evidence;
  policy::count(evidence, "cases", count);
  for (std::size_t i = 0; i < count; ++i) {
    policy::Finding finding =
        policy::violation("tests.failed", Severity::error, fmt::format("suite::Case::test_{}", i),
                          fmt::format("expected {} but got {}: {}", i, i + 1, std::string(200, 'x')));
    finding.location = {fmt::format("tests/case_{}.cc", i % 100), i + 1, 0, ""};
    evidence.findings.push_back(std::move(finding));
  }
  policy::Policy policy;
  policy.max_listed = count;
  return policy::judge(run_of("unit"), policy, std::move(evidence), {});
}

std::vector<NamedReport> sample_reports() {
  return {{"ordinary", ordinary()},
          {"passed", passed()},
          {"breach", breach()},
          {"undecided", undecided()},
          {"warn_mode", warn_mode()},
          {"accepted", accepted()},
          {"empty", policy::judge(run_of("order-schema"), {}, {}, {})},
          {"merged", merged_report()},
          {"hostile", hostile_report()},
          {"attacks", markdown_attacks()}};
}

}  // namespace gate::test
