#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gate/load/toml_reader.h"
#include "gate/slo/source.h"

// What the kinds of OpenSLO v1 share, and the readers of all kinds but SLO (openslo_slo.h).
namespace gate::load {

// One object, wherever it stands: a document of its own, or inlined.
struct OpenSloObject {
  std::string kind;
  std::string name;
  std::string display_name;
  const TomlTable* spec = nullptr;
  TomlPosition at;  // of its name
  TomlPosition spec_at;
  std::vector<TomlFault>* faults = nullptr;  // of its file
  std::string_view path;
};

// Everything that was read, by kind and name; a reference may point from one file to another.
struct OpenSloWorld {
  std::map<std::pair<std::string, std::string>, OpenSloObject> objects;
  slo::ObjectiveSet set;

  [[nodiscard]] const OpenSloObject* find(std::string_view kind, std::string_view name) const;
};

bool is_prometheus(std::string_view type);

// A fault of the table where the key is absent.
void require(TomlReader& reader, std::string_view key);

// `description`, which many specs have: a text of at most 1,050 characters.
void read_description(TomlReader& reader);

// A reader of the object's spec, which its file's faults go to.
TomlReader spec_of(const OpenSloObject& object);

// metadata and spec, which an object has wherever it stands. nullopt where one of them is at fault.
std::optional<OpenSloObject> read_openslo_object(TomlReader& reader, std::string_view kind,
                                                 std::vector<TomlFault>& faults, std::string_view path);

// The object that `key` names; a fault where there is none of that kind and name.
const OpenSloObject* resolve(TomlReader& reader, std::string_view key, std::string_view kind,
                             const OpenSloWorld& world);

// A number, exactly as its digits say.
std::optional<Decimal> read_number(TomlReader& reader, std::string_view key);

// "5m", "4w", "1M": a count and its unit, one of m h d w M Q Y.
struct Shorthand {
  int count = 0;
  char unit = 'd';
};
std::optional<Shorthand> read_shorthand(TomlReader& reader, std::string_view key);

// The time it takes: a month is 30 days, a quarter 90, a year 365.
std::chrono::seconds length_of(const Shorthand& duration);

// Checks the spec of every kind but SLO; a DataSource goes into `world.set.sources`.
void read_openslo_spec(const OpenSloObject& object, OpenSloWorld& world);

// The indicator that an SLI's spec describes, without what a threshold is compared with, and the source it is
// measured by, which is added to `world.set.sources` where no DataSource declares it.
struct OpenSloIndicator {
  slo::Sli sli;
  std::string source;
};
std::optional<OpenSloIndicator> read_openslo_sli(const OpenSloObject& sli, OpenSloWorld& world);

// The rows of an AlertPolicy's conditions.
std::vector<slo::BurnRateRow> read_alert_policy(const OpenSloObject& policy, const OpenSloWorld& world);

// The row of an AlertCondition.
std::optional<slo::BurnRateRow> read_alert_condition(const OpenSloObject& condition);

}  // namespace gate::load
