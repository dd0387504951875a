#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gate/base/result.h"
#include "gate/slo/source.h"

namespace gate::load {

struct OpenSloFile {
  std::string path;
  std::string text;
};

// Reads OpenSLO v1 (https://github.com/OpenSLO/OpenSLO), YAML of one or more documents, all files together:
// references by name are resolved across them. Kinds SLO, SLI, DataSource, AlertPolicy and AlertCondition
// mean something here; Service and AlertNotificationTarget are checked for their shape alone. What the
// specification does not know is refused.
//
// - Each entry of an SLO's `objectives` becomes one of ours, named after the SLO, and after the entry where
//   there are several.
// - A DataSource of type Prometheus becomes a source, its connectionDetails the keys of slo.toml's
//   [[source]]; all other types become slo::UnsupportedSource.
// - An AlertCondition becomes a burn-rate row: its lookbackWindow is the long window, alertAfter the short
//   one (a twelfth where it is 0), severity "ticket" a ticket, any other a page. `op` says what the burn rate
//   is held to or what it must not do, and both are written: an alert fires above the threshold in either
//   case, at it for gte.
// - alertWhenNoData, alertWhenBreaching and alertWhenResolved change nothing: what is missing is undecided.
// - In a calendar-aligned time window `m` is a month, since no calendar has periods of minutes: a remark.
//
// Error: malformed, as `path:line:column: why`.
Result<slo::ObjectiveSet> parse_openslo(const std::vector<OpenSloFile>& files);

}  // namespace gate::load
