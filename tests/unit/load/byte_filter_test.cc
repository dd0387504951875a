#include "gate/load/byte_filter.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace gate::load {
namespace {

constexpr const char* kFffd = "\xEF\xBF\xBD";

class Kept final : public TextConsumer {
 public:
  void consume(std::string_view utf8) override {
    ++calls;
    text += utf8;
  }
  [[nodiscard]] bool in_literal() const override { return text.rfind("<![CDATA[") != std::string::npos; }

  std::string text;
  int calls = 0;
};

struct Filtered {
  std::string text;
  std::uint64_t replaced = 0;
};

Filtered filtered(ByteFilter::Rules rules, std::string_view bytes, std::size_t chunk = 1'000'000) {
  Kept kept;
  ByteFilter filter{rules, kept};
  for (std::size_t at = 0; at < bytes.size(); at += chunk) filter.feed(bytes.substr(at, chunk));
  filter.finish();
  return {kept.text, filter.replaced()};
}

struct Row {
  const char* name;
  std::string_view bytes;
  std::string text;
  std::uint64_t replaced;
};

const std::string kR = kFffd;

const Row kXmlRows[] = {
    {"plain", "<a b='c'>d</a>", "<a b='c'>d</a>", 0},
    {"tab, line feed, return", "a\tb\nc\rd", "a\tb\nc\rd", 0},
    {"escape", "\x1B[31mred", kR + "[31mred", 1},
    {"NUL", std::string_view{"a\0b", 3}, "a" + kR + "b", 1},
    {"every other control", "\x01\x08\x0B\x0C\x0E\x1F", kR + kR + kR + kR + kR + kR, 6},
    {"DEL is allowed", "\x7F", "\x7F", 0},
    {"emoji", "\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80", 0},
    {"umlauts and CJK", "\xC3\xA4\xE4\xBD\xA0", "\xC3\xA4\xE4\xBD\xA0", 0},
    {"U+FFFE", "\xEF\xBF\xBE", kR, 1},
    {"U+FFFF", "\xEF\xBF\xBF", kR, 1},
    {"U+FFFD itself", "\xEF\xBF\xBD", kR, 0},
    {"surrogate in UTF-8", "\xED\xA0\x80", kR + kR + kR, 3},
    {"overlong", "\xC0\xAF", kR + kR, 2},
    {"beyond Unicode", "\xF4\x90\x80\x80", kR + kR + kR + kR, 4},
    {"Latin-1 byte in UTF-8", "caf\xE9 au lait", "caf" + kR + " au lait", 1},
    {"cut at the end", "a\xE4\xBD", "a" + kR, 1},
    {"reference to escape", "a&#27;b", "a" + kR + "b", 1},
    {"the same in hex", "a&#x1B;b", "a" + kR + "b", 1},
    {"reference to U+FFFE", "&#xFFFE;", kR, 1},
    {"reference to a lone surrogate", "&#xD83D;", kR, 1},
    {"reference beyond Unicode", "&#x110000;", kR, 1},
    {"reference beyond 32 bits", "&#9999999999;", kR, 1},
    {"reference to NUL", "&#0;", kR, 1},
    {"references that are fine", "&#10;&#x9;&#x1F600;&lt;&amp;&quot;", "&#10;&#x9;&#x1F600;&lt;&amp;&quot;",
     0},
    {"references that are none", "& &# &#; &#x; &#27 &foo; &#-1;", "& &# &#; &#x; &#27 &foo; &#-1;", 0},
    {"reference at the end", "a&#2", "a&#2", 0},
    {"in CDATA a reference is text", "<![CDATA[&#27;]]>", "<![CDATA[&#27;]]>", 0},
    {"in CDATA an escape is still replaced", "<![CDATA[\x1B]]>", "<![CDATA[" + kR + "]]>", 1},
};

TEST(ByteFilter, ReplacesWhatXmlExcludes) {
  for (const Row& row : kXmlRows) {
    SCOPED_TRACE(row.name);
    const Filtered got = filtered(ByteFilter::Rules::xml, row.bytes);
    EXPECT_EQ(got.text, row.text);
    EXPECT_EQ(got.replaced, row.replaced);
  }
}

TEST(ByteFilter, DoesNotDependOnWhereChunksEnd) {
  std::string all;
  std::string expected;
  for (const Row& row : kXmlRows) {
    if (std::string_view{row.name}.find("end") != std::string_view::npos ||
        row.text.find("CDATA") != std::string::npos)
      continue;
    all += std::string{row.bytes} + std::string(17, '.');
    expected += row.text + std::string(17, '.');
  }
  for (std::size_t chunk = 1; chunk < 40; ++chunk) {
    SCOPED_TRACE(chunk);
    EXPECT_EQ(filtered(ByteFilter::Rules::xml, all, chunk).text, expected);
  }
}

TEST(ByteFilter, LeavesControlsAndReferencesInPlainText) {
  const Row rows[] = {
      {"escape", "\x1B[31m", "\x1B[31m", 0},
      {"reference", "&#27;", "&#27;", 0},
      {"NUL", std::string_view{"a\0b", 3}, "a" + kR + "b", 1},
      {"ill-formed", "\xFF", kR, 1},
      {"U+FFFE", "\xEF\xBF\xBE", "\xEF\xBF\xBE", 0},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const Filtered got = filtered(ByteFilter::Rules::text, row.bytes);
    EXPECT_EQ(got.text, row.text);
    EXPECT_EQ(got.replaced, row.replaced);
  }
}

TEST(ByteFilter, HandsCleanTextOnWhereItLies) {
  const std::string text = "<a>&lt;" + std::string(100'000, 'x') + "\xC3\xA4</a>";
  struct Same final : TextConsumer {
    void consume(std::string_view utf8) override { at = utf8.data(); }
    const char* at = nullptr;
  } same;
  ByteFilter filter{ByteFilter::Rules::xml, same};
  filter.feed(text);
  EXPECT_EQ(same.at, text.data());
}

TEST(ByteFilter, HandsAChunkOnInOnePieceHoweverMuchIsReplaced) {
  Kept kept;
  ByteFilter filter{ByteFilter::Rules::xml, kept};
  filter.feed(std::string(1'000, '\x1B'));
  EXPECT_EQ(kept.calls, 1);
}

}  // namespace
}  // namespace gate::load
