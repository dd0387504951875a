#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

#include "gate/load/go_json.h"
#include "gate/load/json_report.h"
#include "gate/load/junit.h"
#include "gate/load/nunit.h"
#include "gate/load/report_detect.h"
#include "gate/load/tap.h"
#include "gate/load/test_reports.h"
#include "gate/load/trx.h"
#include "gate/load/xunit.h"

namespace gate::load {
namespace {

using Match = ReportFormat::Match;
using Rules = ByteFilter::Rules;

Match root_is(std::string_view opening, std::string_view name, std::string_view other = {}) {
  const XmlOpening xml = look_at_xml(opening);
  if (!xml.is_xml) return Match::no;
  if (!xml.root) return Match::more;
  return *xml.root == name || (!other.empty() && *xml.root == other) ? Match::yes : Match::no;
}

// A JSON object with that key outermost, whose value begins with that character.
Match key_is(std::string_view opening, std::string_view key, char value) {
  const JsonOpening seen = look_at_json(opening);
  if (!seen.is_object) return Match::no;
  for (std::size_t i = 0; i < seen.keys.size(); ++i) {
    if (seen.keys[i] == key && seen.values[i] == value) return Match::yes;
  }
  return seen.is_whole ? Match::no : Match::more;
}

// Lines may come long after the first: a tool may talk before its report begins.
Match lines_look(bool (*look)(std::string_view), std::string_view opening) {
  constexpr std::size_t kLooked = std::size_t{64} * 1024;
  if (look(opening)) return Match::yes;
  return opening.size() < kLooked ? Match::more : Match::no;
}

template <std::unique_ptr<XmlDialect> (*kDialect)(testing::ReportTally&)>
std::unique_ptr<ReportParser> xml_report(testing::ReportTally& tally) {
  return std::make_unique<XmlReport>(kDialect(tally), tally);
}

template <JsonReportReader kRead>
std::unique_ptr<ReportParser> whole_json(testing::ReportTally& tally) {
  return json_report(kRead, tally);
}

}  // namespace

const std::vector<ReportFormat>& report_formats() {
  static const std::vector<ReportFormat> kFormats{
      {"junit", Rules::xml, [](std::string_view o) { return root_is(o, "testsuites", "testsuite"); },
       xml_report<junit_dialect>},
      {"trx", Rules::xml, [](std::string_view o) { return root_is(o, "TestRun"); }, xml_report<trx_dialect>},
      {"nunit3", Rules::xml, [](std::string_view o) { return root_is(o, "test-run"); },
       xml_report<nunit_dialect>},
      {"nunit2", Rules::xml, [](std::string_view o) { return root_is(o, "test-results"); },
       xml_report<nunit_dialect>},
      {"xunit", Rules::xml, [](std::string_view o) { return root_is(o, "assemblies", "assembly"); },
       xml_report<xunit_dialect>},
      {"go-json", Rules::text, [](std::string_view o) { return lines_look(looks_like_go_json, o); },
       go_json_parser},
      {"gtest-json", Rules::text, [](std::string_view o) { return key_is(o, "testsuites", '['); },
       whole_json<read_gtest_json>},
      {"ctrf", Rules::text,
       [](std::string_view o) { return std::max(key_is(o, "reportFormat", '"'), key_is(o, "results", '{')); },
       whole_json<read_ctrf>},
      {"tap", Rules::text, [](std::string_view o) { return lines_look(looks_like_tap, o); }, tap_parser},
  };
  return kFormats;
}

}  // namespace gate::load
