#include "gate/load/check_toml.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "gate/base/edit_distance.h"
#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "gate/load/toml_decimal.h"
#include "gate/schema/dialect.h"

namespace gate::load {
namespace {

using policy::CheckDeclaration;
using policy::CheckSettings;
using policy::GateConfig;
using Faults = std::vector<TomlFault>;

void read_limits(TomlReader& reader, policy::TestLimits& limits) {
  if (auto rate = exact_percent(reader, "min_pass_rate")) limits.min_pass_rate = std::move(rate->text);
  take(reader.amount("max_failed"), limits.max_failed);
  take(reader.amount("max_skipped"), limits.max_skipped);
  take(reader.amount("max_flaky"), limits.max_flaky);
}

void read_suites(TomlReader& reader, policy::TestsSettings& settings, Faults& faults) {
  const TomlTable* suites = reader.table("suites");
  if (suites == nullptr) return;
  TomlReader names{*suites, reader.position_of("suites"), faults};
  for (const TomlMember& suite : *suites) {
    const TomlTable* table = names.table(suite.key);
    if (table == nullptr) continue;
    TomlReader limits{*table, suite.at, faults};
    read_limits(limits, settings.suites[suite.key]);
    limits.refuse_unknown();
  }
}

void read_max_errors(TomlReader& reader, std::size_t& target) {
  constexpr std::int64_t kMost = 100'000;
  if (const auto errors = reader.integer("max_errors", 1, kMost)) target = static_cast<std::size_t>(*errors);
}

void require(TomlReader& reader, std::string_view key) {
  if (!reader.has(key)) reader.fault(fmt::format("{} is missing", key));
}

// A list that must be given and must not be empty.
void read_needed(TomlReader& reader, std::string_view key, std::vector<std::string>& target) {
  const auto given = reader.texts(key);
  if (given && given->empty()) reader.fault_of(key, "must not be empty");
  require(reader, key);
  take(given, target);
}

void read_resolve(TomlReader& reader, std::map<std::string, std::string>& target, Faults& faults) {
  const TomlTable* table = reader.table("resolve");
  if (table == nullptr) return;
  TomlReader prefixes{*table, reader.position_of("resolve"), faults};
  for (const TomlMember& member : *table) {
    if (auto folder = prefixes.text(member.key)) target[member.key] = std::move(*folder);
  }
}

// What the settings of one [[check]] are read from.
struct CheckInput {
  TomlReader& reader;
  const std::string& name;
  const GateConfig& config;
  Faults& faults;
};

CheckSettings read_schema_check(const CheckInput& input) {
  TomlReader& reader = input.reader;
  policy::SchemaSettings settings;
  take(reader.text("schema"), settings.schema);
  require(reader, "schema");
  read_needed(reader, "documents", settings.documents);
  take(reader.texts("schema_keywords"), settings.schema_keywords);
  read_resolve(reader, settings.resolve, input.faults);
  if (const auto dialect = reader.choice("dialect", schema::dialect_options())) {
    settings.dialect = schema::dialect_options()[*dialect];
  }
  take(reader.flag("format_assertion"), settings.format_assertion);
  read_max_errors(reader, settings.max_errors);
  return settings;
}

CheckSettings read_tests_check(const CheckInput& input) {
  policy::TestsSettings settings = input.config.tests;
  if (settings.name.empty()) settings.name = input.name;
  read_tests_settings(input.reader, settings, input.faults);
  if (settings.reports.empty()) require(input.reader, "reports");
  return settings;
}

CheckSettings read_exemptions_check(const CheckInput& input) {
  policy::ExemptionsSettings settings;
  settings.register_path = input.config.exemptions.value_or("");
  settings.rules = input.config.exemption_rules;
  take(input.reader.text("register"), settings.register_path);
  if (!input.config.exemptions) require(input.reader, "register");
  settings.baseline = input.reader.text("baseline");
  take(input.reader.texts("reports"), settings.reports);
  take(input.reader.texts("files"), settings.files);
  return settings;
}

CheckSettings read_report_check(const CheckInput& input) {
  policy::ReportSettings settings;
  take(input.reader.text("file"), settings.file);
  require(input.reader, "file");
  settings.max_age = input.config.max_age;
  take(read_age(input.reader), settings.max_age);
  return settings;
}

CheckSettings read_command_check(const CheckInput& input) {
  policy::CommandSettings settings;
  read_needed(input.reader, "run", settings.run);
  take(input.reader.duration("deadline"), settings.deadline);
  return settings;
}

void read_threshold(TomlReader& reader, std::string_view key, bool is_percent,
                    std::optional<std::string>& target) {
  auto limit = is_percent ? exact_percent(reader, key) : exact_number(reader, key);
  if (limit) target = std::move(limit->text);
}

CheckSettings read_slo_check(const CheckInput& input) {
  TomlReader& reader = input.reader;
  policy::SloSettings settings;
  take(reader.texts("objectives"), settings.objectives);
  take(reader.texts("only"), settings.only);
  take(reader.texts("samples"), settings.samples);
  read_threshold(reader, "p95_latency_ms", false, settings.p95_latency_ms);
  read_threshold(reader, "error_rate_percent", true, settings.error_rate_percent);
  read_threshold(reader, "availability_percent", true, settings.availability_percent);
  if (settings.objectives.empty() && settings.samples.empty())
    reader.fault("objectives or samples is missing");
  const bool has_limit =
      settings.p95_latency_ms || settings.error_rate_percent || settings.availability_percent;
  if (has_limit && settings.samples.empty())
    reader.fault("samples is missing: a threshold of this table is held against them");
  if (!has_limit && !settings.samples.empty())
    reader.fault_of("samples", "no threshold is given that they are held to");
  take(reader.duration("deadline"), settings.deadline);
  read_max_errors(reader, settings.max_errors);
  return settings;
}

// One kind of check: a new one is a row here and a struct in gate/policy/check_settings.h.
struct Kind {
  std::string_view name;
  CheckSettings (*read)(const CheckInput&);
};

constexpr Kind kKinds[] = {
    {"schema", read_schema_check}, {"tests", read_tests_check},     {"exemptions", read_exemptions_check},
    {"report", read_report_check}, {"command", read_command_check}, {"slo", read_slo_check},
};

// The name is a file name as well: its report is left under it.
bool is_check_name(std::string_view name) {
  constexpr std::size_t kLongest = 100;
  const bool plain = std::none_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '/' || c == '\\' || c == 0x7F;
  });
  return plain && name.size() <= kLongest && name.front() != '.' && trim(name) == name;
}

std::string read_name(TomlReader& reader) {
  const auto name = reader.text("name");
  require(reader, "name");
  if (!name) return {};
  if (!is_check_name(*name)) {
    reader.fault_of("name", "expected at most 100 characters without slashes, not starting with a dot");
  }
  return *name;
}

// Nothing where the kind is missing or unknown: nobody knows then which keys are right.
std::optional<CheckDeclaration> read_check(TomlReader& reader, const GateConfig& config, Faults& faults) {
  CheckDeclaration check;
  check.name = read_name(reader);
  std::vector<std::string_view> kinds;
  for (const Kind& kind : kKinds) kinds.push_back(kind.name);
  const auto kind = reader.choice("kind", kinds);
  require(reader, "kind");
  take(reader.flag("required"), check.required);
  take(reader.texts("after"), check.after);
  if (!kind) return std::nullopt;
  check.settings = kKinds[*kind].read(CheckInput{reader, check.name, config, faults});
  reader.refuse_unknown();
  return check;
}

// The checks of a file and where each stands in it.
struct PlacedCheck {
  CheckDeclaration check;
  TomlPosition name_at;
  TomlPosition after_at;
};

std::vector<PlacedCheck> read_each(const TomlArray& checks, const GateConfig& config, Faults& faults) {
  std::vector<PlacedCheck> placed;
  for (const TomlValue& element : checks) {
    const auto* table = std::get_if<TomlTable>(&element.data);
    if (table == nullptr) {
      faults.push_back(
          {element.at, "check", fmt::format("check: expected a table, found {}", kind_of(element))});
      continue;
    }
    TomlReader reader{*table, element.at, faults};
    auto check = read_check(reader, config, faults);
    if (check) placed.push_back({std::move(*check), reader.position_of("name"), reader.position_of("after")});
  }
  return placed;
}

void refuse_same_names(const std::vector<PlacedCheck>& checks, Faults& faults) {
  std::map<std::string_view, TomlPosition> seen;
  for (const PlacedCheck& placed : checks) {
    const auto [first, is_new] = seen.emplace(placed.check.name, placed.name_at);
    if (is_new || placed.check.name.empty()) continue;
    faults.push_back({placed.name_at, "name",
                      fmt::format("name: {} is taken by the check in line {}", json_quoted(placed.check.name),
                                  first->second.line)});
  }
}

void refuse_unknown_names(const std::vector<PlacedCheck>& checks, Faults& faults) {
  std::vector<std::string_view> names;
  names.reserve(checks.size());
  for (const PlacedCheck& placed : checks) names.push_back(placed.check.name);
  for (const PlacedCheck& placed : checks) {
    for (const std::string& other : placed.check.after) {
      if (std::find(names.begin(), names.end(), other) != names.end()) continue;
      faults.push_back(
          {placed.after_at, "after",
           fmt::format("after: no check is called {}{}", json_quoted(other), did_you_mean(other, names))});
    }
  }
}

// Takes away what waits for nothing until nothing is taken; what is left waits for itself.
void refuse_circles(const std::vector<PlacedCheck>& checks, Faults& faults) {
  std::set<std::string_view> waiting;
  for (const PlacedCheck& placed : checks) waiting.insert(placed.check.name);
  for (bool taken = true; taken;) {
    taken = false;
    for (const PlacedCheck& placed : checks) {
      const auto& after = placed.check.after;
      const bool free =
          std::none_of(after.begin(), after.end(), [&](const auto& name) { return waiting.count(name) > 0; });
      if (free && waiting.erase(placed.check.name) > 0) taken = true;
    }
  }
  for (const PlacedCheck& placed : checks) {
    if (waiting.count(placed.check.name) == 0) continue;
    const std::vector<std::string> left{waiting.begin(), waiting.end()};
    faults.push_back({placed.after_at, "after",
                      fmt::format("after: these checks wait for each other: {}", join(left, ", "))});
    return;
  }
}

}  // namespace

std::optional<std::chrono::seconds> read_age(TomlReader& reader) {
  const auto age = reader.duration("max_age");
  return age ? std::optional{std::chrono::ceil<std::chrono::seconds>(*age)} : std::nullopt;
}

void read_tests_settings(TomlReader& reader, policy::TestsSettings& settings, Faults& faults) {
  take(reader.texts("reports"), settings.reports);
  read_limits(reader, settings.limits);
  read_suites(reader, settings, faults);
  take(reader.texts("expect"), settings.expect);
  take(reader.flag("allow_empty"), settings.allow_empty);
  take(reader.text("baseline"), settings.baseline);
  take(reader.amount("max_lost_tests"), settings.max_lost_tests);
  take(reader.text("summary"), settings.summary);
  take(reader.text("ctrf"), settings.ctrf);
  take(reader.text("release"), settings.release);
  take(reader.flag("all_cases"), settings.all_cases);
  read_max_errors(reader, settings.max_errors);
}

std::vector<CheckDeclaration> read_checks(const TomlArray& checks, const GateConfig& config, Faults& faults) {
  std::vector<PlacedCheck> placed = read_each(checks, config, faults);
  refuse_same_names(placed, faults);
  if (placed.size() == checks.size()) {  // else a name may be missing only because its check is at fault
    refuse_unknown_names(placed, faults);
    refuse_circles(placed, faults);
  }
  std::vector<CheckDeclaration> declared;
  declared.reserve(placed.size());
  for (PlacedCheck& one : placed) declared.push_back(std::move(one.check));
  return declared;
}

}  // namespace gate::load
