#pragma once

#include <memory>
#include <string_view>

#include "gate/load/report_parser.h"

namespace gate::load {

// `go test -json`: one event a line. A test of whose end nothing is told counts by what it printed,
// else as an error; a package that failed without a failing test, and one that did not build, as an
// errored test "(package)". Lines that are no events are passed over and noted; where one of them, or
// the output of a package, tells of a failure that no event does ("FAIL", "panic: ", "FAIL p [setup
// failed]"), the package failed, or the "(run)".
//
// A fault: a line that starts like an event and is none, a line over 4 MiB, a package that never
// ends.
std::unique_ptr<ReportParser> go_json_parser(testing::ReportTally& tally);

// Whether one of these first lines is such an event.
bool looks_like_go_json(std::string_view opening);

}  // namespace gate::load
