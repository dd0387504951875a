#include "gate/load/json_report.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/load/json.h"
#include "gate/load/json_lookup.h"
#include "gate/load/json_positions.h"
#include "gate/load/report_case.h"

namespace gate::load {
namespace {

testing::Fault fault_of(const std::string& message) {
  PlacedMessage placed = placed_message(message);
  return {std::move(placed.message), placed.position.line, placed.position.column};
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
