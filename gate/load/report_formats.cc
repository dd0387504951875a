#include <array>
#include <memory>
#include <string_view>
#include <vector>

#include "gate/load/junit.h"
#include "gate/load/report_detect.h"
#include "gate/load/test_reports.h"

namespace gate::load {
namespace {

using Match = ReportFormat::Match;

Match root_is(std::string_view opening, std::string_view name, std::string_view other = {}) {
  const XmlOpening xml = look_at_xml(opening);
  if (!xml.is_xml) return Match::no;
  if (!xml.root) return Match::more;
  return *xml.root == name || (!other.empty() && *xml.root == other) ? Match::yes : Match::no;
}

template <std::unique_ptr<XmlDialect> (*kDialect)(testing::ReportTally&)>
std::unique_ptr<ReportParser> xml_report(testing::ReportTally& tally) {
  return std::make_unique<XmlReport>(kDialect(tally), tally);
}

}  // namespace

const std::vector<ReportFormat>& report_formats() {
  static const std::vector<ReportFormat> kFormats{
      {"junit", ByteFilter::Rules::xml,
       [](std::string_view opening) { return root_is(opening, "testsuites", "testsuite"); },
       xml_report<junit_dialect>},
  };
  return kFormats;
}

}  // namespace gate::load
