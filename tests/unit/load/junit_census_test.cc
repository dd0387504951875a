#include <filesystem>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/support/test_data.h"
#include "tests/unit/load/read_report.h"

namespace gate::load {
namespace {

// Everything that is no markup taken out: comments, CDATA sections, instructions.
std::string markup_of(std::string_view text) {
  struct Literal {
    std::string_view begin;
    std::string_view end;
  };
  constexpr Literal kLiterals[] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}};
  std::string markup;
  while (!text.empty()) {
    std::size_t skipped = 0;
    for (const Literal& literal : kLiterals) {
      if (text.substr(0, literal.begin.size()) != literal.begin) continue;
      const std::size_t end = text.find(literal.end, literal.begin.size());
      skipped = end == std::string_view::npos ? text.size() : end + literal.end.size();
    }
    if (skipped == 0) markup += text[0];
    text.remove_prefix(skipped == 0 ? 1 : skipped);
  }
  return markup;
}

std::uint64_t count_of(std::string_view text, std::string_view tag) {
  std::uint64_t count = 0;
  for (std::size_t at = text.find(tag); at != std::string_view::npos; at = text.find(tag, at + 1)) {
    const char behind = at + tag.size() < text.size() ? text[at + tag.size()] : ' ';
    if (behind == ' ' || behind == '>' || behind == '/' || behind == '\n' || behind == '\r' || behind == '\t')
      ++count;
  }
  return count;
}

// Every report of others, counted a second way that shares nothing with the parser: start tags.
TEST(JunitCensus, FindsEveryElement) {
  REQUIRE_TEST_DATA(root, "test-reports");
  int reports = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{root}) {
    const std::string extension = entry.path().extension().string();
    if (!entry.is_regular_file() || (extension != ".xml" && extension != ".golden")) continue;
    const std::string text = test::contents_of(entry.path());
    const ReadReport read = read_report(text);
    if (read.format != "junit") continue;
    SCOPED_TRACE(entry.path().string());
    ++reports;
    EXPECT_FALSE(read.counted.fault);
    const std::string markup = markup_of(text);
    EXPECT_EQ(read.counted.totals.total(), count_of(markup, "<testcase"));
    const std::uint64_t bad = count_of(markup, "<failure") + count_of(markup, "<error");
    EXPECT_EQ(read.counted.totals.failures() + read.counted.totals[gate::testing::Outcome::xfailed] > 0,
              bad > 0 || markup.find("notrun") != std::string::npos);
  }
  EXPECT_GE(reports, 25) << "the data of others holds more reports than that";
}

}  // namespace
}  // namespace gate::load
