#pragma once

#include <string>

#include "gate/policy/report.h"

namespace gate::render {

// The report as JSON (schemas/release-gate/report.schema.json), with a line feed at the end. A `##[`
// in a string is written `##\u005b`: the same text to every reader of JSON, and no command to the
// runner.
std::string as_json(const policy::Report& report);

}  // namespace gate::render
