#include "gate/schema/format_idna.h"

#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gate/schema/format.h"

namespace gate::schema {
namespace {

TEST(IdnHostname, KeepsTheRulesOfIdna2008) {
  struct Row {
    const char* name;
    const char* text;
    bool valid;
  };
  const Row rows[] = {
      {"a German name", "bücher.example", true},
      {"a capital beyond ASCII is not mapped", "Bücher.example", false},
      {"nor one of ASCII beside others", "BÜCHER.example", false},
      {"sharp s is itself", "faß.de", true},
      {"so is the final sigma", "βόλος.com", true},
      {"full-width letters", "\uFF41\uFF42", false},
      {"an emoji", "\u2764.example", false},
      {"a symbol within a name", "i\u2665ny", false},
      {"not in form C", "bu\u0308cher", false},
      {"marks in another order than the canonical", "q\u0307\u0323", false},
      {"the same in order", "q\u0323\u0307", true},
      {"one that composes past a mark", "e\u0323\u0302", false},
      {"one that is composed in part", "\u00EA\u0323", false},
      {"the same composed", "\u1EC7", true},
      {"a mark that does not compose", "x\u0301", true},
      {"a combining mark first", "\u0301a", false},
      {"hyphens third and fourth", "é\u00E9--a", false},
      {"an unassigned code point", "a\u0378", false},
      {"a conjoining jamo", "\u1100\u1161", false},
      {"a private one", "\uE000", false},
      {"a zero-width space", "a\u200Bb", false},
      {"a soft hyphen", "a\u00ADb", false},
      {"a joiner at the end", "\u0915\u094D\u200D", true},
      {"a non-joiner first", "\u200C\u0628", false},
      {"a non-joiner between transparent ones", "\u0628\u064E\u200C\u064E\u0628", true},
      {"a non-joiner after one that joins right only", "\u0627\u200C\u0628", false},
      {"a right-to-left name", "\u05D0\u05D1.example", true},
      {"a digit at its end", "\u05D01", true},
      {"a hyphen within it", "\u05D0-\u05D1", true},
      {"a left-to-right letter within it", "\u05D0a", false},
      {"a digit-first label elsewhere in the name", "1a.\u05D0\u05D1", false},
      {"the same without right-to-left", "1a.bücher", true},
      {"Arabic digits alone make it right-to-left", "\u0661", false},
      {"a NUL", "a\0b", true},  // as a C string: the text ends there
      {"an A-label beside a U-label", "xn--bcher-kva.bücher", true},
      {"an A-label of a capital", "xn--bcher-2pa", false},
      {"a full stop of another script", "bücher\u3002example", true},
      {"an Arabic full stop is none", "bücher\u06D4example", false},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(has_format(Format::idn_hostname, row.text), row.valid) << row.name;
  }
  EXPECT_FALSE(has_format(Format::idn_hostname, std::string_view{"b\0\xc3\xbc", 4}));
}

// The samples of RFC 3492, 7.1, that are lower-case throughout.
TEST(Punycode, KeepsTheSamplesOfItsRfc) {
  struct Row {
    std::u32string_view text;
    std::string_view punycode;
  };
  const Row rows[] = {
      {U"\u0644\u064A\u0647\u0645\u0627\u0628\u062A\u0643\u0644\u0645\u0648\u0634\u0639\u0631\u0628\u064A"
       U"\u061F",
       "egbpdaj6bu4bxfgehfvwxn"},
      {U"\u4ED6\u4EEC\u4E3A\u4EC0\u4E48\u4E0D\u8BF4\u4E2D\u6587", "ihqwcrb4cv8a8dqg056pqjye"},
      {U"\u306A\u305C\u307F\u3093\u306A\u65E5\u672C\u8A9E\u3092\u8A71\u3057\u3066\u304F\u308C\u306A\u3044"
       U"\u306E"
       U"\u304B",
       "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa"},
      {U"3\u5E74b\u7D44\u91D1\u516B\u5148\u751F", "3b-ww4c5e180e575a65lsy2b"},
      {U"\u3072\u3068\u3064\u5C4B\u6839\u306E\u4E0B2", "2-u9tlzr9756bt3uc0v"},
      {U"\u305D\u306E\u30B9\u30D4\u30FC\u30C9\u3067", "d9juau41awczczp"},
      {U"-> $1.00 <-", "-> $1.00 <--"},
  };
  for (const Row& row : rows) {
    const auto decoded = decode_punycode(row.punycode);
    ASSERT_TRUE(decoded) << row.punycode;
    EXPECT_EQ(decoded->view(), row.text);
    const auto encoded = encode_punycode(*decoded);
    ASSERT_TRUE(encoded) << row.punycode;
    EXPECT_EQ(encoded->view(), row.punycode);
  }
}

TEST(Punycode, RefusesWhatNoLabelIs) {
  const std::string long_one(64, 'a');
  for (const std::string_view text : {"_", "99999999", "b", "a-\xc3\xa9", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"}) {
    EXPECT_FALSE(decode_punycode(text)) << text;
  }
  EXPECT_FALSE(decode_punycode(long_one + "-"));
  EXPECT_FALSE(code_points_of(long_one));
  EXPECT_FALSE(encode_punycode(*code_points_of(long_one.substr(4))));
  EXPECT_TRUE(encode_punycode(*code_points_of(long_one.substr(6))));
}

TEST(IdnaTable, IsInOrderAndSaysItsVersion) {
  EXPECT_EQ(idna_table::kUnicodeVersion, "15.0.0");
  const auto& [runs, size] = idna_table::kRuns;
  ASSERT_GT(size, 1'000U);
  EXPECT_EQ(runs[0] >> 11, 0U);
  for (std::size_t i = 1; i < size; ++i) ASSERT_LT(runs[i - 1] >> 11, runs[i] >> 11);
  EXPECT_FALSE(idna_properties(0x10FFFF).allowed);
  EXPECT_FALSE(idna_properties(0).allowed);
}

TEST(IdnaTable, ComposesWhatIsAllowed) {
  const auto& [pairs, size] = idna_table::kCompositions;
  ASSERT_GT(size, 400U);
  for (std::size_t i = 0; i < size; ++i) {
    const Composition& row = pairs[i];
    EXPECT_TRUE(idna_properties(row.composite).allowed);
    const char32_t apart[] = {row.first, row.second};
    EXPECT_FALSE(is_nfc({apart, 2})) << std::hex << static_cast<unsigned>(row.composite);
    EXPECT_TRUE(is_nfc({&row.composite, 1})) << std::hex << static_cast<unsigned>(row.composite);
  }
}

}  // namespace
}  // namespace gate::schema
