#pragma once

#include <chrono>
#include <functional>
#include <string_view>

#include "gate/base/result.h"
#include "gate/cli/context.h"
#include "gate/policy/report.h"
#include "gate/slo_evaluate/options.h"

namespace gate::slo_evaluate {

// Declares --watch and what goes with it.
void declare_watch(cli::OptionTable& table, WatchOptions& options);

// One look at the world, judged.
using Look = std::function<Result<policy::Report>()>;

// Looks once; with --watch again after each interval, as long as the verdict is undecided and the time is not
// up, with a line on stderr for each look that decides nothing. The last report is the answer; --watch makes
// no undecided run pass. Errors: usage for times that are none; a look's own, at the first look only: later
// ones are told and looked at again, until the time is up.
Result<policy::Report> watch(const WatchOptions& options, const Look& look, cli::Context& io);

}  // namespace gate::slo_evaluate
