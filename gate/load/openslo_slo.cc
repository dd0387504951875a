#include "gate/load/openslo_slo.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "gate/base/text.h"

namespace gate::load {
namespace {

using slo::Objective;
using std::chrono::hours;
using std::chrono::seconds;

constexpr seconds kLongest = hours{366 * 24};

// What all objectives of one SLO have in common.
struct Frame {
  const OpenSloObject& object;
  OpenSloWorld& world;
  Objective common{};
};

// The SLI: inlined, or by its name.
std::optional<OpenSloIndicator> read_indicator(TomlReader& spec, Frame& frame) {
  const TomlTable* inlined = spec.table("indicator");
  const OpenSloObject* named = resolve(spec, "indicatorRef", "SLI", frame.world);
  if (spec.has("indicator") == spec.has("indicatorRef")) {
    spec.fault("either indicator or indicatorRef must be given");
    return std::nullopt;
  }
  if (named != nullptr) return read_openslo_sli(*named, frame.world);
  if (inlined == nullptr) return std::nullopt;
  TomlReader reader{*inlined, spec.position_of("indicator"), *frame.object.faults};
  const auto object = read_openslo_object(reader, "SLI", *frame.object.faults, frame.object.path);
  reader.refuse_unknown();
  return object ? read_openslo_sli(*object, frame.world) : std::nullopt;
}

std::optional<slo::Calendar::Unit> calendar_unit(char unit) {
  using Unit = slo::Calendar::Unit;
  switch (unit) {
    case 'd': return Unit::day;
    case 'w': return Unit::week;
    case 'm':
    case 'M': return Unit::month;
    case 'Q': return Unit::quarter;
    case 'Y': return Unit::year;
    default: return std::nullopt;
  }
}

// "2022-01-01 12:00:00": what the clocks of the zone show.
std::optional<Timestamp> read_start(TomlReader& calendar) {
  auto text = calendar.text("startTime");
  require(calendar, "startTime");
  if (!text) return std::nullopt;
  const bool has_time = text->size() == 19 && ((*text)[10] == ' ' || (*text)[10] == 'T');
  const auto day = parse_date(std::string_view{*text}.substr(0, 10));
  if (has_time) (*text)[10] = 'T';
  const auto moment = has_time ? parse_timestamp(*text + "Z") : Result<Timestamp>{Error{}};
  if (moment) return *moment;
  if (day && text->size() == 10) return Timestamp{*day};
  calendar.fault_of("startTime", "not a date and time such as 2022-01-01 12:00:00");
  return std::nullopt;
}

void read_calendar(TomlReader& window, Shorthand duration, slo::Period& period, Frame& frame) {
  const TomlTable* table = window.table("calendar");
  if (table == nullptr) return;
  TomlReader reader{*table, window.position_of("calendar"), *frame.object.faults};
  slo::Calendar calendar;
  const auto start = read_start(reader);
  const auto zone = reader.text("timeZone");
  require(reader, "timeZone");
  reader.refuse_unknown();
  const auto unit = calendar_unit(duration.unit);
  if (!unit) window.fault_of("duration", "a calendar period takes days or longer");
  if (!start || !zone || !unit) return;
  if (duration.unit == 'm') {
    const TomlPosition at = window.position_of("duration");
    frame.world.set.remarks.push_back(
        {fmt::format("duration: {}m of a calendar is read as months: minutes would be no calendar period",
                     duration.count),
         {std::string{frame.object.path}, at.line, at.column}});
    duration.unit = 'M';
  }
  period.length = length_of(duration);
  period.calendar = slo::Calendar{*unit, duration.count, *start, *zone};
}

void read_time_window(TomlReader& window, Frame& frame) {
  const auto duration = read_shorthand(window, "duration");
  require(window, "duration");
  const auto rolling = window.flag("isRolling");
  const bool has_calendar = window.has("calendar");
  if (rolling.value_or(!has_calendar) == has_calendar) {
    window.fault(has_calendar ? "isRolling contradicts calendar" : "calendar is missing, or isRolling: true");
  }
  slo::Period period;
  if (duration) {
    period.length = length_of(*duration);
    read_calendar(window, *duration, period, frame);
  }
  window.find("calendar");
  window.refuse_unknown();
  if (duration && (period.length < hours{1} || period.length > kLongest))
    window.fault_of("duration", "expected an hour to 366 days");
  frame.common.span = period;
}

// The list that holds exactly one.
void read_time_windows(TomlReader& spec, Frame& frame) {
  const TomlArray* windows = spec.array("timeWindow");
  require(spec, "timeWindow");
  if (windows == nullptr) return;
  if (windows->size() != 1) return spec.fault_of("timeWindow", "exactly one is expected");
  const auto* table = std::get_if<TomlTable>(&windows->front().data);
  if (table == nullptr) {
    return spec.fault_of("timeWindow",
                         fmt::format("expected a mapping, found {}", kind_of(windows->front())));
  }
  TomlReader window{*table, windows->front().at, *frame.object.faults};
  read_time_window(window, frame);
}

// A policy: its name alone, a reference, or written out.
std::vector<slo::BurnRateRow> read_policy(const TomlValue& element, TomlReader& spec, Frame& frame) {
  if (const auto* name = std::get_if<std::string>(&element.data)) {
    const OpenSloObject* named = frame.world.find("AlertPolicy", *name);
    if (named != nullptr) return read_alert_policy(*named, frame.world);
    spec.fault_of("alertPolicies", fmt::format("no AlertPolicy is called \"{}\"", shortened(*name, 60)));
    return {};
  }
  const auto* table = std::get_if<TomlTable>(&element.data);
  if (table == nullptr) {
    spec.fault_of("alertPolicies", fmt::format("expected a mapping, found {}", kind_of(element)));
    return {};
  }
  TomlReader reader{*table, element.at, *frame.object.faults};
  std::vector<slo::BurnRateRow> rows;
  if (reader.has("alertPolicyRef")) {
    const OpenSloObject* named = resolve(reader, "alertPolicyRef", "AlertPolicy", frame.world);
    if (named != nullptr) rows = read_alert_policy(*named, frame.world);
  } else {
    reader.choice("kind", {"AlertPolicy"});
    const auto inlined = read_openslo_object(reader, "AlertPolicy", *frame.object.faults, frame.object.path);
    if (inlined) rows = read_alert_policy(*inlined, frame.world);
  }
  reader.refuse_unknown();
  return rows;
}

void read_policies(TomlReader& spec, Frame& frame) {
  const TomlArray* policies = spec.array("alertPolicies");
  if (policies == nullptr || policies->empty()) return;
  frame.common.burn_rates.emplace();
  for (const TomlValue& element : *policies) {
    for (slo::BurnRateRow& row : read_policy(element, spec, frame))
      frame.common.burn_rates->push_back(std::move(row));
  }
  const auto* period = std::get_if<slo::Period>(&frame.common.span);
  const bool fits = std::all_of(frame.common.burn_rates->begin(), frame.common.burn_rates->end(),
                                [&](const auto& row) { return row.long_window <= period->length; });
  if (!fits && period->length.count() > 0)
    spec.fault_of("alertPolicies", "a lookbackWindow is longer than the time window");
}

void read_target(TomlReader& entry, Objective& objective) {
  const auto share = read_number(entry, "target");
  const auto percent = read_number(entry, "targetPercent");
  if (entry.has("target") == entry.has("targetPercent"))
    return entry.fault("either target or targetPercent must be given");
  const std::string_view key = share ? "target" : "targetPercent";
  if (!share && !percent) return;
  objective.target = share ? *share : slo::share_of_percent(*percent);
  objective.written = slo::percent_of(objective.target).to_string();
  if (!slo::is_target(objective.target)) {
    entry.fault_of(key, share ? "expected a share above 0 and below 1, such as 0.999"
                              : "expected a percentage above 0 and below 100, such as 99.9");
  }
}

void read_slices(TomlReader& entry, Objective& objective) {
  const bool sliced = objective.budgeting != slo::Budgeting::occurrences;
  const bool needs_target = objective.budgeting == slo::Budgeting::timeslices;
  objective.slice_target = read_number(entry, "timeSliceTarget");
  if (needs_target) require(entry, "timeSliceTarget");
  if (objective.slice_target &&
      (*objective.slice_target <= Decimal{} || *objective.slice_target > Decimal::of(std::int64_t{1})))
    entry.fault_of("timeSliceTarget", "expected a share above 0 and at most 1");
  if (sliced) require(entry, "timeSliceWindow");
  const TomlMember* window = entry.find("timeSliceWindow");
  if (window == nullptr) return;
  if (const auto* minutes = std::get_if<std::int64_t>(&window->value.data)) {
    objective.slice = std::chrono::minutes{std::clamp<std::int64_t>(*minutes, 0, 100'000)};
  } else if (const auto duration = read_shorthand(entry, "timeSliceWindow")) {
    objective.slice = length_of(*duration);
  }
  if (objective.slice < seconds{60} || objective.slice > hours{24})
    entry.fault_of("timeSliceWindow", "expected a minute to a day");
}

// What a threshold metric is compared with; other indicators have no use for it.
void read_comparison(TomlReader& entry, Objective& objective) {
  const auto op = entry.choice("op", {"lt", "lte", "gt", "gte"});
  const auto value = read_number(entry, "value");
  auto* threshold = std::get_if<slo::ThresholdSli>(&objective.sli);
  if (threshold == nullptr) return;
  require(entry, "op");
  require(entry, "value");
  if (op) threshold->comparison = static_cast<slo::Comparison>(*op);
  if (value) threshold->limit = *value;
}

// "fast-enough" of "Fast enough".
std::string slug_of(std::string_view text) {
  std::string slug;
  for (const char c : lower(text)) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (plain)
      slug += c;
    else if (!slug.empty() && slug.back() != '-')
      slug += '-';
  }
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  return slug;
}

std::string unique_name(const std::string& slo, const std::string& entry, std::size_t index,
                        const std::vector<Objective>& others) {
  const std::string slug = slug_of(entry);
  const std::string name = fmt::format("{}/{}", slo, slug.empty() ? std::to_string(index + 1) : slug);
  const bool taken =
      std::any_of(others.begin(), others.end(), [&](const Objective& o) { return o.name == name; });
  return taken ? fmt::format("{}-{}", name, index + 1) : name;
}

void read_objectives(TomlReader& spec, Frame& frame) {
  const TomlArray* entries = spec.array("objectives");
  require(spec, "objectives");
  if (entries == nullptr) return;
  if (entries->empty()) return spec.fault_of("objectives", "must not be empty");
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const TomlValue& element = (*entries)[i];
    const auto* table = std::get_if<TomlTable>(&element.data);
    if (table == nullptr) {
      spec.fault_of("objectives", fmt::format("expected a mapping, found {}", kind_of(element)));
      continue;
    }
    TomlReader entry{*table, element.at, *frame.object.faults};
    Objective objective = frame.common;
    objective.origin = {std::string{frame.object.path}, element.at.line, element.at.column};
    const auto display = entry.text("displayName");
    if (entries->size() > 1)
      objective.name = unique_name(frame.object.name, display.value_or(""), i, frame.world.set.objectives);
    read_comparison(entry, objective);
    read_target(entry, objective);
    read_slices(entry, objective);
    if (entry.has("compositeWeight")) entry.fault_of("compositeWeight", "composite objectives are not read");
    entry.find("compositeWeight");
    entry.refuse_unknown();
    frame.world.set.objectives.push_back(std::move(objective));
  }
}

}  // namespace

void read_openslo_slo(const OpenSloObject& object, OpenSloWorld& world) {
  TomlReader spec = spec_of(object);
  Frame frame{object, world};
  frame.common.name = object.name;
  read_description(spec);
  frame.common.description = object.display_name;
  take(spec.text("service"), frame.common.service);
  require(spec, "service");
  if (const auto indicator = read_indicator(spec, frame)) {
    frame.common.sli = indicator->sli;
    frame.common.source = indicator->source;
  }
  read_time_windows(spec, frame);
  const auto method = spec.choice("budgetingMethod", {"Occurrences", "Timeslices", "RatioTimeslices"});
  require(spec, "budgetingMethod");
  if (method) frame.common.budgeting = static_cast<slo::Budgeting>(*method);
  read_policies(spec, frame);
  read_objectives(spec, frame);
  spec.refuse_unknown();
}

}  // namespace gate::load
