#include "gate/load/toml.h"

#include <string>

#include <gtest/gtest.h>

namespace gate::load {
namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST(ParseToml, RefusesWhatWouldBreakTheParser) {
  const std::string long_key = repeated("a.", 100'000) + "a = 1\n";
  const std::string wrapped_key = repeated("a.\"b\" . 'c'.", 20) + "a = 1\n";
  const struct {
    const char* name;
    std::string text;
    const char* error;
  } rows[] = {
      {"a key of 100,000 parts", long_key, "f.toml:1:32: key of more than 16 parts"},
      {"a header of 17 parts", "[" + repeated("a.", 16) + "a]\n", "f.toml:1:33: key of more than 16 parts"},
      {"quoted and spaced parts", wrapped_key, "f.toml:1:62: key of more than 16 parts"},
      {"a line of 64 KB", "a = \"" + std::string(64'000, 'x') + "\"\n",
       "f.toml:1:4097: line longer than 4096 bytes"},
      {"a long line in a long string", "a = \"\"\"\n" + std::string(5'000, 'x') + "\"\"\"\n",
       "f.toml:2:4097: line longer than 4096 bytes"},
      {"a long comment", "# " + std::string(5'000, 'x'), "f.toml:1:4097: line longer than 4096 bytes"},
      {"nested arrays", "a = " + repeated("[", 2'000) + repeated("]", 2'000),
       "f.toml:1:37: brackets nested deeper than 32"},
      {"arrays nested over lines", "a = " + repeated("[\n", 2'000),
       "f.toml:33:1: brackets nested deeper than 32"},
      {"nested inline tables", "a = " + repeated("{a = ", 500),
       "f.toml:1:165: brackets nested deeper than 32"},
      {"20,001 tables", repeated("[a]\n", 20'001), "f.toml:20001:1: more than 20000 tables and arrays"},
      {"a NUL", std::string{"a = 1\nb\0 = 2\n", 13}, "f.toml:2:2: control character U+0000"},
      {"an escape sequence in a comment", "# \x1b[31m\n", "f.toml:1:3: control character U+001B"},
      {"a lone carriage return", "a = 1\rb = 2\n", "f.toml:1:6: control character U+000D"},
      {"a broken code point", "a = \"\xC3\"\n", "f.toml:1:6: not UTF-8"},
      {"a surrogate", "a = \"\xED\xA0\x80\"\n", "f.toml:1:6: not UTF-8"},
      {"a key that is not ASCII", "-\xEF\xBA\xBF`u\"",
       "f.toml:1:2: character outside of strings and comments that is not ASCII"},
      {"a quote in a bare value", "a = 1Q'Q\xC3\xAE\"\n",
       "f.toml:1:7: a quote where neither a key nor a value begins"},
      {"a quote behind a key", "a \"b\" = 1\n", "f.toml:1:3: a quote where neither a key nor a value begins"},
      {"a long string for a key", "\"\"\"a\"\"\" = 1\n",
       "f.toml:1:1: a quote where neither a key nor a value begins"},
      {"text behind a string", "a = \"b\"c\n", "f.toml:1:8: text right behind a string"},
      {"a bracket in a bare value", "a = 1x[\"\"\"\xC3\xAE\n", "f.toml:1:7: a bracket where no value begins"},
      {"a quote behind a point in a value", "a = 1.'\xC3\xAE'\n",
       "f.toml:1:7: a quote where neither a key nor a value begins"},
      {"a second =", "a = 1='\xC3\xAE'\n", "f.toml:1:6: a second = in a value"},
      {"a table for a key", "{a = 1}\n", "f.toml:1:1: a bracket where no value begins"},
      {"a space that is not ASCII", "a = \xC2\xA0 1\n",
       "f.toml:1:5: character outside of strings and comments that is not ASCII"},
      {"an escape that is not ASCII", "a = \"\"\"\n\\\xC3\xA9\"\"\"\n",
       "f.toml:2:1: backslash before a character that is not ASCII"},
      {"a continuation that is not ASCII", "a = \"\"\"\\\n  \xC3\xA9\"\"\"\n",
       "f.toml:1:8: backslash before a character that is not ASCII"},
      {"UTF-16",
       std::string{"\xFF\xFE"
                   "a\0",
                   4},
       "f.toml:1:1: not UTF-8"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto parsed = parse_toml(row.text, "f.toml", TomlBounds{1U << 20U});
    ASSERT_FALSE(parsed.has_value());
    EXPECT_EQ(parsed.error().code, ErrorCode::malformed);
    EXPECT_EQ(parsed.error().message, row.error);
  }
}

TEST(ParseToml, RefusesAFileOverItsBound) {
  const auto parsed = parse_toml(std::string(65'537, '\n'), "gate.toml", kPolicyBounds);
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().message, "gate.toml: longer than 65,536 bytes");
  EXPECT_TRUE(parse_toml(std::string(65'536, '\n'), "gate.toml", kPolicyBounds).has_value());
}

TEST(ParseToml, SaysWhereTheSyntaxIsWrong) {
  const struct {
    const char* name;
    const char* text;
    const char* place;
    const char* words;
  } rows[] = {
      {"no value", "a = 1\nb =\n", "f.toml:2:4: ", "expected value"},
      {"a key twice", "a = 1\n\na = 2\n", "f.toml:3:", "cannot redefine existing integer 'a'"},
      {"a table twice", "[t]\na = 1\n[t]\nb = 1\n", "f.toml:3:1: ", "cannot redefine existing table 't'"},
      {"an unclosed string", "a = \"x\nb = 1\n", "f.toml:1:7: ", ""},
      {"an unclosed table", "[t\n", "f.toml:1:3: ", "expected ']'"},
      {"a date that does not exist", "expires = 2026-02-30\n", "f.toml:1:", "day"},
      {"29 February of a common year", "expires = 2026-02-29\n", "f.toml:1:", "day"},
      {"month 13", "expires = 2026-13-01\n", "f.toml:1:", "month"},
      {"an integer too large", "a = 9223372036854775808\n", "f.toml:1:", "9223372036854775808"},
      {"text after a value", "a = 1 b\n", "f.toml:1:7: ", ""},
      {"no TOML at all", "{\"a\": 1}\n", "f.toml:1:1: ", "a bracket where no value begins"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto parsed = parse_toml(row.text, "f.toml", kPolicyBounds);
    ASSERT_FALSE(parsed.has_value());
    EXPECT_EQ(parsed.error().code, ErrorCode::malformed);
    const std::string& message = parsed.error().message;
    EXPECT_EQ(message.rfind(row.place, 0), 0U) << message;
    EXPECT_NE(message.find(row.words), std::string::npos) << message;
    EXPECT_EQ(message.find("Error while"), std::string::npos) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  }
}

TEST(ParseToml, ReadsEveryKindWithItsPlace) {
  const auto parsed = parse_toml(
      "\xEF\xBB\xBF# gate\r\nflag = true\r\n  count = 3\r\nrate = 0.5\r\n[\"t é\"]\r\nday = 2024-02-29\r\n"
      "at = 2024-02-29T10:00:00Z\r\nlist = [\"é\", 'b']\r\n",
      "f.toml", kPolicyBounds);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  const TomlTable& table = *parsed;
  ASSERT_EQ(table.size(), 4U);
  EXPECT_EQ(table[0], (TomlMember{"flag", {2, 1}, {true, {2, 8}}}));
  EXPECT_EQ(table[1], (TomlMember{"count", {3, 3}, {std::int64_t{3}, {3, 11}}}));
  EXPECT_EQ(table[2], (TomlMember{"rate", {4, 1}, {0.5, {4, 8}}}));
  EXPECT_EQ(table[3].key, "t é");
  EXPECT_EQ(table[3].at, (TomlPosition{5, 2}));
  const auto& inner = std::get<TomlTable>(table[3].value.data);
  ASSERT_EQ(inner.size(), 3U);
  const Date leap_day = *parse_date("2024-02-29");
  EXPECT_EQ(inner[0], (TomlMember{"day", {6, 1}, {leap_day, {6, 7}}}));
  EXPECT_EQ(kind_of(inner[1].value), "a time");
  const auto& list = std::get<TomlArray>(inner[2].value.data);
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0], (TomlValue{std::string{"é"}, {8, 9}}));
  EXPECT_EQ(list[1], (TomlValue{std::string{"b"}, {8, 14}}));
}

TEST(ParseToml, TakesQuotesWhereKeysAndValuesBegin) {
  const char* const rows[] = {
      "a = [ # 'comment'\n  \"b\", # \"c\"\n  'd' # e\n]\r\n\"f.g\".'h' = \"\"\"\ni\"\"\"\n",
      "['a'.\"b\"]\nc = {\"d\" = 'e', 'f' = [\"g\"]}\n",
      "[[\"a\"]]\r\nb = [\r\n  'c',\r\n  \"\"\"d\"\"\"\r\n]\r\n",
      "a = '''b'''# c\n  \"d\"=''\n",
  };
  for (const char* row : rows) {
    SCOPED_TRACE(row);
    const auto table = parse_toml(row, "f.toml", kRegisterBounds);
    EXPECT_TRUE(table) << table.error().message;
  }
}

TEST(ParseToml, IsNotFooledByDotsAndBracketsInStringsAndComments) {
  const std::string dots(200, '.');
  const std::string brackets(200, '[');
  const struct {
    const char* name;
    std::string text;
    std::string value;
  } rows[] = {
      {"basic", "a = \"" + dots + brackets + "\"\n", dots + brackets},
      {"literal", "a = '" + dots + brackets + "'\n", dots + brackets},
      {"an escaped quote", "a = \"\\\"" + dots + "\"\n", "\"" + dots},
      {"an escaped backslash", "a = \"\\\\\" # " + dots + "\n", "\\"},
      {"several lines", "a = \"\"\"\n" + dots + "\n" + brackets + "\"\"\"\n", dots + "\n" + brackets},
      {"quotes before the closing ones", "a = \"\"\"x\"\"\"\"\" # " + dots + "\n", "x\"\""},
      {"literal lines", "a = '''\n" + dots + "'\\\n" + brackets + "'''\n", dots + "'\\\n" + brackets},
      {"a comment", "# " + dots + brackets + "\na = 'x' # " + brackets + "\n", "x"},
      {"a continued line", "a = \"\"\"x \\\n  y é\"\"\"\n", "x y é"},
      {"a backslash that escapes nothing", "a = '''\\é'''\n", "\\é"},
      {"empty string", "a = \"\" # " + dots + "\n", ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto parsed = parse_toml(row.text, "f.toml", kPolicyBounds);
    ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
    EXPECT_EQ(std::get<std::string>(parsed->front().value.data), row.value);
  }
}

TEST(ParseToml, AcceptsWhatStaysWithinTheBounds) {
  const struct {
    const char* name;
    std::string text;
  } rows[] = {
      {"nothing", ""},
      {"only a comment", "# nothing here"},
      {"a key of 16 parts", repeated("a.", 15) + "a = 1\n"},
      {"many floats in a line", "a = [" + repeated("1.5, ", 200) + "]\n"},
      {"a line of 4,096 bytes", "a = '" + std::string(4'090, 'x') + "'\n"},
      {"arrays 30 deep", "a = " + repeated("[", 30) + repeated("]", 30) + "\n"},
      {"4,000 tables in an array", repeated("[[exemption]]\nscope = { paths = ['a'] }\n", 4'000)},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto parsed = parse_toml(row.text, "f.toml", kRegisterBounds);
    EXPECT_TRUE(parsed.has_value()) << parsed.error().message;
  }
}

TEST(SettingsOf, NamesEverySettingAndItsLine) {
  const auto parsed = parse_toml(
      "version = 1\n[tests]\nexpect = [\"unit\", 'e2e']\n[tests.suites.\"end to end\"]\nmax_failed = 0\n"
      "[[check]]\nname = \"a\\u001b\"\n[[check]]\nname = 'b'\nresolve = {}\nday = 2026-01-02\n",
      "f.toml", kPolicyBounds);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  const std::vector<TomlSetting> expected = {
      {"version", "1", 1},
      {"tests.expect", "[\"unit\", \"e2e\"]", 3},
      {"tests.suites.\"end to end\".max_failed", "0", 5},
      {"check[0].name", "\"a\\u001b\"", 7},
      {"check[1].name", "\"b\"", 9},
      {"check[1].resolve", "{}", 10},
      {"check[1].day", "2026-01-02", 11},
  };
  EXPECT_EQ(settings_of(*parsed), expected);
}

}  // namespace
}  // namespace gate::load
