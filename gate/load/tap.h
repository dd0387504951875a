#pragma once

#include <memory>
#include <string_view>

#include "gate/load/report_parser.h"

namespace gate::load {

// The Test Anything Protocol, versions 12 to 14. `not ok` with a TODO is an expected failure, `ok`
// with a SKIP is skipped, `not ok` with a SKIP has failed. Of a test with subtests the subtests are
// counted; the test itself only where it failed and none of them did.
//
// A fault, and never a pass: no plan, another number of tests than planned, tests behind a plan that
// closes, a second plan, `Bail out!`.
std::unique_ptr<ReportParser> tap_parser(testing::ReportTally& tally);

// Whether these first lines are TAP.
bool looks_like_tap(std::string_view opening);

}  // namespace gate::load
