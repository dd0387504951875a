#pragma once

#include <memory>

#include "gate/load/report_parser.h"

namespace gate::load {

// Visual Studio's TRX (<TestRun>). Of a test with inner results (data rows) the inner ones are
// counted. The class of a test stands behind the results, so tests that did not plainly pass wait
// for it until the end.
std::unique_ptr<XmlDialect> trx_dialect(testing::ReportTally& tally);

}  // namespace gate::load
