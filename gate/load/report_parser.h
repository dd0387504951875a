#pragma once

#include <memory>

#include "gate/load/byte_filter.h"
#include "gate/load/xml.h"
#include "gate/testing/report_tally.h"

namespace gate::load {

// Reads one test report of one format, chunk by chunk, and tells a tally what it holds. Whatever the
// bytes are, it neither throws nor grows with them; where it cannot read on it calls tally.fail() and
// ignores the rest.
class ReportParser : public TextConsumer {
 public:
  // The end of the report.
  virtual void finish() = 0;
};

// One XML format of test reports.
class XmlDialect : public XmlHandler {
 public:
  // The last call: the document's end was reached, or not, because of a fault.
  virtual void close(bool whole) { static_cast<void>(whole); }

  // Lets the dialect ask where it is: set once, before the first event.
  void read_by(const XmlParser& parser) { parser_ = &parser; }

 protected:
  [[nodiscard]] std::size_t line() const { return parser_ == nullptr ? 0 : parser_->line(); }

 private:
  const XmlParser* parser_ = nullptr;
};

// The parser of an XML report, whatever its dialect.
class XmlReport final : public ReportParser {
 public:
  XmlReport(std::unique_ptr<XmlDialect> dialect, testing::ReportTally& tally);

  void consume(std::string_view utf8) override { parser_.consume(utf8); }
  [[nodiscard]] bool in_literal() const override { return parser_.in_literal(); }
  void finish() override;

 private:
  std::unique_ptr<XmlDialect> dialect_;
  testing::ReportTally& tally_;
  XmlParser parser_;
};

}  // namespace gate::load
