#include "gate/load/report_json.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "gate/load/json_fields.h"

namespace gate::load {
namespace {

using policy::Finding;

constexpr std::array<std::string_view, 16> kKnown{
    "report_version", "check",    "tool",  "run",      "mode",     "verdict", "decided_by", "stamps",
    "tally",          "examined", "facts", "findings", "exempted", "omitted", "checks",     "severity_level"};

policy::Verdict verdict_at(JsonFields& fields) {
  constexpr std::array kVerdicts{policy::Verdict::passed, policy::Verdict::warned, policy::Verdict::undecided,
                                 policy::Verdict::failed};
  return kVerdicts[fields.choice("verdict", {"passed", "warned", "undecided", "failed"})];
}

policy::Reason reason_at(JsonFields& fields) {
  constexpr std::array kReasons{policy::Reason::none,         policy::Reason::no_data,
                                policy::Reason::low_traffic,  policy::Reason::stale,
                                policy::Reason::inconclusive, policy::Reason::unreachable,
                                policy::Reason::budget};
  if (!fields.has("reason")) return policy::Reason::none;
  return kReasons[fields.choice(
      "reason", {"none", "no_data", "low_traffic", "stale", "inconclusive", "unreachable", "budget"})];
}

policy::Location location_from(JsonFields fields) {
  policy::Location location;
  location.file = fields.text_or_null("file").value_or("");
  location.line = fields.count_or_null("line");
  location.column = fields.count_or_null("column");
  location.pointer = fields.text_or_null("pointer").value_or("");
  return location;
}

Finding finding_from(JsonFields fields) {
  constexpr std::array kKinds{policy::FindingKind::violation, policy::FindingKind::undecided,
                              policy::FindingKind::note};
  constexpr std::array kSeverities{policy::Severity::note, policy::Severity::warning,
                                   policy::Severity::error};
  Finding finding;
  finding.rule = fields.text("rule");
  finding.kind = kKinds[fields.choice("kind", {"violation", "undecided", "note"})];
  finding.severity = kSeverities[fields.choice("severity", {"note", "warning", "error"})];
  finding.reason = reason_at(fields);
  finding.subject = fields.text("subject");
  finding.message = fields.text("message");
  finding.location = location_from(fields.object("location"));
  finding.key = fields.text_or_null("key").value_or("");
  finding.check = fields.text_or_null("check").value_or("");
  return finding;
}

policy::Exempted exempted_from(JsonFields fields) {
  policy::Exempted exempted;
  exempted.finding = finding_from(fields.object("finding"));
  JsonFields record = fields.object("exemption");
  exempted.exemption = record.text("id");
  exempted.owner = record.text("owner");
  exempted.ticket = record.text("ticket");
  const auto expires = parse_date(record.text("expires"));
  if (expires) {
    exempted.expires = *expires;
  } else {
    record.refuse("expires", expires.error().message);
  }
  return exempted;
}

policy::Tally tally_from(JsonFields fields) {
  return {fields.count("findings"), fields.count("exempted"), fields.count("warnings"),
          fields.count("notes")};
}

policy::Omitted omitted_from(JsonFields fields) {
  return {fields.count("errors"), fields.count("undecided"), fields.count("warnings"), fields.count("notes")};
}

policy::CheckRow row_from(JsonFields fields) {
  policy::CheckRow row;
  row.check = fields.text("check");
  row.verdict = verdict_at(fields);
  row.required = fields.flag("required");
  row.decided_by = fields.text("decided_by");
  row.tally = tally_from(fields.object("tally"));
  row.took = std::chrono::milliseconds{static_cast<std::int64_t>(fields.count("took_ms"))};
  row.report = fields.text_or_null("report").value_or("");
  return row;
}

void read_run(JsonFields fields, policy::Report& report, std::optional<Error>& failure) {
  policy::RunContext& run = report.run;
  run.run_id = fields.text("run_id");
  run.git_sha = fields.text_or_null("git_sha");
  run.merge_sha = fields.text_or_null("merge_sha");
  run.git_dirty = fields.flag_or_null("git_dirty");
  run.config_hash = fields.text("config_hash");
  run.started_at = fields.moment("started_at");
  run.finished_at = fields.moment("finished_at");
  run.as_of = fields.moment("as_of");
  std::size_t index = 0;
  for (const boost::json::value& input : fields.array("inputs")) {
    JsonFields one{input, fmt::format("{}/{}", fields.pointer("inputs"), index++), failure};
    report.inputs.push_back({one.text("path"), one.text("sha256"), one.count("bytes")});
  }
}

// Calls `read` on each element of the array `name`.
template <class Read>
void each(JsonFields& fields, std::string_view name, std::optional<Error>& failure, Read read) {
  std::size_t index = 0;
  for (const boost::json::value& element : fields.array(name)) {
    read(JsonFields{element, fmt::format("{}/{}", fields.pointer(name), index++), failure});
  }
}

void read_counts(JsonFields& fields, policy::Report& report) {
  report.tally = tally_from(fields.object("tally"));
  report.omitted = omitted_from(fields.object("omitted"));
  JsonFields examined = fields.object("examined");
  for (const auto& member : examined.members()) {
    report.examined.push_back({std::string{member.key()}, examined.count(member.key())});
  }
}

void read_rest(JsonFields& fields, policy::Report& report) {
  report.facts =
      to_value(fields.members().contains("facts") ? fields.members().at("facts") : boost::json::value{});
  for (const auto& member : fields.members()) {
    const bool known =
        std::find(kKnown.begin(), kKnown.end(), std::string_view{member.key()}) != kKnown.end();
    if (!known) report.results.set(std::string{member.key()}, to_value(member.value()));
  }
}

}  // namespace

bool is_report(const boost::json::value& root) {
  const boost::json::object* object = root.if_object();
  return object != nullptr && object->contains("report_version");
}

Result<policy::Report> report_from_json(const boost::json::value& root) {
  std::optional<Error> failure;
  JsonFields fields{root, "", failure};
  const std::uint64_t version = fields.count("report_version");
  if (!failure && version != policy::kReportVersion) {
    return Error{ErrorCode::unavailable, fmt::format("report_version {} is not {}, the one known here",
                                                     version, policy::kReportVersion)};
  }
  policy::Report report;
  report.run.check = fields.text("check");
  JsonFields tool = fields.object("tool");
  report.run.tool = {tool.text("name"), tool.text("version")};
  read_run(fields.object("run"), report, failure);
  report.mode = fields.choice("mode", {"strict", "warn"}) == 0 ? policy::Mode::strict : policy::Mode::warn;
  report.verdict = verdict_at(fields);
  report.decided_by = fields.text("decided_by");
  for (const boost::json::value& stamp : fields.array("stamps")) {
    if (stamp.is_string()) report.stamps.emplace_back(stamp.get_string());
  }
  read_counts(fields, report);
  each(fields, "findings", failure, [&](JsonFields f) { report.active.push_back(finding_from(f)); });
  each(fields, "exempted", failure, [&](JsonFields f) { report.exempted.push_back(exempted_from(f)); });
  if (fields.has("checks")) {
    each(fields, "checks", failure, [&](JsonFields f) { report.checks.push_back(row_from(f)); });
  }
  report.severity_level = fields.text_or_null("severity_level").value_or("");
  read_rest(fields, report);
  if (failure) return *failure;
  return report;
}

}  // namespace gate::load
