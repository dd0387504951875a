#include "gate/render/report_value.h"

#include <optional>
#include <string>
#include <vector>

namespace gate::render {
namespace {

Value or_null(const std::optional<std::string>& text) {
  return text ? Value{*text} : Value{};
}
Value or_null(std::optional<bool> flag) {
  return flag ? Value{*flag} : Value{};
}
Value text_or_null(std::string_view text) {
  return text.empty() ? Value{} : Value{text};
}
Value number_or_null(std::size_t number) {
  return number == 0 ? Value{} : Value{number};
}

template <class T, class F>
Value list_of(const std::vector<T>& items, F value_of) {
  Value list = Value::array();
  for (const T& item : items) list.push(value_of(item));
  return list;
}

Value location_value(const policy::Location& location) {
  return Value::object({{"file", text_or_null(location.file)},
                        {"line", number_or_null(location.line)},
                        {"column", number_or_null(location.column)},
                        {"pointer", location.pointer}});
}

Value input_value(const policy::Input& input) {
  return Value::object({{"path", input.path}, {"sha256", input.sha256}, {"bytes", input.bytes}});
}

Value run_value(const policy::Report& report) {
  const policy::RunContext& run = report.run;
  return Value::object({{"run_id", run.run_id},
                        {"git_sha", or_null(run.git_sha)},
                        {"merge_sha", or_null(run.merge_sha)},
                        {"git_dirty", or_null(run.git_dirty)},
                        {"config_hash", run.config_hash},
                        {"started_at", to_string(run.started_at)},
                        {"finished_at", to_string(run.finished_at)},
                        {"as_of", to_string(run.as_of)},
                        {"inputs", list_of(report.inputs, input_value)}});
}

Value tally_value(const policy::Tally& tally) {
  return Value::object({{"findings", tally.findings},
                        {"exempted", tally.exempted},
                        {"warnings", tally.warnings},
                        {"notes", tally.notes}});
}

Value examined_value(const std::vector<policy::Examined>& examined) {
  Value counts = Value::object();
  for (const policy::Examined& e : examined) counts.set(e.kind, e.count);
  return counts;
}

Value exempted_value(const policy::Exempted& exempted) {
  return Value::object({{"finding", to_value(exempted.finding)},
                        {"exemption", Value::object({{"id", exempted.exemption},
                                                     {"owner", exempted.owner},
                                                     {"ticket", exempted.ticket},
                                                     {"expires", to_string(exempted.expires)}})}});
}

Value omitted_value(const policy::Omitted& omitted) {
  return Value::object({{"errors", omitted.errors},
                        {"undecided", omitted.undecided},
                        {"warnings", omitted.warnings},
                        {"notes", omitted.notes}});
}

Value check_value(const policy::CheckRow& row) {
  return Value::object({{"check", row.check},
                        {"verdict", policy::name_of(row.verdict)},
                        {"required", row.required},
                        {"decided_by", row.decided_by},
                        {"tally", tally_value(row.tally)},
                        {"took_ms", static_cast<std::int64_t>(row.took.count())},
                        {"report", text_or_null(row.report)}});
}

void append_results(Value& tree, const Value& results) {
  const Value::Object* members = results.as_object();
  if (members == nullptr) return;
  for (const Value::Member& member : *members) {
    // A tool cannot overwrite what the policy decided.
    if (tree.find(member.name) == nullptr) tree.set(member.name, member.value);
  }
}

}  // namespace

Value to_value(const policy::Finding& finding) {
  Value tree = Value::object({{"rule", finding.rule},
                              {"kind", policy::name_of(finding.kind)},
                              {"severity", policy::name_of(finding.severity)}});
  if (finding.reason != policy::Reason::none) tree.set("reason", policy::name_of(finding.reason));
  tree.set("subject", finding.subject).set("message", finding.message);
  tree.set("location", location_value(finding.location));
  if (!finding.key.empty()) tree.set("key", finding.key);
  tree.set("fingerprint", policy::fingerprint(finding));
  if (!finding.check.empty()) tree.set("check", finding.check);
  return tree;
}

Value to_value(const policy::Report& report) {
  const auto finding_value = [](const policy::Finding& finding) { return to_value(finding); };
  Value tree = Value::object(
      {{"report_version", policy::kReportVersion},
       {"check", report.run.check},
       {"tool", Value::object({{"name", report.run.tool.name}, {"version", report.run.tool.version}})},
       {"run", run_value(report)},
       {"mode", policy::name_of(report.mode)},
       {"verdict", policy::name_of(report.verdict)},
       {"decided_by", report.decided_by},
       {"stamps", list_of(report.stamps, [](const std::string& stamp) { return Value{stamp}; })},
       {"tally", tally_value(report.tally)},
       {"examined", examined_value(report.examined)},
       {"facts", report.facts},
       {"findings", list_of(report.active, finding_value)},
       {"exempted", list_of(report.exempted, exempted_value)},
       {"omitted", omitted_value(report.omitted)}});
  if (!report.checks.empty()) tree.set("checks", list_of(report.checks, check_value));
  if (!report.severity_level.empty()) tree.set("severity_level", report.severity_level);
  append_results(tree, report.results);
  return tree;
}

}  // namespace gate::render
