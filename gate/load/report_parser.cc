#include "gate/load/report_parser.h"

#include <utility>

namespace gate::load {

XmlReport::XmlReport(std::unique_ptr<XmlDialect> dialect, testing::ReportTally& tally)
    : dialect_(std::move(dialect)), tally_(tally), parser_(*dialect_) {
  dialect_->read_by(parser_);
}

void XmlReport::finish() {
  parser_.finish();
  if (const auto& fault = parser_.fault()) tally_.fail({fault->text, fault->line, fault->column});
  dialect_->close(!parser_.fault());
}

}  // namespace gate::load
