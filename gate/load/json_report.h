#pragma once

#include <cstdint>
#include <memory>

#include <boost/json/value.hpp>

#include "gate/load/report_parser.h"

namespace gate::load {

// What reads the tree of a whole JSON report.
using JsonReportReader = void (*)(const boost::json::object& root, testing::ReportTally& tally);

// A report that is one JSON document: read at its end, refused over 16 MiB.
std::unique_ptr<ReportParser> json_report(JsonReportReader read, testing::ReportTally& tally);

// Tells where a report's own counts and the tests it lists disagree: the tests are counted.
struct ClaimedCounts {
  std::uint64_t tests = 0;
  std::uint64_t failures = 0;
};
void compare_counts(const ClaimedCounts& claimed, std::uint64_t listed, testing::ReportTally& tally);

// GoogleTest's --gtest_output=json.
void read_gtest_json(const boost::json::object& root, testing::ReportTally& tally);

// The Common Test Report Format (ctrf.io). Its `pending` is skipped, its `other` an error unless
// `rawStatus` says what it is.
void read_ctrf(const boost::json::object& root, testing::ReportTally& tally);

}  // namespace gate::load
