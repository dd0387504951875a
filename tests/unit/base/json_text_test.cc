#include "gate/base/json_text.h"

#include <bit>
#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

namespace gate {
namespace {

// RFC 8785, appendix B: IEEE 754 bits and the text ECMAScript gives them.
TEST(ToCanonicalJson, PrintsNumbersAsTheStandardDoes) {
  struct Row {
    std::uint64_t bits;
    const char* text;
  };
  const Row rows[] = {
      {0x0000000000000000, "0"},
      {0x8000000000000000, "0"},
      {0x0000000000000001, "5e-324"},
      {0x8000000000000001, "-5e-324"},
      {0x7fefffffffffffff, "1.7976931348623157e+308"},
      {0xffefffffffffffff, "-1.7976931348623157e+308"},
      {0x4340000000000000, "9007199254740992"},
      {0xc340000000000000, "-9007199254740992"},
      {0x4430000000000000, "295147905179352830000"},
      {0x44b52d02c7e14af5, "9.999999999999997e+22"},
      {0x44b52d02c7e14af6, "1e+23"},
      {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
      {0x444b1ae4d6e2ef4e, "999999999999999700000"},
      {0x444b1ae4d6e2ef4f, "999999999999999900000"},
      {0x444b1ae4d6e2ef50, "1e+21"},
      {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
      {0x3eb0c6f7a0b5ed8d, "0.000001"},
      {0x41b3de4355555553, "333333333.3333332"},
      {0x41b3de4355555554, "333333333.33333325"},
      {0x41b3de4355555555, "333333333.3333333"},
      {0x41b3de4355555556, "333333333.3333334"},
      {0x41b3de4355555557, "333333333.33333343"},
      {0xbecbf647612f3696, "-0.0000033333333333333333"},
      {0x43143ff3c1cb0959, "1424953923781206.2"},
  };
  for (const Row& row : rows) EXPECT_EQ(to_canonical_json(std::bit_cast<double>(row.bits)), row.text);
}

TEST(ToJson, HasNoTextForWhatIsNoNumber) {
  EXPECT_EQ(to_json(std::numeric_limits<double>::quiet_NaN()), "null");
  EXPECT_EQ(to_json(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(to_json(-std::numeric_limits<double>::infinity()), "null");
}

TEST(ToJson, KeepsIntegersExact) {
  EXPECT_EQ(to_json(std::numeric_limits<std::int64_t>::max()), "9223372036854775807");
  EXPECT_EQ(to_json(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  // I-JSON has only doubles, so the canonical form has their digits.
  EXPECT_EQ(to_canonical_json(std::numeric_limits<std::int64_t>::max()), "9223372036854776000");
}

TEST(JsonQuoted, EscapesWhatATerminalWouldObey) {
  struct Row {
    const char* name;
    std::string_view text;
    const char* quoted;
  };
  const Row rows[] = {
      {"empty", "", R"("")"},
      {"quote and backslash", R"(a"b\c)", R"("a\"b\\c")"},
      {"the short escapes", "\b\f\n\r\t", R"("\b\f\n\r\t")"},
      {"NUL", std::string_view{"a\0b", 3}, R"("a\u0000b")"},
      {"a terminal escape", "\x1b[31m", R"("\u001b[31m")"},
      {"DEL", "\x7f", R"("\u007f")"},
      {"a C1 control",
       "\xc2\x9b"
       "31m",
       R"("\u009b31m")"},
      {"other scripts stay", "é☃😀", R"("é☃😀")"},
      {"a solidus stays", "a/b", R"("a/b")"},
      {"ill-formed",
       "a\xff"
       "b",
       R"("a�b")"},
      {"cut short", "\xf0\x9f\x98", R"("�")"},
      {"a surrogate in UTF-8", "\xed\xa0\x80", R"("���")"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(json_quoted(row.text), row.quoted);
  }
}

// RFC 8785, 3.2.2.2 escapes below U+0020 only: a hash must not depend on our care for terminals.
TEST(ToCanonicalJson, EscapesNoMoreThanTheStandard) {
  EXPECT_EQ(to_canonical_json("\x7f\xc2\x9b\x1b"), "\"\x7f\xc2\x9b\\u001b\"");
}

// The members of RFC 8785, 3.2.3, whose order by code units differs from that by code points.
TEST(ToCanonicalJson, SortsByCodeUnits) {
  const Value value = Value::object({{"\u20ac", "Euro Sign"},
                                     {"\r", "Carriage Return"},
                                     {"\ufb33", "Hebrew Letter Dalet With Dagesh"},
                                     {"1", "One"},
                                     {"\U0001f600", "Emoji: Grinning Face"},
                                     {"\u0080", "Control"},
                                     {"\u00f6", "Latin Small Letter O With Diaeresis"},
                                     {"", "a prefix comes first"}});
  EXPECT_EQ(to_canonical_json(value),
            "{\"\":\"a prefix comes first\",\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
            "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
            "\"\U0001f600\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
}

TEST(ToJson, LaysOutTrees) {
  const Value value = Value::object({{"b", Value::array().push(1).push(Value::object()).push(Value::array())},
                                     {"a", Value{}},
                                     {"c", true},
                                     {"d", 0.5}});
  EXPECT_EQ(to_json(value),
            "{\n  \"b\": [\n    1,\n    {},\n    []\n  ],\n  \"a\": null,\n  \"c\": true,\n  \"d\": 0.5\n}");
  EXPECT_EQ(to_compact_json(value), R"({"b":[1,{},[]],"a":null,"c":true,"d":0.5})");
  EXPECT_EQ(to_canonical_json(value), R"({"a":null,"b":[1,{},[]],"c":true,"d":0.5})");
}

}  // namespace
}  // namespace gate
