#include "gate/load/test_reports.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/load/report_detect.h"
#include "gate/load/report_text.h"

namespace gate::load {
namespace {

constexpr std::size_t kOpening = std::size_t{1} << 20U;

std::string why_not_recognised(std::string_view opening) {
  if (trim(opening).empty()) return "the file is empty";
  const XmlOpening xml = look_at_xml(opening);
  if (xml.is_xml && xml.root) {
    return fmt::format("not a test report of a known format: the root element is <{}>",
                       shortened(*xml.root, 80));
  }
  if (xml.is_xml) return "the document ends before its root element";
  return "not a test report of a known format";
}

// A document of another kind, and not a report that broke off or was garbled.
bool is_other_document(std::string_view opening) {
  const JsonOpening json = look_at_json(opening);
  return look_at_xml(opening).root.has_value() || (json.is_object && json.is_whole);
}

}  // namespace

void TestReportReader::feed(std::string_view bytes) {
  if (decoder_) {
    take(decoder_->decode(bytes));
    return;
  }
  head_ += bytes;
  if (head_.size() >= kEncodingHead) decide_on_encoding();
}

void TestReportReader::decide_on_encoding() {
  decision_ = decide_encoding(head_);
  decoder_.emplace(decision_.encoding);
  const std::string head = std::move(head_);
  take(decoder_->decode(std::string_view{head}.substr(decision_.mark)));
}

void TestReportReader::take(std::string_view utf8) {
  if (filter_) {
    filter_->feed(utf8);
    return;
  }
  if (refused_) return;
  opening_ += utf8;
  if (opening_.size() >= next_look_) decide_on_format(opening_.size() >= kOpening);
}

void TestReportReader::decide_on_format(bool complete) {
  next_look_ = 2 * opening_.size();
  const std::vector<ReportFormat>& formats = report_formats();
  for (const ReportFormat& format : formats) {
    const ReportFormat::Match match = format.detect(opening_);
    if (match == ReportFormat::Match::no) continue;
    if (match == ReportFormat::Match::more) {
      if (complete) continue;
      return;
    }
    format_ = &format;
    parser_ = format.parser(tally_);
    filter_.emplace(format.rules, *parser_);
    const std::string opening = std::exchange(opening_, {});
    filter_->feed(opening);
    return;
  }
  if (complete || opening_.size() >= kOpening) refuse();
}

void TestReportReader::refuse() {
  refused_ = true;
  other_document_ = is_other_document(opening_);
  tally_.fail({why_not_recognised(opening_), 0, 0});
  opening_.clear();
}

void TestReportReader::remark_on_encoding() {
  if (!decision_.doubt.empty()) {
    tally_.remark({"tests.encoding", testing::Weight::note, {}, decision_.doubt, 1, 0});
  }
  const std::uint64_t replaced = decoder_->replaced() + (filter_ ? filter_->replaced() : 0);
  if (replaced > 0) {
    tally_.remark({"tests.replaced_characters",
                   testing::Weight::note,
                   {},
                   counted(replaced, "character") + " that a report cannot hold, replaced by U+FFFD",
                   0,
                   0});
  }
}

ReadReport TestReportReader::finish() {
  if (!decoder_) decide_on_encoding();
  take(decoder_->finish());
  if (!filter_ && !refused_) decide_on_format(true);
  if (filter_) filter_->finish();
  if (parser_) parser_->finish();
  remark_on_encoding();
  return {format_ == nullptr ? std::string_view{} : format_->name, other_document_, tally_.take()};
}

}  // namespace gate::load
