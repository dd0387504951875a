#include "gate/render/sarif.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/render/reports.h"

namespace gate::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) {
    ++count;
  }
  return count;
}

TEST(AsSarif, WritesArtifactsRelativeAndPercentEncoded) {
  struct Row {
    const char* name;
    std::string file;
    std::string uri;
  };
  const Row rows[] = {
      {"plain", "orders/1.json", "orders/1.json"},
      {"dot slash", "././orders/1.json", "orders/1.json"},
      {"space, percent and umlaut", "a b/100%/\u00e4.json", "a%20b/100%25/%C3%A4.json"},
      {"what reads as a scheme", "javascript:alert(1)", "javascript%3Aalert%281%29"},
      {"query and fragment", "a?b#c", "a%3Fb%23c"},
      {"line feed and ill-formed bytes", "a\n\xff", "a%0A%EF%BF%BD"},
      {"absolute", "/etc/x y", "file:///etc/x%20y"},
      {"none, and no input either", "", "gate.toml"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    policy::Report report;
    report.active = {policy::violation("r", policy::Severity::error, "s", "m")};
    report.active[0].location.file = row.file;
    EXPECT_THAT(render::as_sarif(report), HasSubstr("\"uri\": \"" + row.uri + "\""));
  }
}

TEST(AsSarif, PlacesAFindingWithoutAFileInTheFirstInput) {
  policy::Report report;
  report.inputs = {{"slo.toml", "", 1}};
  report.active = {policy::violation("slo.availability", policy::Severity::error, "checkout", "m")};
  EXPECT_THAT(render::as_sarif(report), HasSubstr("\"uri\": \"slo.toml\""));
}

TEST(AsSarif, KeepsTheLimitOfResultsAndSaysWhatIsMissing) {
  policy::Report report = big_report(render::kSarifResults + 5);
  report.active.back().message = "only a note";
  report.active.back().kind = policy::FindingKind::note;
  const std::string text = render::as_sarif(report);
  EXPECT_EQ(count_of(text, "\"ruleId\""), render::kSarifResults);
  EXPECT_THAT(text, HasSubstr("5 findings counted and not listed here."));
  EXPECT_THAT(text, Not(HasSubstr("only a note")));
}

TEST(AsSarif, SuppressesWhatIsExempted) {
  policy::Report report;
  report.exempted = {
      {policy::violation("r", policy::Severity::error, "s", "m"), "EX-7", "platform", "OPS-12", Date{}}};
  const std::string text = render::as_sarif(report);
  EXPECT_THAT(text, HasSubstr("\"kind\": \"external\""));
  EXPECT_THAT(text,
              HasSubstr("\"justification\": \"until 1970-01-01, owner platform, OPS-12, exemption EX-7\""));
}

}  // namespace
}  // namespace gate::test
