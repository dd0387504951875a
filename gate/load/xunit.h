#pragma once

#include <memory>

#include "gate/load/report_parser.h"

namespace gate::load {

// xUnit.net's own XML, version 2 format (<assemblies>). An <error> of an assembly, which is no test
// but something that broke outside one, counts as an errored test.
std::unique_ptr<XmlDialect> xunit_dialect(testing::ReportTally& tally);

}  // namespace gate::load
