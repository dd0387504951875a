#pragma once

#include "gate/base/result.h"
#include "gate/checks/slo.h"
#include "gate/cli/context.h"
#include "gate/cli/option_table.h"
#include "gate/cli/session.h"
#include "gate/slo_evaluate/options.h"

namespace gate::slo_evaluate {

// Declares which objectives are evaluated, and over what.
void declare_objectives(cli::OptionTable& table, ObjectiveOptions& options);

// What the check is told; where nothing is named, slo.toml. Errors: usage where that is not there, or for a
// time that is none.
Result<policy::SloSettings> settings_of(const ObjectiveOptions& options, const ports::Files& files);

void declare_inspect(cli::OptionTable& table, InspectOptions& options);

// Asks every source once. Errors: as settings_of() and checks::evaluate_objectives().
Result<checks::SloCheck> look_at(const ObjectiveOptions& options, const cli::Session& session,
                                 const cli::Context& io);

checks::SloWorld world_of(const cli::Context& io);

}  // namespace gate::slo_evaluate
