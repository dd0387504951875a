#pragma once

#include <memory>

#include "gate/load/report_parser.h"

namespace gate::load {

// NUnit's own XML, versions 2 (<test-results>) and 3 (<test-run>). The suite of a test is its
// assembly; what fails in a fixture's set-up without failing a test is told of the fixture.
std::unique_ptr<XmlDialect> nunit_dialect(testing::ReportTally& tally);

}  // namespace gate::load
