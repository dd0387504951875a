#include "gate/render/format.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/base/utf8.h"
#include "gate/render/github.h"
#include "tests/unit/render/golden.h"
#include "tests/unit/render/reports.h"
#include "tests/unit/render/runner_model.h"

namespace gate::test {
namespace {

using render::Format;

TEST(Formats, LookLikeTheGoldenFiles) {
  for (const render::FormatRow& row : render::kFormats) {
    for (const auto& [name, report] : sample_reports()) {
      SCOPED_TRACE(name);
      expect_golden(name + "." + std::string{row.name}, row.render(report, {}));
    }
  }
}

TEST(Formats, HaveNamesThatReadBack) {
  EXPECT_THAT(render::format_names(),
              testing::ElementsAre("text", "json", "markdown", "github", "junit", "sarif"));
  for (const render::FormatRow& row : render::kFormats) EXPECT_EQ(render::format_named(row.name), row.format);
  EXPECT_EQ(render::format_named("html"), std::nullopt);
}

TEST(Formats, AreWellFormedUtf8WithoutControlsWhateverTheReportHolds) {
  for (const render::FormatRow& row : render::kFormats) {
    SCOPED_TRACE(row.name);
    std::string text = row.render(hostile_report(), {});
    EXPECT_TRUE(is_utf8(text));
    for (std::string_view rest = text; !rest.empty(); rest.remove_prefix(decode_utf8(rest).bytes)) {
      const char32_t c = decode_utf8(rest).value;
      // JSON escapes what JSON must; a reader of the file gets the characters that were there.
      const bool kept_by_json = row.format == Format::json && c >= 0x7F;
      if (is_control(c) && !kept_by_json) {
        ADD_FAILURE() << "control U+" << std::hex << static_cast<unsigned>(c);
      }
    }
  }
}

TEST(Formats, LetNobodyForgeTheMarkerOfAComment) {
  for (const auto& [name, report] : sample_reports()) {
    SCOPED_TRACE(name);
    EXPECT_EQ(render::render(Format::markdown, report).find("<!--"), std::string::npos);
    EXPECT_EQ(render::comment_body(report).find("<!--"), std::string::npos);
  }
}

TEST(Formats, SpellOutTerminalEscapesAndBidiControls) {
  const std::string text = render::render(Format::text, hostile_report());
  EXPECT_THAT(text, testing::HasSubstr("\\u{1B}[31m"));
  EXPECT_THAT(text, testing::HasSubstr("\\u{202E}\\u{200B}"));
  EXPECT_EQ(text.find("\u202E"), std::string::npos);
}

TEST(Formats, GiveTheRunnerNoCommandBeyondTheAnnotations) {
  ASSERT_GE(runner_commands(hostile_text()).size(), 2U) << "the model must see what nobody defused";
  std::mt19937 random{20'261'120};
  for (int i = 0; i < 300; ++i) {
    const policy::Report report = i == 0 ? hostile_report() : random_hostile_report(random);
    for (const render::FormatRow& row : render::kFormats) {
      SCOPED_TRACE(row.name);
      const std::string text = row.render(report, {});
      const auto commands = runner_commands(text);
      const std::size_t meant = row.format == Format::github ? report.active.size() : 0;
      ASSERT_EQ(commands.size(), meant) << text;
      for (const RunnerCommand& command : commands) {
        EXPECT_THAT(command.name, testing::AnyOf("error", "warning", "notice"));
      }
    }
  }
}

}  // namespace
}  // namespace gate::test
