#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/load/byte_filter.h"
#include "gate/load/encoding.h"
#include "gate/load/report_parser.h"
#include "gate/testing/report_tally.h"

namespace gate::load {

// One format of test reports: how it is told by its first characters, and what reads it. To add a
// format, write its parser and add its row.
struct ReportFormat {
  enum class Match { no, more, yes };  // more: not without the characters that follow

  std::string_view name;
  ByteFilter::Rules rules;
  Match (*detect)(std::string_view opening);
  std::unique_ptr<ReportParser> (*parser)(testing::ReportTally& tally);
};

// In the order they are tried.
const std::vector<ReportFormat>& report_formats();

// What a file turned out to be and to hold.
struct ReadReport {
  std::string_view format;      // of report_formats(); empty: of none, and `counted.fault` says why
  bool other_document = false;  // of none for certain: XML with another root, a whole JSON object
  testing::CountedReport counted;
};

// Reads a test report of any known format, chunk by chunk: decides the encoding, then the format, by
// content. The format is decided on the first megabyte at most.
class TestReportReader {
 public:
  explicit TestReportReader(testing::TallyLimits limits) : tally_(std::move(limits)) {}

  void feed(std::string_view bytes);

  // The end of the file. Call once.
  [[nodiscard]] ReadReport finish();

 private:
  void decide_on_encoding();
  void take(std::string_view utf8);
  void decide_on_format(bool complete);
  void refuse();
  void remark_on_encoding();

  testing::ReportTally tally_;
  std::string head_;  // the first bytes, until the encoding is known
  std::optional<Decoder> decoder_;
  EncodingDecision decision_;
  std::string opening_;  // the first characters, until the format is known
  std::size_t next_look_ = 0;
  bool refused_ = false;
  bool other_document_ = false;
  const ReportFormat* format_ = nullptr;
  std::unique_ptr<ReportParser> parser_;
  std::optional<ByteFilter> filter_;
};

}  // namespace gate::load
