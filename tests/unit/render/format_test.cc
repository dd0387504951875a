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
      if (is_control(c) && !kept_by_json)
        ADD_FAILURE() << "control U+" << std::hex << static_cast<unsigned>(c);
    }
  }
}

TEST(Formats, SpellOutTerminalEscapesAndBidiControls) {
  const std::string text = render::render(Format::text, hostile_report());
  EXPECT_THAT(text, testing::HasSubstr("\\u{1B}[31m"));
  EXPECT_THAT(text, testing::HasSubstr("\\u{202E}\\u{200B}"));
  EXPECT_EQ(text.find("\u202E"), std::string::npos);
}

// Strings put together from what has a meaning to somebody.
class HostileStrings {
 public:
  explicit HostileStrings(unsigned seed) : random_(seed) {}

  std::string next() {
    static const std::vector<std::string> kParts = {"::",
                                                    ":",
                                                    "#",
                                                    "##",
                                                    "##[",
                                                    "[",
                                                    "]",
                                                    "error",
                                                    "add-mask",
                                                    "stop-commands",
                                                    "set-env name=A",
                                                    " ",
                                                    "\n",
                                                    "\r",
                                                    "\t",
                                                    "%",
                                                    "%0A",
                                                    "%25",
                                                    ",",
                                                    "=",
                                                    ";",
                                                    "\u00AD",
                                                    "\u200D",
                                                    "\u200B",
                                                    "\uFE0F",
                                                    "\u2028",
                                                    "\u00A0",
                                                    "\u3000",
                                                    "\\",
                                                    "`",
                                                    "|",
                                                    "\x1b[2J",
                                                    "\xff",
                                                    "\xc2",
                                                    "\uFEFF",
                                                    "file=x",
                                                    "a"};
    std::string out;
    for (std::size_t n = random_() % 12; n > 0; --n) out += kParts[random_() % kParts.size()];
    return out;
  }

 private:
  std::mt19937 random_;
};

policy::Report random_report(HostileStrings& strings) {
  policy::Report report = hostile_report();
  report.run.check = strings.next();
  report.decided_by = strings.next();
  report.stamps = {strings.next()};
  for (policy::Finding& finding : report.active) {
    finding.rule = strings.next();
    finding.subject = strings.next();
    finding.message = strings.next();
    finding.location.file = strings.next();
    finding.location.pointer = strings.next();
  }
  report.exempted.front().owner = strings.next();
  report.exempted.front().finding.message = strings.next();
  report.checks.front().check = strings.next();
  report.checks.front().decided_by = strings.next();
  report.results =
      Value::object({{"r", Value::array().push(Value::object({{strings.next(), strings.next()}}))}});
  report.facts = Value::object({{strings.next(), strings.next()}});
  return report;
}

TEST(Formats, GiveTheRunnerNoCommandBeyondTheAnnotations) {
  HostileStrings strings{20'261'120};
  for (int i = 0; i < 500; ++i) {
    const policy::Report report = i == 0 ? hostile_report() : random_report(strings);
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
