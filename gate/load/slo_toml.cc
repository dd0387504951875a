#include "gate/load/slo_toml.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "gate/base/edit_distance.h"
#include "gate/base/json_text.h"
#include "gate/load/slo_toml_sli.h"
#include "gate/load/slo_toml_source.h"
#include "gate/load/toml_decimal.h"

namespace gate::load {
namespace {

using slo::Objective;
using std::chrono::hours;
using std::chrono::seconds;
using Faults = std::vector<TomlFault>;

constexpr TomlBounds kSloBounds{1U << 20U};
constexpr std::size_t kMostObjectives = 1'000;
constexpr seconds kShortestPeriod = hours{1};
constexpr seconds kLongestPeriod = hours{366 * 24};

std::optional<seconds> read_window(TomlReader& reader, std::string_view key, seconds longest) {
  const auto window = read_seconds(reader, key);
  if (window && *window > longest) reader.fault_of(key, "longer than the period");
  return window;
}

slo::BurnRateRow read_burn_rate(TomlReader& reader, seconds period) {
  slo::BurnRateRow row;
  if (const auto severity = reader.choice("severity", {"page", "ticket"}))
    row.severity = *severity == 0 ? slo::AlertSeverity::page : slo::AlertSeverity::ticket;
  take(read_window(reader, "long", period), row.long_window);
  row.short_window = std::max(row.long_window / 12, seconds{1});
  take(read_window(reader, "short", period), row.short_window);
  const auto budget = exact_percent(reader, "budget");
  const auto factor = exact_number(reader, "factor");
  if (budget) row.budget_percent = budget->value;
  if (factor) row.factor = factor->value;
  for (const std::string_view key : {"severity", "long"}) {
    if (!reader.has(key)) reader.fault(fmt::format("{} is missing", key));
  }
  if (row.short_window > row.long_window && reader.has("long")) reader.fault_of("short", "longer than long");
  if (reader.has("budget") == reader.has("factor")) reader.fault("either budget or factor must be given");
  if (budget && budget->value.is_zero()) reader.fault_of("budget", "must be above 0");
  if (factor && factor->value.is_zero()) reader.fault_of("factor", "must be above 0");
  reader.refuse_unknown();
  return row;
}

void read_burn_rates(TomlReader& reader, seconds period, Objective& objective, Faults& faults) {
  const TomlArray* rows = reader.array("burn_rates");
  if (rows == nullptr) return;
  objective.burn_rates.emplace();
  for (const TomlValue& element : *rows) {
    const auto* table = std::get_if<TomlTable>(&element.data);
    if (table == nullptr) {
      faults.push_back({element.at, "burn_rates",
                        fmt::format("burn_rates: expected a table, found {}", kind_of(element))});
      continue;
    }
    TomlReader row{*table, element.at, faults};
    objective.burn_rates->push_back(read_burn_rate(row, period));
  }
}

void read_slices(TomlReader& reader, Objective& objective) {
  const auto method = reader.choice("budgeting", {"occurrences", "timeslices", "ratio_timeslices"});
  if (method) objective.budgeting = static_cast<slo::Budgeting>(*method);
  const bool sliced = objective.budgeting != slo::Budgeting::occurrences;
  take(read_seconds(reader, "slice"), objective.slice);
  if (objective.slice > hours{24}) reader.fault_of("slice", "24h at most");
  if (!sliced && reader.has("slice"))
    reader.fault_of("slice", "is for budgeting = \"timeslices\" or \"ratio_timeslices\"");
  const auto target = exact_percent(reader, "slice_target");
  if (target) objective.slice_target = slo::share_of_percent(target->value);
  const bool needs_target = objective.budgeting == slo::Budgeting::timeslices;
  if (needs_target && !reader.has("slice_target")) reader.fault("slice_target is missing");
  if (!needs_target && reader.has("slice_target"))
    reader.fault_of("slice_target", "is for budgeting = \"timeslices\"");
}

void read_target(TomlReader& reader, Objective& objective) {
  const auto target = exact_percent(reader, "target");
  if (!reader.has("target")) reader.fault("target is missing");
  if (!target) return;
  objective.target = slo::share_of_percent(target->value);
  objective.written = target->text;
  if (target->value.is_zero()) reader.fault_of("target", "0 is kept by anything");
  if (target->value == Decimal::of(std::int64_t{100})) {
    reader.fault_of("target", "100 leaves no error budget: a single bad event would end all releases");
  }
}

void read_budget(TomlReader& reader, Objective& objective, Faults& faults) {
  read_target(reader, objective);
  slo::Period period;
  const auto length = read_seconds(reader, "period");
  if (!reader.has("period")) reader.fault("period is missing");
  if (length && (*length < kShortestPeriod || *length > kLongestPeriod))
    reader.fault_of("period", "expected 1h to 366d");
  period.length = length.value_or(kLongestPeriod);
  objective.span = period;
  if (const auto reserve = exact_percent(reader, "reserve")) {
    objective.reserve = slo::share_of_percent(reserve->value);
    if (reserve->value == Decimal::of(std::int64_t{100}))
      reader.fault_of("reserve", "100 lets no release out after a single bad event");
  }
  read_slices(reader, objective);
  read_burn_rates(reader, period.length, objective, faults);
}

void read_canary(TomlReader& reader, Objective& objective, Faults& faults) {
  const TomlTable* table = reader.table("canary");
  if (table == nullptr) return;
  TomlReader canary{*table, reader.position_of("canary"), faults};
  if (const auto share = exact_percent(canary, "max_bad_percent")) {
    objective.canary.max_bad_share = slo::share_of_percent(share->value);
    if (share->value.is_zero()) canary.fault_of("max_bad_percent", "must be above 0");
  }
  if (const auto clients = canary.integer("min_failing_clients", 1, 1'000'000))
    objective.canary.min_failing_clients = static_cast<std::size_t>(*clients);
  canary.refuse_unknown();
}

// The source that is named, or the only one there is; nullptr is a fault.
const slo::Source* read_source(TomlReader& reader, const std::vector<slo::Source>& sources,
                               Objective& objective) {
  const auto name = reader.text("source");
  if (!name) {
    if (reader.has("source")) return nullptr;
    if (sources.size() == 1) {
      objective.source = sources.front().name;
      return &sources.front();
    }
    reader.fault(sources.empty() ? "there is no [[source]] to measure it by"
                                 : "source is missing: there is more than one");
    return nullptr;
  }
  objective.source = *name;
  std::vector<std::string_view> names;
  for (const slo::Source& source : sources) {
    if (source.name == *name) return &source;
    names.push_back(source.name);
  }
  reader.fault_of("source",
                  fmt::format("no source is called {}{}", json_quoted(*name), did_you_mean(*name, names)));
  return nullptr;
}

void read_traffic(TomlReader& reader, Objective& objective) {
  constexpr std::int64_t kMost = 1'000'000'000'000;
  if (const auto events = reader.integer("min_events", 0, kMost))
    objective.min_events = static_cast<double>(*events);
  if (const auto events = reader.integer("min_bad_events", 0, kMost))
    objective.min_bad_events = static_cast<double>(*events);
}

Objective read_objective(TomlReader& reader, const std::vector<slo::Source>& sources, std::string_view path,
                         Faults& faults) {
  Objective objective;
  const TomlPosition at = reader.has("name") ? reader.position_of("name") : reader.position();
  objective.origin = {std::string{path}, at.line, at.column};
  take(reader.text("name"), objective.name);
  if (!reader.has("name")) reader.fault("name is missing");
  if (reader.has("name") && !is_slo_name(objective.name)) reader.fault_of("name", "not a name");
  take(reader.text("service"), objective.service);
  take(reader.text("description"), objective.description);
  const slo::Source* source = read_source(reader, sources, objective);
  read_slo_sli(reader, source, objective);
  if (std::holds_alternative<slo::Period>(objective.span)) read_budget(reader, objective, faults);
  read_traffic(reader, objective);
  take(reader.flag("shadow"), objective.shadow);
  read_canary(reader, objective, faults);
  reader.refuse_unknown();
  return objective;
}

// Each table of an array of tables.
template <class Read>
void for_each_table(TomlReader& root, std::string_view key, Faults& faults, const Read& read) {
  const TomlArray* tables = root.array(key);
  if (tables == nullptr) return;
  if (tables->size() > kMostObjectives)
    return root.fault_of(key, fmt::format("more than {} of them", kMostObjectives));
  for (const TomlValue& element : *tables) {
    const auto* table = std::get_if<TomlTable>(&element.data);
    if (table == nullptr) {
      faults.push_back({element.at, std::string{key},
                        fmt::format("{}: expected a table, found {}", key, kind_of(element))});
      continue;
    }
    TomlReader reader{*table, element.at, faults};
    read(reader);
  }
}

template <class T>
void refuse_same_names(const std::vector<T>& named, std::string_view what, Faults& faults) {
  std::map<std::string_view, std::size_t> seen;
  for (const T& one : named) {
    const auto [first, is_new] = seen.emplace(one.name, one.origin.line);
    if (is_new || one.name.empty()) continue;
    faults.push_back(
        {{one.origin.line, one.origin.column},
         "name",
         fmt::format("name: {} is taken by the {} in line {}", json_quoted(one.name), what, first->second)});
  }
}

}  // namespace

Result<slo::ObjectiveSet> parse_slo_toml(std::string_view text, std::string_view path) {
  const auto table = parse_toml(text, path, kSloBounds);
  if (!table) return table.error();
  Faults faults;
  slo::ObjectiveSet set;
  TomlReader root{*table, {}, faults};
  root.require_version(1);
  for_each_table(root, "source", faults, [&](TomlReader& reader) {
    if (auto source = read_slo_source(reader, faults, path)) set.sources.push_back(std::move(*source));
  });
  for_each_table(root, "objective", faults, [&](TomlReader& reader) {
    set.objectives.push_back(read_objective(reader, set.sources, path, faults));
  });
  root.refuse_unknown();
  refuse_same_names(set.sources, "source", faults);
  refuse_same_names(set.objectives, "objective", faults);
  if (set.objectives.empty() && faults.empty()) root.fault("there is no [[objective]]");
  if (!faults.empty()) return first_fault(std::move(faults), path);
  return set;
}

}  // namespace gate::load
