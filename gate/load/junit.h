#pragma once

#include <memory>

#include "gate/load/report_parser.h"

namespace gate::load {

// JUnit XML as its many writers have it: suites nested or absent, under one root or another.
// Elements are counted; attributes only where a suite lists no test.
std::unique_ptr<XmlDialect> junit_dialect(testing::ReportTally& tally);

}  // namespace gate::load
