#pragma once

#include "gate/base/value.h"
#include "gate/policy/report.h"

namespace gate::render {

// A report as an ordered tree: the shape that schemas/release-gate/report.schema.json describes and
// that gate/load/report_json reads back. Members stand in a fixed order; tool-specific results
// follow under their own names. What is unknown is null: a commit, a line, a file.
//
// Severities are those found, not those that `mode` makes of them: the mode is in the report.
Value to_value(const policy::Report& report);

// One finding: rule, kind, severity, reason (undecided only), subject, message, location, key (where
// there is one), fingerprint, check (in a merged report only).
Value to_value(const policy::Finding& finding);

}  // namespace gate::render
