#pragma once

#include <cstddef>
#include <string>

#include "gate/policy/report.h"

namespace gate::render {

// The report as SARIF 2.1.0, one run, for code scanning: a result a finding, exempted ones suppressed.
// Artifact URIs are relative to the repository root and percent-encoded, columns count code points. A
// finding without a file stands at line 1 of the first file that was read, for GitHub shows none
// without a place. At most 25,000 results, GitHub's limit: what blocks comes first, and a notification
// says how many are missing. Tool-specific results of up to 256 KiB stand in the run's properties.
std::string as_sarif(const policy::Report& report);

constexpr std::size_t kSarifResults = 25'000;

}  // namespace gate::render
