#pragma once

#include "gate/load/toml_reader.h"
#include "gate/slo/source.h"

namespace gate::load {

// Reads what an [[objective]] of slo.toml measures, and of a threshold (p95_latency_ms, error_rate_percent,
// availability_percent) its limit and window as well. `source` is the one it is measured by, or nullptr
// where that is at fault already. Sets `sli` and `freshness`, and of thresholds `span`, `target`
// and `written`. Queries that can be seen to be broken, and a share that compares a query with itself, are
// faults.
void read_slo_sli(TomlReader& reader, const slo::Source* source, slo::Objective& objective);

}  // namespace gate::load
