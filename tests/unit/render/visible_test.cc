#include "gate/render/visible.h"

#include <gtest/gtest.h>

#include "gate/render/table.h"
#include "gate/render/tree_text.h"

namespace gate::test {
namespace {

using render::visible;

TEST(Visible, SpellsOutWhatWouldActInsteadOfBeingRead) {
  struct Row {
    const char* name;
    std::string text;
    std::string shown;
  };
  const Row rows[] = {
      {"clear screen", "\x1b[2J", "\\u{1B}[2J"},
      {"C1 control", "\u009B31m", "\\u{9B}31m"},
      {"NUL and DEL", std::string("a\0b\x7F", 4), "a\\u{0}b\\u{7F}"},
      {"line ends and tab", "a\r\nb\tc", "a\\r\\nb\\tc"},
      {"line separators", "a\u2028b\u2029c\u0085", "a\\u{2028}b\\u{2029}c\\u{85}"},
      {"bidi override", "user\u202Etxt.exe", "user\\u{202E}txt.exe"},
      {"bidi isolate", "\u2066x\u2069", "\\u{2066}x\\u{2069}"},
      {"zero-width space, soft hyphen, byte order mark", "a\u200Bb\u00ADc\uFEFF",
       "a\\u{200B}b\\u{AD}c\\u{FEFF}"},
      {"tag characters", "\U000E0041", "\\u{E0041}"},
      {"ill-formed", "a\xff\xc3(", "a\uFFFD\uFFFD("},
      {"plain words in any script stay", "größer 漢字 שלום 👩‍💻",
       "größer 漢字 שלום 👩‍💻"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(visible(row.text), row.shown);
  }
}

TEST(Visible, IsBounded) {
  EXPECT_LE(visible(std::string(10'000'000, 'x')).size(), render::kLineLimit);
  EXPECT_EQ(visible("äöü", 5), "ä…");
}

TEST(CutToWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(render::display_width("漢字"), 4U);
  EXPECT_EQ(render::display_width("e\u0301"), 1U);
  EXPECT_EQ(render::cut_to_width("漢字漢字", 5), "漢字…");
  EXPECT_EQ(render::cut_to_width("abc", 3), "abc");
}

TEST(Aligned, NarrowsTheColumnThatGivesWay) {
  const auto rows = render::aligned({{"NAME"}, {"WHY", false, true}, {"TIME", true}},
                                    {{"unit", std::string(100, 'x'), "1 ms"}, {"漢字", "y", "12 ms"}}, 40);
  EXPECT_EQ(render::line_of(rows[0]), "NAME  WHY                           TIME");
  EXPECT_EQ(render::line_of(rows[1]), "unit  " + std::string(26, 'x') + "…   1 ms");
  EXPECT_EQ(render::line_of(rows[2]), "漢字  y                            12 ms");
}

TEST(TreeText, ShowsEveryShapeWithinBounds) {
  Value rows = Value::array();
  for (int i = 0; i < 22; ++i) rows.push(Value::object({{"id", i}, {"ok", i % 2 == 0}}));
  const Value deep =
      Value::object({{"a", Value::object({{"b", Value::array().push(Value::array().push(1))}})}});
  EXPECT_EQ(render::tree_text("total_count", 12, 80), "total count: 12\n");
  EXPECT_EQ(render::tree_text("none", Value{}, 80), "none: -\n");
  EXPECT_EQ(render::tree_text("empty", Value::array(), 80), "");
  EXPECT_EQ(render::tree_text("totals", Value::object({{"passed", 3}, {"rate", 99.5}}), 80),
            "totals: passed 3, rate 99.5\n");
  EXPECT_EQ(render::tree_text("deep", deep, 80), "deep:\n  a:\n    b:\n      -: 1\n");
  EXPECT_EQ(render::tree_text(
                "wide", Value::object({{"first", "xxxxxxxxxx"}, {"second", "yyyyyyyyyy"}, {"third", 3}}), 32),
            "wide: first xxxxxxxxxx,\n      second yyyyyyyyyy, third 3\n");
  const std::string table = render::tree_text("rows", rows, 80);
  EXPECT_EQ(table.substr(0, table.find("   0")), "rows:\n  id  ok\n");
  EXPECT_EQ(table.substr(table.rfind("  …")), "  … and 2 more\n");
}

}  // namespace
}  // namespace gate::test
