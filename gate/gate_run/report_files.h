#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "gate/checks/report.h"
#include "gate/cli/session.h"
#include "gate/policy/report.h"

namespace gate::gate_run {

// The reports of earlier steps, matched with what the policy expects.
struct ReportSet {
  std::vector<policy::CheckReport> parts;
  policy::Evidence about;  // what is wrong with the set: missing, twice, stale, unreadable
};

// What a report must be to count in a run under that policy.
checks::Freshness freshness_of(const cli::Session& session, std::optional<std::chrono::seconds> max_age);

// Reads the reports that `files` names (files, folders, globs). The policy's checks say which are
// expected and required; a report it does not know counts as required, for nobody said otherwise.
Result<ReportSet> collect_reports(const std::vector<std::string>& files, const cli::Session& session,
                                  cli::Context& io);

}  // namespace gate::gate_run
