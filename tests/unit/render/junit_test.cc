#include "gate/render/junit.h"

#include <memory>
#include <random>

#include <expat.h>
#include <gtest/gtest.h>

#include "tests/unit/render/reports.h"

namespace gate::test {
namespace {

// What an XML parser makes of the text.
struct Read {
  std::string error;  // empty: well-formed
  std::size_t cases = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
  std::string stated;  // the counts that <testsuites> states

  [[nodiscard]] std::string counted() const {
    return std::to_string(cases) + " " + std::to_string(failures) + " " + std::to_string(errors) + " " +
           std::to_string(skipped);
  }
};

std::string attribute(const XML_Char** attributes, std::string_view name) {
  for (; *attributes != nullptr; attributes += 2) {
    if (*attributes == name) return attributes[1];
  }
  return {};
}

void on_start(void* data, const XML_Char* name, const XML_Char** attributes) {
  Read& read = *static_cast<Read*>(data);
  const std::string_view element = name;
  if (element == "testcase") ++read.cases;
  if (element == "failure") ++read.failures;
  if (element == "error") ++read.errors;
  if (element == "skipped") ++read.skipped;
  if (element == "testsuites") {
    read.stated = attribute(attributes, "tests") + " " + attribute(attributes, "failures") + " " +
                  attribute(attributes, "errors") + " " + attribute(attributes, "skipped");
  }
}

struct Free {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

Read read_xml(const std::string& text) {
  Read read;
  const std::unique_ptr<XML_ParserStruct, Free> parser{XML_ParserCreate(nullptr)};
  XML_SetUserData(parser.get(), &read);
  XML_SetStartElementHandler(parser.get(), on_start);
  if (XML_Parse(parser.get(), text.data(), static_cast<int>(text.size()), 1) != XML_STATUS_OK) {
    read.error = XML_ErrorString(XML_GetErrorCode(parser.get()));
  }
  return read;
}

TEST(AsJunit, IsWellFormedAndCountsWhatItHolds) {
  std::vector<NamedReport> reports = sample_reports();
  std::mt19937 random{7};
  for (int i = 0; i < 300; ++i) {
    reports.push_back({"random " + std::to_string(i), random_hostile_report(random)});
  }
  for (const auto& [name, report] : reports) {
    SCOPED_TRACE(name);
    const Read read = read_xml(render::as_junit(report));
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.counted(), read.stated);
  }
}

TEST(AsJunit, IsRedExactlyWhereTheVerdictBlocks) {
  for (const auto& [name, report] : sample_reports()) {
    SCOPED_TRACE(name);
    const Read read = read_xml(render::as_junit(report));
    const bool failed = report.verdict == policy::Verdict::failed;
    const bool blocks = failed || report.verdict == policy::Verdict::undecided;
    EXPECT_EQ(read.failures > 0, failed);
    EXPECT_EQ(read.failures + read.errors > 0, blocks);
    EXPECT_GE(read.cases, 1U);
  }
}

TEST(AsJunit, FailsWhereOnlyTheVerdictDoes) {
  struct Row {
    const char* name;
    policy::Verdict verdict;
    std::size_t failures;
    std::size_t errors;
  };
  const Row rows[] = {{"denied warning", policy::Verdict::failed, 1, 0},
                      {"undecided, its findings omitted", policy::Verdict::undecided, 0, 1},
                      {"warned", policy::Verdict::warned, 0, 0}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    policy::Report report;
    report.verdict = row.verdict;
    report.active = {policy::violation("r", policy::Severity::warning, "s", "m")};
    const Read read = read_xml(render::as_junit(report));
    EXPECT_EQ(read.failures, row.failures);
    EXPECT_EQ(read.errors, row.errors);
  }
}

}  // namespace
}  // namespace gate::test
