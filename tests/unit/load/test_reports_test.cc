#include "gate/load/test_reports.h"

#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/test_data.h"
#include "tests/unit/load/read_report.h"

namespace gate::load {
namespace {

using ::testing::HasSubstr;

TEST(TestReports, AreToldByTheirContent) {
  struct Row {
    const char* name;
    std::string text;
    const char* format;
  };
  const Row rows[] = {
      {"JUnit", "<testsuites/>", "junit"},
      {"JUnit behind comments", "\n <?xml version='1.0'?>\n<!-- <TestRun> --><?x y?>\n<testsuite/>", "junit"},
      {"JUnit with a prefix", "<j:testsuites xmlns:j='urn:j'/>", "junit"},
      {"JUnit behind a long comment", "<!--" + std::string(200'000, 'x') + "--><testsuites/>", "junit"},
      {"TRX", "<TestRun/>", "trx"},
      {"NUnit 3", "<test-run/>", "nunit3"},
      {"NUnit 2", "<test-results/>", "nunit2"},
      {"xUnit", "<assemblies/>", "xunit"},
      {"TAP by version", "TAP version 14\n1..0\n", "tap"},
      {"TAP by plan", "1..1\nok\n", "tap"},
      {"TAP behind chatter", "compiling\nrunning\nok 1\n1..1\n", "tap"},
      {"Go", R"({"Time":"2026-11-20T10:00:00Z","Action":"start","Package":"p"})", "go-json"},
      {"GoogleTest", R"({"tests":0,"name":"AllTests","testsuites":[]})", "gtest-json"},
      {"CTRF", R"({"reportFormat":"CTRF","results":{}})", "ctrf"},
      {"CTRF without its mark", R"({"results":{"tool":{},"summary":{},"tests":[]}})", "ctrf"},
      {"a key that is only nested", R"({"data":{"testsuites":[]}})", ""},
      {"a key of another type", R"({"testsuites":"none"})", ""},
      {"another XML document", "<html/>", ""},
      {"another JSON document", R"({"stats":{"tests":3},"tests":[]})", ""},
      {"a JSON array", "[]", ""},
      {"text", "all tests passed\n", ""},
      {"okay is no TAP", "okay\n", ""},
      {"only an XML declaration", "<?xml version='1.0'?>", ""},
      {"only a comment that never ends", "<!-- testsuites", ""},
      {"only a bracket", "<", ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    for (const std::size_t chunk : {std::size_t{1}, std::size_t{1'000'000}}) {
      const ReadReport read = read_report(row.text, chunk);
      EXPECT_EQ(read.format, row.format);
      EXPECT_EQ(read.counted.fault.has_value() && read.format.empty(), *row.format == '\0');
    }
  }
}

TEST(TestReports, SayWhatIsNoReport) {
  struct Row {
    const char* text;
    const char* fault;
  };
  const Row rows[] = {
      {"", "the file is empty"},
      {" \r\n\t", "the file is empty"},
      {"<coverage/>", "the root element is <coverage>"},
      {"<!-- x", "ends before its root element"},
      {"hello", "not a test report of a known format"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    const ReadReport read = read_report(row.text);
    ASSERT_TRUE(read.counted.fault);
    EXPECT_THAT(read.counted.fault->text, HasSubstr(row.fault));
  }
}

TEST(TestReports, InUtf16AreReadInEveryFormat) {
  const auto wide = [](std::string_view text) {
    std::string bytes = "\xFF\xFE";
    for (const char c : text) bytes += {c, '\0'};
    return bytes;
  };
  EXPECT_EQ(tally_of(read_report(wide("1..1\r\nok 1\r\n")).counted.totals), "1 passed");
  EXPECT_EQ(tally_of(read_report(wide("{\"Action\":\"pass\",\"Package\":\"p\",\"Test\":\"A\"}\r\n{\"Action\":"
                                      "\"pass\",\"Package\":\"p\"}\r\n"))
                         .counted.totals),
            "1 passed");
}

TEST(TestReports, SurviveAnyFileCutAndChangedAnywhere) {
  REQUIRE_TEST_DATA(folder, "test-reports/generated");
  for (const char* file : {"gtest-1.12.1.xml", "ctest-3.25.1.xml", "catch2-2.13.10.xml", "bats-1.8.2.tap",
                           "gtest-1.12.1.json"}) {
    SCOPED_TRACE(file);
    const std::string text = test::contents_of(folder / file);
    for (std::size_t at = 0; at < text.size(); at += 11) {
      const ReadReport cut = read_report(std::string_view{text}.substr(0, at), 64);
      // With all planned tests there, what is cut off a TAP file is not missed.
      const bool whole = cut.format == "tap" && cut.counted.totals.total() == 3;
      EXPECT_EQ(cut.counted.fault.has_value(), !whole) << "cut at byte " << at;
      std::string changed = text;
      for (const char byte : {'\0', '<', '\xFF', '"'}) {
        changed[at] = byte;
        const ReadReport read = read_report(changed);
        EXPECT_LE(read.counted.totals.total(), 12U) << "byte " << at;
      }
    }
  }
}

}  // namespace
}  // namespace gate::load
