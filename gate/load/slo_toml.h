#pragma once

#include <string_view>

#include "gate/base/result.h"
#include "gate/slo/source.h"

namespace gate::load {

// Reads slo.toml, version 1: [[source]] and [[objective]] tables (docs/slo-evaluate.md names every key).
// Exact numbers are integers or decimal strings; unknown keys, contradictions and what a source cannot
// measure are refused. Error: malformed, as `path:line:column: key: why` of the first fault.
Result<slo::ObjectiveSet> parse_slo_toml(std::string_view text, std::string_view path);

}  // namespace gate::load
