#include <algorithm>
#include <cmath>
#include <deque>
#include <string>

#include "gate/base/text.h"
#include "gate/base/utf8.h"
#include "gate/load/sample_json.h"
#include "gate/load/samples.h"
#include "tests/fuzz/targets.h"
#include "tests/support/read_samples.h"

namespace gate::fuzz {
namespace {

void check_row(const test::ReadSamples::Row& row) {
  const Timestamp end{Date{std::chrono::year{10'001} / 1 / 1}};
  require(row.at >= Timestamp{} - std::chrono::days{1} && row.at < end,
          "a moment is within the years it may be in");
  require(std::isfinite(row.latency_ms) && row.latency_ms >= 0, "a latency is a number from 0");
  require(row.status == 0 || (row.status >= 100 && row.status <= 599), "a status is one");
  require(is_utf8(row.client), "a client is UTF-8");
}

// A line that is read with the short cut is what it is without.
void check_line(load::JsonSampleReader& reader, std::string_view line) {
  std::deque<std::string> texts;
  slo::Sample quick;
  slo::Sample strict;
  const auto quick_fault = reader.read(line, quick, texts);
  const auto strict_fault = reader.read_strictly(line, strict, texts);
  require(quick_fault == strict_fault, "the short cut decides as the strict reader");
  require(strict_fault || quick == strict, "the short cut reads the same sample");
  require(!strict_fault || (strict_fault->offset <= line.size() && !strict_fault->message.empty()),
          "a fault says where and why");
}

}  // namespace

void fuzz_samples(std::string_view input) {
  const test::ReadSamples whole = test::read_samples(input);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{13}, std::size_t{4096}}) {
    require(test::read_samples(input, piece) == whole, "pieces of any size read the same");
  }
  for (const auto& row : whole.rows) check_row(row);
  const auto lines = static_cast<std::size_t>(std::count(input.begin(), input.end(), '\n')) + 1;
  require(whole.rows.size() + whole.fault_count + whole.other_lines <= lines, "a line is one thing at most");
  for (const load::SampleFault& fault : whole.faults) {
    require(fault.line >= 1 && fault.line <= lines && fault.column >= 1 && !fault.message.empty(),
            "a fault says where and why");
  }
}

void fuzz_samples_json(std::string_view input) {
  load::JsonSampleReader reader;
  for (const std::string_view line : split(input, '\n')) check_line(reader, line);
}

}  // namespace gate::fuzz
