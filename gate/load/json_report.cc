#include "gate/load/json_report.h"

#include <charconv>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/load/json.h"
#include "gate/load/json_lookup.h"
#include "gate/load/report_case.h"

namespace gate::load {
namespace {

// Takes "line:column: " off an error's message.
testing::Fault fault_of(const std::string& message) {
  testing::Fault fault{message, 0, 0};
  const char* end = message.data() + message.size();
  std::size_t line = 0;
  std::size_t column = 0;
  const auto at_line = std::from_chars(message.data(), end, line);
  if (at_line.ec != std::errc{} || at_line.ptr == end || *at_line.ptr != ':') return fault;
  const auto at_column = std::from_chars(at_line.ptr + 1, end, column);
  if (at_column.ec != std::errc{} || end - at_column.ptr < 2 || at_column.ptr[0] != ':' ||
      at_column.ptr[1] != ' ') {
    return fault;
  }
  return {std::string{at_column.ptr + 2, end}, line, column};
}

class JsonReport final : public ReportParser {
 public:
  JsonReport(JsonReportReader read, testing::ReportTally& tally) : read_(read), tally_(tally) {}

  void consume(std::string_view text) override {
    if (too_long_) return;
    if (text_.size() + text.size() > limits_.bytes) {
      too_long_ = true;
      text_.clear();
      text_.shrink_to_fit();
      return;
    }
    text_ += text;
  }

  void finish() override {
    if (too_long_) {
      tally_.fail(
          {fmt::format("longer than the {} bytes that are read of such a report", limits_.bytes), 0, 0});
      return;
    }
    const auto document = parse_json(text_, limits_);
    if (!document) {
      tally_.fail(fault_of(document.error().message));
    } else {
      read_(as_object(document->root), tally_);
    }
  }

 private:
  JsonReportReader read_;
  testing::ReportTally& tally_;
  JsonLimits limits_;
  std::string text_;
  bool too_long_ = false;
};

}  // namespace

void compare_counts(const ClaimedCounts& claimed, std::uint64_t listed, testing::ReportTally& tally) {
  using testing::Weight;
  if (claimed.tests != listed) {
    tally.remark({"tests.count_mismatch",
                  Weight::note,
                  {},
                  fmt::format("the summary says {}, the report lists {}: those are counted",
                              counted(claimed.tests, "test"), counted(listed, "test")),
                  0,
                  0});
  }
  tell_claimed_failures(claimed.failures, 0, tally);
}

std::unique_ptr<ReportParser> json_report(JsonReportReader read, testing::ReportTally& tally) {
  return std::make_unique<JsonReport>(read, tally);
}

}  // namespace gate::load
