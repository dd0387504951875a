#pragma once

#include "gate/base/result.h"
#include "gate/cli/context.h"
#include "gate/cli/option_table.h"
#include "gate/cli/session.h"
#include "gate/slo/canary_settings.h"
#include "gate/slo_evaluate/options.h"

namespace gate::slo_evaluate {

// Declares what a canary is judged by, and where its samples are.
void declare_canary(cli::OptionTable& table, CompareOptions& options);

// What the options and the objectives they name say. Errors: usage, for numbers that make no sense and for
// objectives that are not about requests; those of the objectives' files.
Result<slo::CanarySettings> canary_settings(const CompareOptions& options, const ports::Files& files);

// Judges the samples, with --watch until there is a decision, and leaves the state where --state says.
Result<cli::ExitCode> compare_samples(const CompareOptions& options, const cli::Session& session,
                                      cli::Context& io);

}  // namespace gate::slo_evaluate
