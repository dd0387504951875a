#include "server/exemptions/answers.h"

#include <algorithm>

#include <fmt/format.h>

#include "exemptions/overview.h"
#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "gate/checks/exemptions.h"
#include "gate/policy/exemption.h"
#include "gate/policy/exemption_usage.h"
#include "server/exemptions/known_rules.h"

namespace server::exemptions {
namespace {

using gate::Value;
using gate::policy::CheckedExemption;
using gate::policy::Finding;
using gate::policy::Standing;

constexpr std::size_t kMostListed = 1'000;
constexpr std::size_t kMostNamed = 100;

Value text_or_null(const std::string& text) {
  return text.empty() ? Value{} : Value{text};
}

Value generation_of(const Situation& situation) {
  return situation.reg == nullptr ? Value{} : Value{situation.reg->version.generation};
}

std::string records_text(std::int64_t count, std::string_view what) {
  const auto number = static_cast<std::size_t>(count);
  return fmt::format("{} {} {}", number, what, number == 1 ? "record" : "records");
}

// What is worth somebody's attention, though the register holds.
std::vector<std::string> worries_of(const Situation& situation) {
  std::vector<std::string> worries = situation.troubles;
  const Counts counts = counts_of(situation);
  if (counts.invalid > 0)
    worries.push_back(fmt::format("{}: each exempts nothing", records_text(counts.invalid, "invalid")));
  if (counts.invalid == 0 && !invalid_in(situation).empty())
    worries.emplace_back("the register has members that are not known");
  if (counts.unprocessed > 0)
    worries.push_back(
        fmt::format("{} not processed: remove or renew them, then POST "
                    "/api/v1/exemptions/cleanup",
                    records_text(counts.unprocessed, "expired")));
  return worries;
}

std::string_view status_of(const Situation& situation, const std::vector<std::string>& worries) {
  if (situation.reg == nullptr) return "no_register";
  if (!situation.unknown.empty()) return "failing";
  return worries.empty() ? "ok" : "degraded";
}

// The status, and why it is not "ok".
void set_status(Value& tree, const Situation& situation) {
  const std::vector<std::string> worries = worries_of(situation);
  std::vector<std::string> reasons = situation.unknown;
  if (situation.reg == nullptr) reasons.emplace_back("there is no register: exemption-report push sends one");
  reasons.insert(reasons.end(), worries.begin(), worries.end());
  tree.set("status", status_of(situation, worries));
  tree.set("reasons", texts(reasons));
}

Value age_of(const Situation& situation) {
  const auto age = situation.now - situation.reg->version.at;
  return std::max<std::int64_t>(0, std::chrono::floor<std::chrono::seconds>(age).count());
}

Value by_rule(const gate::policy::CheckedRegister& checked) {
  Value rows = Value::array();
  for (const auto& [rule, counts] : counts_by_rule(checked, {}))
    rows.push(gate::checks::counts_row("rule", rule, counts));
  return rows;
}

Value processed_value(const Mark* mark) {
  if (mark == nullptr) return {};
  return Value::object({{"by", mark->by},
                        {"owner", mark->owner},
                        {"at", gate::to_string(mark->at)},
                        {"reason", text_or_null(mark->reason)}});
}

Value expired_row(const CheckedExemption& record, const Marks& marks) {
  const gate::policy::Exemption& exemption = record.exemption;
  return Value::object(
      {{"id", exemption.id},
       {"rule", exemption.rule},
       {"owner", exemption.owner},
       {"ticket", exemption.ticket},
       {"expires", gate::to_string(exemption.expires)},
       {"expired_since", gate::to_string(gate::Date{exemption.expires + std::chrono::days{1}})},
       {"days", -record.days_left},
       {"line", exemption.where.line},
       {"processed", processed_value(mark_of(marks, exemption))}});
}

Value covering_row(const Covering& covering) {
  const CheckedExemption& record = *covering.record;
  const gate::policy::Exemption& exemption = record.exemption;
  const bool has_end = exemption.expires != gate::Date{};
  return Value::object({{"id", exemption.id},
                        {"standing", name_of(record.standing)},
                        {"exempts", is_in_force(record)},
                        {"certain", covering.whole.size() == covering.files.size()},
                        {"rule", exemption.rule},
                        {"owner", exemption.owner},
                        {"ticket", exemption.ticket},
                        {"expires", has_end ? Value{gate::to_string(exemption.expires)} : Value{}},
                        {"days_left", has_end ? Value{record.days_left} : Value{}},
                        {"files", texts(covering.files)},
                        {"line", exemption.where.line}});
}

// What `verdict` and `covered` are about, and what is odd about the question.
std::string note_about(const Question& question) {
  std::string note =
      "verdict is about the register alone; covered says how much of what was asked about is certainly "
      "covered by records that exempt on that day";
  if (!question.rule) return note + "; no rule was asked about: a record covers findings of its own rule";
  if (!gate::policy::is_exemptable(*question.rule))
    return note + "; findings of that rule can never be exempted";
  if (is_known_rule(*question.rule)) return note;
  return note + fmt::format("; no built-in rule has the name {}{}", gate::json_quoted(*question.rule),
                            known_rule_near(*question.rule));
}

std::string_view covered_of(const Question& question, const std::vector<std::string>& uncovered) {
  if (uncovered.empty()) return "all";
  return uncovered.size() < question.files.size() ? "some" : "none";
}

}  // namespace

Value texts(const std::vector<std::string>& all) {
  Value list = Value::array();
  for (const std::string& text : all) list.push(text);
  return list;
}

void set_bounded(Value& tree, const std::string& name, const Value& list) {
  const Value::Array& all = *list.as_array();
  const std::size_t shown = std::min(all.size(), kMostNamed);
  Value some = Value::array();
  for (std::size_t i = 0; i < shown; ++i) some.push(all[i]);
  tree.set(name, std::move(some));
  tree.set(name + "_omitted", all.size() - shown);
}

void set_verdict(Value& tree, const Situation& situation) {
  tree.set("verdict", verdict_of(situation));
  tree.set("reasons", texts(situation.unknown));
}

Value validation_value(const std::optional<Validation>& validation) {
  if (!validation) return {};
  return Value::object({{"id", validation->id},
                        {"at", gate::to_string(validation->at)},
                        {"as_of", gate::to_string(validation->as_of)},
                        {"generation", validation->generation},
                        {"verdict", validation->verdict},
                        {"by", validation->made_by}});
}

Value counts_value(const Situation& situation) {
  const Counts counts = counts_of(situation);
  return Value::object({{"in_force", counts.in_force},
                        {"expiring", counts.expiring},
                        {"expired", counts.expired},
                        {"expired_unprocessed", counts.unprocessed},
                        {"invalid", counts.invalid}});
}

Value invalid_value(const Situation& situation) {
  Value rows = Value::array();
  const std::vector<Finding> invalid = invalid_in(situation);
  for (std::size_t i = 0; i < std::min(invalid.size(), kMostListed); ++i) {
    const Finding& finding = invalid[i];
    rows.push(Value::object({{"id", finding.subject},
                             {"field", text_or_null(finding.key)},
                             {"message", finding.message},
                             {"line", finding.location.line},
                             {"column", finding.location.column}}));
  }
  return rows;
}

Value version_summary(const Version& version) {
  return Value::object({{"generation", version.generation},
                        {"kind", name_of(version.kind)},
                        {"sha256", version.sha256},
                        {"source", text_or_null(version.source)},
                        {"git_sha", text_or_null(version.git_sha)},
                        {"by", version.made_by},
                        {"owner", text_or_null(version.owner)},
                        {"at", gate::to_string(version.at)},
                        {"restored_generation", version.restored == 0 ? Value{} : Value{version.restored}}});
}

Value version_answer(const Version& version) {
  Value tree = version_summary(version);
  tree.set("register", version.text);
  return tree;
}

Value health_of(const Situation& situation) {
  Value tree = Value::object();
  set_status(tree, situation);
  tree.set("as_of", gate::to_string(situation.day));
  Value reg;
  if (situation.reg != nullptr) {
    reg = version_summary(situation.reg->version);
    reg.set("age_seconds", age_of(situation));
  }
  tree.set("register", std::move(reg));
  tree.set("counts", is_read(situation) ? counts_value(situation) : Value{});
  tree.set("last_validation", validation_value(situation.validation));
  return tree;
}

Value report_of(const Situation& situation) {
  static const gate::policy::CheckedRegister kEmpty;
  const auto& checked = situation.checked == nullptr ? kEmpty : *situation.checked;
  Value tree = Value::object();
  set_status(tree, situation);
  tree.set("as_of", gate::to_string(situation.day));
  tree.set("generation", generation_of(situation));
  tree.set("exemptions", is_read(situation) ? counts_value(situation) : Value{});
  tree.set("by_rule", by_rule(checked));
  tree.set("by_owner", ::exemptions::by_owner(checked, {}));
  tree.set("records", ::exemptions::records(checked, {}));
  tree.set("invalid", invalid_value(situation));
  return tree;
}

Value expired_of(const Situation& situation) {
  Value rows = Value::array();
  const auto* checked = situation.checked.get();
  for (std::size_t i = 0; checked != nullptr && i < checked->records.size(); ++i) {
    const CheckedExemption& record = checked->records[i];
    if (record.standing == Standing::expired) rows.push(expired_row(record, *situation.marks));
  }
  Value tree = Value::object();
  set_status(tree, situation);
  tree.set("as_of", gate::to_string(situation.day));
  tree.set("generation", generation_of(situation));
  tree.set("unprocessed", is_read(situation) ? Value{counts_of(situation).unprocessed} : Value{});
  tree.set("expired", is_read(situation) ? std::move(rows) : Value{});
  return tree;
}

Value coverage_of(const Situation& situation, const Question& question) {
  const Coverage coverage = situation.checked == nullptr ? Coverage{{}, question.files, true}
                                                         : find_coverage(question, *situation.checked);
  std::vector<std::string> reasons = situation.unknown;
  if (situation.reg == nullptr) reasons.emplace_back("there is no register");
  if (!coverage.complete)
    reasons.emplace_back("too many patterns to compare all of them: ask for fewer files");
  const bool takes_none = question.rule && !gate::policy::is_exemptable(*question.rule);
  const bool has_none = takes_none || (question.rule && !is_known_rule(*question.rule));
  const std::vector<std::string>& uncovered = has_none ? question.files : coverage.uncovered;
  Value rows = Value::array();
  for (const Covering& covering : coverage.found) {
    if (!takes_none) rows.push(covering_row(covering));
  }
  Value tree = Value::object({{"verdict", coverage.complete ? verdict_of(situation) : "undecided"},
                              {"covered", covered_of(question, uncovered)},
                              {"note", note_about(question)},
                              {"reasons", texts(reasons)},
                              {"as_of", gate::to_string(situation.day)},
                              {"generation", generation_of(situation)},
                              {"rule", question.rule ? Value{*question.rule} : Value{}},
                              {"exemptable", !takes_none},
                              {"covering", std::move(rows)}});
  tree.set("uncovered", texts(uncovered));
  tree.set("invalid", invalid_value(situation));
  return tree;
}

}  // namespace server::exemptions
