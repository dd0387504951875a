#include <algorithm>

#include "gate/base/utf8.h"
#include "gate/load/test_reports.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {
namespace {

testing::TallyLimits limits() {
  testing::TallyLimits limits;
  limits.all_cases = true;
  limits.suites = {"a*", "**/b"};
  return limits;
}

load::ReadReport read(std::string_view bytes, std::size_t chunk) {
  load::TestReportReader reader{limits()};
  for (std::size_t at = 0; at < bytes.size(); at += chunk) reader.feed(bytes.substr(at, chunk));
  return reader.finish();
}

void check_case(const testing::TestCase& test) {
  require(!test.name.empty(), "a test has a name");
  for (const std::string* text :
       {&test.suite, &test.class_name, &test.name, &test.message, &test.details, &test.file}) {
    require(is_utf8(*text), "what is read of a report is UTF-8");
  }
  require(!test.duration || test.duration->count() >= 0, "no test takes less than no time");
}

void check_counted(const testing::CountedReport& counted) {
  require(counted.totals.failures() <= counted.totals.total(), "the classes are disjoint");
  testing::Totals kept;
  for (const testing::TestCase& test : counted.cases) {
    check_case(test);
    testing::add(kept, test.outcome);
  }
  for (const testing::Claim& claim : counted.claims) testing::add(kept, claim.totals);
  for (const testing::Outcome outcome : testing::kAllOutcomes) {
    require(kept[outcome] <= counted.totals[outcome], "every test that is kept is counted");
  }
  const bool complete = counted.omitted_cases == 0 && counted.cases.size() < limits().failures;
  if (complete) require(kept.counts == counted.totals.counts, "every test that is counted is kept");
}

// Whether what comes behind the last `>` or `}` makes the text whole.
bool ends_with_bracket(std::string_view format) {
  constexpr std::string_view kByLine[] = {"tap", "go-json"};
  return std::find(std::begin(kByLine), std::end(kByLine), format) == std::end(kByLine);
}

// A report cut off before its end must never be one that can pass.
void check_truncated(std::string_view bytes, const load::ReadReport& whole) {
  if (whole.counted.fault || !ends_with_bracket(whole.format)) return;
  if (bytes.size() < 2 || bytes[0] == '\0' || bytes[1] == '\0' || bytes[0] == '\xFE' || bytes[0] == '\xFF')
    return;  // UTF-16
  const std::size_t end = bytes.find_last_of(">}");
  require(end != std::string_view::npos, "what has no bracket is whole in no format that ends with one");
  const load::ReadReport cut = read(bytes.substr(0, end), bytes.size());
  require(cut.counted.fault.has_value(), "a report cut short has a fault");
}

}  // namespace

// The first byte says how long the chunks are; the format is told by content.
void fuzz_test_report(std::string_view input) {
  if (input.empty()) return;
  const std::size_t chunk = 1 + static_cast<unsigned char>(input.front()) % 64U;
  const std::string_view bytes = input.substr(1);
  const load::ReadReport whole = read(bytes, bytes.size() + 1);
  const load::ReadReport pieces = read(bytes, chunk);
  require(whole.format == pieces.format, "where a chunk ends does not change the format");
  require(whole.counted == pieces.counted, "where a chunk ends does not change what is counted");
  require(!whole.format.empty() || whole.counted.fault, "of no known format is a fault");
  check_counted(whole.counted);
  check_truncated(bytes, whole);
}

// The first byte chooses the format, whatever the rest looks like.
void fuzz_test_report_format(std::string_view input) {
  if (input.empty()) return;
  const std::vector<load::ReportFormat>& formats = load::report_formats();
  const load::ReportFormat& format = formats[static_cast<unsigned char>(input.front()) % formats.size()];
  testing::ReportTally tally{limits()};
  const auto parser = format.parser(tally);
  load::ByteFilter filter{format.rules, *parser};
  filter.feed(input.substr(1));
  filter.finish();
  parser->finish();
  const testing::CountedReport counted = tally.take();
  check_counted(counted);
}

}  // namespace gate::fuzz
