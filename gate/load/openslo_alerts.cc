#include "gate/load/openslo_objects.h"

#include <algorithm>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/base/text.h"

namespace gate::load {
namespace {

// alertAfter: "0m", its default, is at once.
std::chrono::seconds read_delay(TomlReader& condition) {
  const TomlMember* after = condition.find("alertAfter");
  const auto* text = after == nullptr ? nullptr : std::get_if<std::string>(&after->value.data);
  if (after == nullptr || (text != nullptr && *text == "0m")) return std::chrono::seconds{0};
  const auto delay = read_shorthand(condition, "alertAfter");
  return delay ? length_of(*delay) : std::chrono::seconds{0};
}

// A condition of a policy: by its name, or written out.
std::optional<slo::BurnRateRow> read_condition(const TomlValue& element, const OpenSloObject& policy,
                                               const OpenSloWorld& world) {
  const auto* table = std::get_if<TomlTable>(&element.data);
  if (table == nullptr) {
    policy.faults->push_back({element.at, "conditions",
                              fmt::format("conditions: expected a mapping, found {}", kind_of(element))});
    return std::nullopt;
  }
  TomlReader reader{*table, element.at, *policy.faults};
  std::optional<slo::BurnRateRow> row;
  if (reader.has("conditionRef")) {
    const OpenSloObject* named = resolve(reader, "conditionRef", "AlertCondition", world);
    if (named != nullptr) row = read_alert_condition(*named);
  } else {
    reader.choice("kind", {"AlertCondition"});
    const auto inlined = read_openslo_object(reader, "AlertCondition", *policy.faults, policy.path);
    if (inlined) row = read_alert_condition(*inlined);
  }
  reader.refuse_unknown();
  return row;
}

}  // namespace

std::optional<slo::BurnRateRow> read_alert_condition(const OpenSloObject& object) {
  TomlReader spec = spec_of(object);
  read_description(spec);
  const auto severity = spec.text("severity");
  require(spec, "severity");
  const TomlTable* table = spec.table("condition");
  require(spec, "condition");
  spec.refuse_unknown();
  if (table == nullptr) return std::nullopt;
  TomlReader condition{*table, spec.position_of("condition"), *object.faults};
  condition.choice("kind", {"burnrate"});
  const auto op = condition.choice("op", {"gt", "gte", "lt", "lte"});
  const auto threshold = read_number(condition, "threshold");
  const auto lookback = read_shorthand(condition, "lookbackWindow");
  for (const std::string_view key : {"op", "threshold", "lookbackWindow"}) require(condition, key);
  slo::BurnRateRow row;
  row.short_window = read_delay(condition);
  condition.refuse_unknown();
  if (!threshold || !lookback) return std::nullopt;
  if (*threshold <= Decimal{}) condition.fault_of("threshold", "must be above 0");
  row.severity = severity && equal_ignoring_case(*severity, "ticket") ? slo::AlertSeverity::ticket
                                                                      : slo::AlertSeverity::page;
  row.factor = *threshold;
  row.inclusive = op == 1U;
  row.long_window = length_of(*lookback);
  if (row.short_window == std::chrono::seconds{0}) row.short_window = row.long_window / 12;
  row.short_window = std::min(row.short_window, row.long_window);
  return row;
}

std::vector<slo::BurnRateRow> read_alert_policy(const OpenSloObject& object, const OpenSloWorld& world) {
  TomlReader spec = spec_of(object);
  read_description(spec);
  for (const std::string_view key : {"alertWhenNoData", "alertWhenResolved", "alertWhenBreaching"})
    spec.flag(key);
  const TomlArray* conditions = spec.array("conditions");
  require(spec, "conditions");
  spec.array("notificationTargets");
  spec.refuse_unknown();
  std::vector<slo::BurnRateRow> rows;
  if (conditions == nullptr) return rows;
  if (conditions->size() != 1) spec.fault_of("conditions", "exactly one is expected");
  for (const TomlValue& element : *conditions) {
    if (auto row = read_condition(element, object, world)) rows.push_back(std::move(*row));
  }
  return rows;
}

}  // namespace gate::load
