#include "gate/load/openslo_objects.h"

#include <algorithm>

#include <fmt/format.h>

#include "gate/base/edit_distance.h"
#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "gate/load/slo_toml_source.h"

namespace gate::load {
namespace {

using std::chrono::seconds;
using Faults = std::vector<TomlFault>;

// Labels, annotations: a text, or a list of texts, for each key.
void read_texts_by_key(TomlReader& reader, std::string_view key, Faults& faults) {
  const TomlTable* table = reader.table(key);
  if (table == nullptr) return;
  TomlReader members{*table, reader.position_of(key), faults};
  for (const TomlMember& member : *table) {
    if (std::holds_alternative<TomlArray>(member.value.data)) {
      members.texts(member.key);
    } else if (!std::holds_alternative<std::string>(member.value.data)) {
      members.fault_of(member.key, fmt::format("expected a string, found {}", kind_of(member.value)));
    }
  }
}

void read_data_source(const OpenSloObject& object, OpenSloWorld& world) {
  TomlReader spec = spec_of(object);
  read_description(spec);
  const auto type = spec.text("type");
  require(spec, "type");
  const TomlTable* details = spec.table("connectionDetails");
  slo::Source source{object.name,
                     slo::UnsupportedSource{type.value_or(""), "only Prometheus is read"},
                     {std::string{object.path}, object.at.line, object.at.column}};
  if (type && is_prometheus(*type)) {
    static const TomlTable kNone;
    TomlReader connection{details == nullptr ? kNone : *details,
                          details == nullptr ? object.spec_at : spec.position_of("connectionDetails"),
                          *object.faults};
    source.settings = read_prometheus_source(connection, *object.faults);
    connection.refuse_unknown();
  }
  spec.refuse_unknown();
  world.set.sources.push_back(std::move(source));
}

void read_plain_spec(const OpenSloObject& object, bool has_target) {
  TomlReader spec = spec_of(object);
  read_description(spec);
  if (has_target) {
    spec.text("target");
    require(spec, "target");
  }
  spec.refuse_unknown();
}

}  // namespace

bool is_prometheus(std::string_view type) {
  return equal_ignoring_case(type, "prometheus");
}

void require(TomlReader& reader, std::string_view key) {
  if (!reader.has(key)) reader.fault(fmt::format("{} is missing", key));
}

void read_description(TomlReader& reader) {
  constexpr std::size_t kLongest = 1'050;
  const TomlMember* member = reader.find("description");
  if (member == nullptr) return;
  const auto* text = std::get_if<std::string>(&member->value.data);
  if (text == nullptr) {
    reader.fault_of("description", fmt::format("expected a string, found {}", kind_of(member->value)));
  } else if (text->size() > 4 * kLongest) {
    reader.fault_of("description", "longer than 1,050 characters");
  }
}

const OpenSloObject* OpenSloWorld::find(std::string_view kind, std::string_view name) const {
  const auto found = objects.find({std::string{kind}, std::string{name}});
  return found == objects.end() ? nullptr : &found->second;
}

TomlReader spec_of(const OpenSloObject& object) {
  return TomlReader{*object.spec, object.spec_at, *object.faults};
}

std::optional<OpenSloObject> read_openslo_object(TomlReader& reader, std::string_view kind,
                                                 std::vector<TomlFault>& faults, std::string_view path) {
  OpenSloObject object;
  object.kind = kind;
  object.faults = &faults;
  object.path = path;
  const TomlTable* metadata = reader.table("metadata");
  object.spec = reader.table("spec");
  require(reader, "metadata");
  require(reader, "spec");
  if (metadata == nullptr || object.spec == nullptr) return std::nullopt;
  object.spec_at = reader.position_of("spec");
  TomlReader names{*metadata, reader.position_of("metadata"), faults};
  take(names.text("name"), object.name);
  object.at = names.has("name") ? names.position_of("name") : names.position();
  require(names, "name");
  take(names.text("displayName"), object.display_name);
  read_texts_by_key(names, "labels", faults);
  read_texts_by_key(names, "annotations", faults);
  names.refuse_unknown();
  if (names.has("name") && !is_slo_name(object.name)) names.fault_of("name", "not a name");
  return object;
}

const OpenSloObject* resolve(TomlReader& reader, std::string_view key, std::string_view kind,
                             const OpenSloWorld& world) {
  const auto name = reader.text(key);
  if (!name) return nullptr;
  const OpenSloObject* found = world.find(kind, *name);
  if (found != nullptr) return found;
  std::vector<std::string_view> names;
  for (const auto& [id, object] : world.objects) {
    if (id.first == kind) names.push_back(id.second);
  }
  reader.fault_of(key,
                  fmt::format("no {} is called {}{}", kind, json_quoted(*name), did_you_mean(*name, names)));
  return nullptr;
}

std::optional<Decimal> read_number(TomlReader& reader, std::string_view key) {
  const TomlMember* member = reader.find(key);
  if (member == nullptr) return std::nullopt;
  if (const auto* integer = std::get_if<std::int64_t>(&member->value.data)) return Decimal::of(*integer);
  if (const auto* number = std::get_if<double>(&member->value.data)) return Decimal::of(*number);
  if (const auto* digits = std::get_if<std::string>(&member->value.data)) {
    const auto exact = digits->size() <= 40 ? Decimal::parse(*digits) : Result<Decimal>{Error{}};
    if (exact) return *exact;
  }
  reader.fault_of(key, fmt::format("expected a number, found {}", kind_of(member->value)));
  return std::nullopt;
}

std::optional<Shorthand> read_shorthand(TomlReader& reader, std::string_view key) {
  const auto text = reader.text(key);
  if (!text) return std::nullopt;
  constexpr std::string_view kUnits = "mhdwMQY";
  const std::string_view digits = std::string_view{*text}.substr(0, text->size() - 1);
  const bool counts = !digits.empty() && digits.size() <= 6 &&
                      digits.find_first_not_of("0123456789") == std::string_view::npos &&
                      digits.front() != '0';
  if (counts && kUnits.find(text->back()) != std::string_view::npos)
    return Shorthand{std::stoi(std::string{digits}), text->back()};
  reader.fault_of(
      key,
      fmt::format("{} is not a duration such as \"5m\", \"1h\", \"30d\", \"4w\", \"1M\", \"1Q\" or \"1Y\"",
                  json_quoted(shortened(*text, 60))));
  return std::nullopt;
}

seconds length_of(const Shorthand& duration) {
  constexpr std::int64_t kDay = 86'400;
  switch (duration.unit) {
    case 'm': return seconds{60 * std::int64_t{duration.count}};
    case 'h': return seconds{3'600 * std::int64_t{duration.count}};
    case 'w': return seconds{7 * kDay * duration.count};
    case 'M': return seconds{30 * kDay * duration.count};
    case 'Q': return seconds{90 * kDay * duration.count};
    case 'Y': return seconds{365 * kDay * duration.count};
    default: return seconds{kDay * duration.count};
  }
}

void read_openslo_spec(const OpenSloObject& object, OpenSloWorld& world) {
  if (object.kind == "DataSource") {
    read_data_source(object, world);
  } else if (object.kind == "SLI") {
    read_openslo_sli(object, world);
  } else if (object.kind == "AlertPolicy") {
    read_alert_policy(object, world);
  } else if (object.kind == "AlertCondition") {
    read_alert_condition(object);
  } else if (object.kind != "SLO") {
    read_plain_spec(object, object.kind == "AlertNotificationTarget");
  }
}

}  // namespace gate::load
