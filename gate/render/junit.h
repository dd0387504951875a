#pragma once

#include <string>

#include "gate/policy/report.h"

namespace gate::render {

// The report as JUnit XML, for tools that show tests: one suite a check, in it a case `verdict` and a
// case a finding. What blocks is a failure; what is undecided and not accepted, an error; exempted
// findings are skipped, with who let them pass until when; warnings and notes pass and say so on
// system-out. A failed verdict always has a failure, an undecided one a failure or an error. Facts and
// scalar results are properties of the first suite. Well-formed XML 1.0 whatever the report holds.
std::string as_junit(const policy::Report& report);

}  // namespace gate::render
