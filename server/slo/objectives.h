#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/decimal.h"
#include "gate/base/result.h"
#include "gate/checks/slo_objectives.h"
#include "gate/ports/files.h"
#include "gate/slo/objective.h"
#include "server/slo/bins.h"

namespace server::slo {

// The objectives of a server, and what counting posted samples for them takes.
struct Objectives {
  gate::checks::LoadedObjectives loaded;     // none: nothing is configured
  std::vector<gate::slo::Objective> posted;  // those that posted samples are the source of
  std::chrono::seconds longest{};            // window of these, a day at least; older samples are not taken
  std::map<std::string, std::vector<gate::Decimal>, std::less<>> thresholds_ms;  // of latency, by service
};

// Of slo.toml or OpenSLO YAML in `path`, or else of `built_in`, the text of an slo.toml. Neither: none at
// all. Errors: those of gate::checks::load_objectives and settle_calendars; malformed, as `path:line:column:
// why`, for an objective over posted samples that has no service, slices that are no whole bins, or more
// latency thresholds beside it than a histogram has bounds.
gate::Result<Objectives> load_objectives(const std::string& path, std::string_view built_in,
                                         const gate::ports::Files& files, gate::Timestamp now);

// An slo.toml for the service "demo", measured by what is posted.
std::string_view demo_objectives();

}  // namespace server::slo
