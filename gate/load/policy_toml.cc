#include "gate/load/policy_toml.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "gate/load/check_toml.h"
#include "gate/load/toml_reader.h"

namespace gate::load {
namespace {

using policy::ExemptionRules;
using policy::GateConfig;
using Faults = std::vector<TomlFault>;

constexpr std::int64_t kMaxDays = 3'660;

void read_policy(TomlReader& root, policy::Policy& policy) {
  constexpr std::array kModes = {policy::Mode::strict, policy::Mode::warn};
  if (const auto mode = root.choice("mode", {"strict", "warn"})) policy.mode = kModes.at(*mode);
  policy.warn_until = root.date("warn_until");
  if (policy.mode == policy::Mode::warn && !root.has("warn_until")) {
    root.fault_of("mode", "\"warn\" needs warn_until, its last day");
  }
  take(root.flag("locked"), policy.locked);
}

void read_days(TomlReader& reader, std::string_view key, std::int64_t least, int& target) {
  if (const auto days = reader.integer(key, least, kMaxDays)) target = static_cast<int>(*days);
}

void read_required_fields(TomlReader& reader, std::vector<std::string>& fields) {
  const auto named = reader.texts("required_fields");
  if (!named) return;
  const std::vector<std::string> known = ExemptionRules{}.required_fields;
  for (const std::string& field : *named) {
    if (std::find(known.begin(), known.end(), field) == known.end()) {
      reader.fault_of("required_fields",
                      fmt::format("unknown field \"{}\"; known are reason, ticket, owner, approver", field));
    }
  }
  fields = *named;
}

void read_budgets(const TomlTable& table, TomlPosition at, std::map<std::string, std::uint64_t>& budgets,
                  Faults& faults) {
  TomlReader reader{table, at, faults};
  for (const TomlMember& member : table) {
    if (const auto amount = reader.amount(member.key)) budgets[member.key] = *amount;
  }
}

void read_exemptions(TomlReader& root, GateConfig& config, Faults& faults) {
  const TomlTable* table = root.table("exemptions");
  if (table == nullptr) return;
  TomlReader reader{*table, root.position_of("exemptions"), faults};
  ExemptionRules& rules = config.exemption_rules;
  config.exemptions = reader.text("register");
  read_days(reader, "max_days", 1, rules.max_days);
  read_days(reader, "max_days_high_severity", 1, rules.max_days_high_severity);
  take(reader.texts("high_severity"), rules.high_severity);
  read_required_fields(reader, rules.required_fields);
  read_days(reader, "warn_days", 0, rules.warn_days);
  read_days(reader, "unused_error_days", 0, rules.unused_error_days);
  if (const TomlTable* budgets = reader.table("budgets")) {
    read_budgets(*budgets, reader.position_of("budgets"), rules.budgets, faults);
  }
  take(reader.flag("allow_any_rule"), rules.allow_any_rule);
  reader.refuse_unknown();
}

void read_report(TomlReader& root, GateConfig& config, Faults& faults) {
  const TomlTable* table = root.table("report");
  if (table == nullptr) return;
  TomlReader reader{*table, root.position_of("report"), faults};
  take(reader.text("folder"), config.report_folder);
  take(read_age(reader), config.max_age);
  reader.refuse_unknown();
}

void read_tests(TomlReader& root, GateConfig& config, Faults& faults) {
  const TomlTable* table = root.table("tests");
  if (table == nullptr) return;
  TomlReader reader{*table, root.position_of("tests"), faults};
  take(reader.text("name"), config.tests.name);
  read_tests_settings(reader, config.tests, faults);
  reader.refuse_unknown();
}

GateConfig read_config(const TomlTable& table, Faults& faults) {
  GateConfig config;
  TomlReader root{table, {}, faults};
  root.require_version(1);
  read_policy(root, config.policy);
  read_exemptions(root, config, faults);
  read_tests(root, config, faults);
  read_report(root, config, faults);
  if (const TomlArray* checks = root.array("check")) config.checks = read_checks(*checks, config, faults);
  root.refuse_unknown();
  return config;
}

}  // namespace

Result<GateConfigFile> parse_gate_config_file(std::string_view text, std::string_view path) {
  const auto table = parse_toml(text, path, kPolicyBounds);
  if (!table) return table.error();
  Faults faults;
  GateConfig config = read_config(*table, faults);
  if (!faults.empty()) return first_fault(std::move(faults), path);
  return GateConfigFile{std::move(config), settings_of(*table)};
}

Result<GateConfig> parse_gate_config(std::string_view text, std::string_view path) {
  auto file = parse_gate_config_file(text, path);
  if (!file) return file.error();
  return std::move(file->config);
}

}  // namespace gate::load
