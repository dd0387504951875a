#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "gate/load/test_reports.h"
#include "tests/support/test_data.h"

namespace gate::load {

// A report read from a text, `chunk` bytes at a time.
inline ReadReport read_report(std::string_view text, std::size_t chunk = 1U << 20U,
                              testing::TallyLimits limits = {}) {
  TestReportReader reader{std::move(limits)};
  for (std::size_t at = 0; at < text.size(); at += chunk) reader.feed(text.substr(at, chunk));
  return reader.finish();
}

// The same with every test kept.
inline ReadReport read_all(std::string_view text) {
  testing::TallyLimits limits;
  limits.all_cases = true;
  return read_report(text, 1U << 20U, limits);
}

// "1 errored, 3 failed, 5 passed": the classes that are not empty, worst first.
inline std::string tally_of(const testing::Totals& totals) {
  std::string text;
  for (const testing::Outcome outcome : testing::kAllOutcomes) {
    if (totals[outcome] == 0) continue;
    text +=
        (text.empty() ? "" : ", ") + std::to_string(totals[outcome]) + " " + std::string{name_of(outcome)};
  }
  return text;
}

// A report of others, by its path below a folder, and its tally_of().
struct KnownReport {
  const char* file;
  const char* tally;
};

// Expects each report to be whole and to count as it is known to.
template <std::size_t N>
void expect_tallies(const std::filesystem::path& folder, const KnownReport (&reports)[N]) {
  for (const KnownReport& known : reports) {
    SCOPED_TRACE(known.file);
    const ReadReport read = read_report(test::contents_of(folder / known.file));
    EXPECT_FALSE(read.counted.fault);
    EXPECT_EQ(tally_of(read.counted.totals), known.tally);
  }
}

inline const testing::Remark* remark_of(const ReadReport& report, std::string_view rule) {
  const auto& remarks = report.counted.remarks;
  const auto found =
      std::find_if(remarks.begin(), remarks.end(), [&](const auto& r) { return r.rule == rule; });
  return found == remarks.end() ? nullptr : &*found;
}

}  // namespace gate::load
