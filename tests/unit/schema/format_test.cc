#include "gate/schema/format.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gate/load/json.h"
#include "tests/support/test_data.h"

namespace gate::schema {
namespace {

using namespace std::string_literals;

struct Tally {
  std::size_t strings = 0;
  std::size_t others = 0;  // a format says nothing of them, nor an unknown format of anything
  std::vector<std::string> wrong;
};

std::string text_of(const boost::json::value& value) {
  const auto& text = value.as_string();
  return {text.data(), text.size()};
}

void run_group(const boost::json::object& group, Tally& tally) {
  const std::string name = text_of(group.at("schema").at("format"));
  const auto format = format_named(name);
  for (const auto& test : group.at("tests").as_array()) {
    const bool valid = test.at("valid").as_bool();
    const bool asserted = format && test.at("data").is_string();
    ++(asserted ? tally.strings : tally.others);
    if ((!asserted || has_format(*format, text_of(test.at("data")))) != valid) {
      tally.wrong.push_back(name + ": " + text_of(test.at("description")));
    }
  }
}

Tally run_formats(const std::filesystem::path& folder) {
  Tally tally;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    const auto document = load::parse_json(test::contents_of(entry.path()));
    EXPECT_TRUE(document) << entry.path();
    if (!document) continue;
    for (const auto& group : document->root.as_array()) run_group(group.as_object(), tally);
  }
  return tally;
}

TEST(JsonSchemaTestSuite, PassesEveryOptionalFormatTest) {
  REQUIRE_TEST_DATA(suite, "json-schema-test-suite/tests");
  struct Row {
    const char* draft;
    std::size_t strings;
    std::size_t others;
  };
  for (const Row& row : {Row{"draft7", 567, 109}, Row{"draft2020-12", 643, 121}}) {
    SCOPED_TRACE(row.draft);
    const Tally tally = run_formats(suite / row.draft / "optional/format");
    EXPECT_EQ(tally.strings, row.strings);
    EXPECT_EQ(tally.others, row.others);
    EXPECT_EQ(tally.wrong, std::vector<std::string>{});
  }
}

constexpr const char* kNames[] = {"date",          "date-time",
                                  "duration",      "email",
                                  "hostname",      "idn-email",
                                  "idn-hostname",  "ipv4",
                                  "ipv6",          "iri",
                                  "iri-reference", "json-pointer",
                                  "regex",         "relative-json-pointer",
                                  "time",          "uri",
                                  "uri-reference", "uri-template",
                                  "uuid"};

TEST(FormatNamed, KnowsEveryFormatOfTheSpecification) {
  std::vector<std::string> phrases;
  for (const char* name : kNames) {
    const auto format = format_named(name);
    ASSERT_TRUE(format) << name;
    EXPECT_EQ(format_name(*format), name);
    phrases.emplace_back(format_phrase(*format));
    EXPECT_TRUE(phrases.back().starts_with("a ") || phrases.back().starts_with("an ")) << phrases.back();
  }
  std::sort(phrases.begin(), phrases.end());
  EXPECT_EQ(std::adjacent_find(phrases.begin(), phrases.end()), phrases.end());
  for (const char* name : {"", "Date", "date ", "phone", "uuid4", "datetime"}) {
    EXPECT_FALSE(format_named(name)) << name;
  }
}

struct Case {
  const char* format;
  std::string text;
  bool valid;
};

// Names a case even where its text cannot be printed.
void check(const std::vector<Case>& cases) {
  for (const Case& row : cases) {
    const auto format = format_named(row.format);
    ASSERT_TRUE(format) << row.format;
    EXPECT_EQ(has_format(*format, row.text), row.valid)
        << row.format << ": " << testing::PrintToString(row.text.substr(0, 80));
  }
}

// The texts an attacker or an accident puts where any format stands.
TEST(HasFormat, RefusesHostileTexts) {
  for (const char* name : kNames) {
    const Format format = *format_named(name);
    if (format == Format::regex || format == Format::json_pointer) continue;
    SCOPED_TRACE(name);
    const bool any_text =
        format == Format::uri_template || format == Format::uri_reference || format == Format::iri_reference;
    EXPECT_EQ(has_format(format, ""), any_text);
    for (const std::string& text : {"\0"s, "\n"s, " "s, "%"s, "\x7f"s, "{"s, "\xef\xbf\xbf"s}) {
      EXPECT_FALSE(has_format(format, text)) << testing::PrintToString(text);
    }
  }
}

// Each valid text with a NUL, a line feed or a space before, within or after it is another text.
TEST(HasFormat, TakesNothingBesideTheText) {
  struct Row {
    const char* format;
    std::string text;
  };
  const Row rows[] = {
      {"date", "2026-05-27"},
      {"date-time", "2026-05-27T20:39:56.903565Z"},
      {"duration", "P3DT12H"},
      {"email", "a@example.com"},
      {"hostname", "example.com"},
      {"idn-email", "é@example.com"},
      {"idn-hostname", "bücher.example"},
      {"ipv4", "127.0.0.1"},
      {"ipv6", "2001:db8::1"},
      {"iri", "http://é/"},
      {"iri-reference", "é"},
      {"relative-json-pointer", "1"},
      {"time", "20:39:56Z"},
      {"uri", "http://a/"},
      {"uri-reference", "a/b"},
      {"uri-template", "a/{b}"},
      {"uuid", "2eb8aa08-aa98-11ea-b4aa-73b441d16380"},
  };
  for (const Row& row : rows) {
    const Format format = *format_named(row.format);
    ASSERT_TRUE(has_format(format, row.text)) << row.format;
    for (const char c : {'\0', '\n', ' ', '\t', '\x7f'}) {
      for (const std::size_t at : {std::size_t{0}, row.text.size() / 2, row.text.size()}) {
        std::string text = row.text;
        text.insert(at, 1, c);
        EXPECT_FALSE(has_format(format, text)) << row.format << ": " << testing::PrintToString(text);
      }
    }
  }
}

// A long text of what could make a check look again from the start at every character.
TEST(HasFormat, IsDoneWithLongTextsInLinearTime) {
  constexpr std::size_t kSize = 300'000;
  for (const std::string& unit :
       {"a"s, "1"s,      "."s,   ":"s,  "::"s,     "a."s,  "["s,      "("s,     "{"s,   "{a"s,
        "%"s, "%41"s,    "@"s,   "\""s, "\\"s,     "/"s,   "~0"s,     "é"s,     "。"s,  "xn--"s,
        "-"s, "\\p{L}"s, "{a}"s, "()"s, "a{1,2}"s, "P1Y"s, "\\k<a>"s, "(?<a>"s, "\\1"s, "\xcc\x81"s}) {
    std::string text;
    while (text.size() < kSize) text += unit;
    for (const char* head : {"", "P", "http://", "a@", "\"", "/", "20:39:56.", "xn--", "v1.", "{"}) {
      for (const char* name : kNames) (void)has_format(*format_named(name), head + text);
    }
  }
}

TEST(HasFormat, ReadsDatesAndTimesAsRfc3339) {
  check({
      {"date", "0000-02-29", true},
      {"date", "1900-02-29", false},
      {"date", "2000-02-29", true},
      {"date", "9999-12-31", true},
      {"date", "2026-04-31", false},
      {"date", "２026-05-27", false},
      {"time", "24:00:00Z", false},
      {"time", "23:59:59+23:59", true},
      {"time", "23:59:59+24:00", false},
      {"time", "23:59:59+1:00", false},
      {"time", "23:59:59.Z", false},
      {"time", "23:59:59.", false},
      {"time", "23:59:5", false},
      {"time", "00:59:60+01:00", true},
      {"time", "12:00:60Z", false},
      {"date-time", "2026-05-27T20:39:56.903565Z", true},
      {"date-time", "2026-05-27T20:39:56.903565+05:30", true},
      {"date-time", "2026-05-27 20:39:56Z", false},
      {"date-time", "2026-05-27T20:39:56", false},
      {"date-time", "2026-05-27T20:39Z", false},
      {"date-time", "2026-05-27T", false},
      {"date-time", "0000-01-01T00:00:00Z", true},
      {"date-time", "2026-05-27T20:39:56−05:00", false},
      // A leap second is the last one of a month in UTC.
      {"date-time", "2016-12-31T23:59:60Z", true},
      {"date-time", "2015-06-30T23:59:60.5z", true},
      {"date-time", "2017-01-01T00:59:60+01:00", true},
      {"date-time", "2016-12-31T18:59:60-05:00", true},
      {"date-time", "2016-12-30T23:59:60Z", false},
      {"date-time", "2016-12-31T00:59:60+01:00", false},
      {"date-time", "2017-01-01T18:59:60-05:00", false},
      {"date-time", "2016-12-31T23:59:60+01:00", false},
      {"duration", "P1Y2M3W", false},
      {"duration", "P1DT", false},
      {"duration", "p1yt2h", true},
      {"duration", "P1Y1Y", false},
      {"duration", "PT1M1H", false},
      {"duration", "P1\0Y"s, false},
      {"duration", "P1W1D", false},
      {"duration", "PT", false},
  });
}

TEST(HasFormat, ReadsAddresses) {
  check({
      {"ipv4", "0.0.0.00", false},
      {"ipv4", "1.2.3.0004", false},
      {"ipv4", "1.2.3", false},
      {"ipv4", "1.2.3.4.", false},
      {"ipv6", "1:2:3:4:5:6:7::", true},
      {"ipv6", "::2:3:4:5:6:7:8", true},
      {"ipv6", "1:2:3:4:5:6:7:8::", false},
      {"ipv6", "::1:2:3:4:5:6:7:8", false},
      {"ipv6", "1::2::3", false},
      {"ipv6", ":::", false},
      {"ipv6", ":", false},
      {"ipv6", "1:2:3:4:5:6:1.2.3.4", true},
      {"ipv6", "1:2:3:4:5::1.2.3.4", true},
      {"ipv6", "1:2:3:4:5:6::1.2.3.4", false},
      {"ipv6", "1:2:3:4:5:6:7:1.2.3.4", false},
      {"ipv6", "::1.2.3.4:5", false},
      {"ipv6", "1.2.3.4::", false},
      {"ipv6", "fe80::1%eth0", false},
      {"ipv6", "fe80::1%25eth0", false},
      {"uuid", "{2eb8aa08-aa98-11ea-b4aa-73b441d16380}", false},
  });
}

TEST(HasFormat, ReadsMailboxesAsRfc5321) {
  const std::string longest(64, 'a');
  check({
      {"email", longest + "@example.com", true},
      {"email", longest + "a@example.com", false},
      {"email", "\"" + std::string(62, 'a') + "\"@example.com", true},
      {"email", "\"" + std::string(63, 'a') + "\"@example.com", false},
      {"email", "\"\"@example.com", true},
      {"email", "\"a\\\"b\\\\\"@example.com", true},
      {"email", "\"a\\\"@example.com", false},
      {"email", "\"a\"b\"@example.com", false},
      {"email", "\"a\"", false},
      {"email", "\"a\0b\"@example.com"s, false},
      {"email", "\"a\tb\"@example.com", false},
      {"email", "\"é\"@example.com", false},
      {"email", "é@example.com", false},
      {"email", "a@b@example.com", false},
      {"email", "a@example.com.", false},
      {"email", "a@example..com", false},
      {"email", "a@-example.com", false},
      {"email", "a@" + std::string(63, 'b') + ".com", true},
      {"email", "a@" + std::string(64, 'b') + ".com", false},
      {"email", "a@localhost", true},
      {"email", "a@[IPV6:2001:db8::1]", true},
      {"email", "a@[ipv6:127.0.0.1]", false},
      {"email", "a@[2001:db8::1]", false},
      {"email", "a@[IPv6:fe80::1%eth0]", false},
      {"email", "a@[127.0.0.1", false},
      {"email", "a@[]", false},
      {"email", "a(comment)@example.com", false},
      {"idn-email", "用户@例子.广告", true},
      {"idn-email", "δοκιμή@-παράδειγμα.gr", false},
      {"idn-email", std::string(63, 'a') + "é@example.com", false},
      {"idn-email", "a@\0é"s, false},
  });
}

TEST(HasFormat, ReadsUrisAsRfc3986AndIrisAsRfc3987) {
  check({
      {"uri", "a:", true},
      {"uri", "a:b", true},
      {"uri", "a:?b#c", true},
      {"uri", ":a", false},
      {"uri", "é:a", false},
      {"uri", "http://", true},
      {"uri", "http://a:", true},
      {"uri", "http://a:80:80", false},
      {"uri", "http://u:p@[2001:db8::1]:80/p;q?r/?#s/?", true},
      {"uri", "http://[2001:db8::1", false},
      {"uri", "http://[2001:db8::1]a", false},
      {"uri", "http://[fe80::1%25eth0]/", false},
      {"uri", "http://[fe80::1%eth0]/", false},
      {"uri", "http://[1::2::3]/", false},
      {"uri", "http://[v1F.a:b]", true},
      {"uri", "http://[v.a]", false},
      {"uri", "http://[v1.]", false},
      {"uri", "http://[v1.%41]", false},
      {"uri", "http://[127.0.0.1]", false},
      {"uri", "http://a/%4", false},
      {"uri", "http://a/%é", false},
      {"uri", "http://a?b#c#d", false},
      {"uri", "http://a/b[c]", false},
      {"uri", "http://a/b?c[]=d", false},
      {"uri", "http://a\0/"s, false},
      {"uri-reference", "a/b:c", true},
      {"uri-reference", "?a:b", true},
      {"uri-reference", "#a:b", true},
      {"uri-reference", "//a:b", false},
      {"uri-reference", "///a", true},
      {"iri", "http://é@é/é?é#é", true},
      {"iri", "http://a/\uE000", false},
      {"iri", "http://a/?\uE000", true},
      {"iri", "http://a/#\uE000", false},
      {"iri", "http://a/\U000F0000", false},
      {"iri", "http://a/?\U0010FFFD", true},
      {"iri", "http://a/?\U0010FFFE", false},
      {"iri", "http://a/\u0080", false},
      {"iri", "http://a/\uFDD0", false},
      {"iri", "http://a/\uFFF0", false},
      {"iri", "http://a/\U000E0001", false},
      {"iri", "http://a/\U000E1000", true},
      {"iri", "http://a/\U0001FFFE", false},
      {"iri", "http://a/\u202E", false},
      {"iri", "http://a/\u200F", false},
      {"iri-reference", "é:é", false},
      {"uri-template", "{+a,b*,c:10}{#d}é\uE000", true},
      {"uri-template", "{a.b.c}", true},
      {"uri-template", "{.}", false},
      {"uri-template", "{a.}", false},
      {"uri-template", "{a:}", false},
      {"uri-template", "{a:1*}", false},
      {"uri-template", "{a*:1}", false},
      {"uri-template", "{a**}", false},
      {"uri-template", "{é}", false},
      {"uri-template", "{{a}}", false},
      {"uri-template", "}", false},
      {"uri-template", "%4", false},
      {"uri-template", "{%4}", false},
      {"uri-template", "{\0}"s, false},
      {"uri-template", "{=a}", true},
      {"uri-template", "{$a}", false},
      {"uri-template", "a|b", false},
  });
}

TEST(HasFormat, ReadsPointers) {
  check({
      {"json-pointer", "/\0"s, true},
      {"json-pointer", "/~", false},
      {"json-pointer", "\0/"s, false},
      {"relative-json-pointer", "0", true},
      {"relative-json-pointer", "00", false},
      {"relative-json-pointer", "0+1/a", true},
      {"relative-json-pointer", "1-2", true},
      {"relative-json-pointer", "1-", false},
      {"relative-json-pointer", "1+01", false},
      {"relative-json-pointer", "1+1#", false},
      {"relative-json-pointer", "1a", false},
      {"relative-json-pointer", "99999999999999999999999/a", true},
      {"relative-json-pointer", "\xd9\xa1", false},
  });
}

// Also where PCRE2 has a bound that ECMA-262 has not.
TEST(HasFormat, ReadsRegularExpressionsAsEcma262) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "(";
  const std::string open = deep;
  for (int i = 0; i < 100'000; ++i) deep += ")";
  check({
      {"regex", "", true},
      {"regex", deep, true},
      {"regex", open, false},
      {"regex", "a{100000}", true},
      {"regex", "a{2,1}", false},
      {"regex", "a{02,10}", true},
      {"regex", "a{99999999999999999999,100000000000000000000}", true},
      {"regex", "(?<=a{1,3})b", true},
      {"regex", "(?<=a)*", false},
      {"regex", "(?<!a){2}", false},
      {"regex", "(?<=(a))\\1", true},
      {"regex", "(?=a)*", true},
      {"regex", ")(", false},
      {"regex", "a)", false},
      {"regex", "[(]", true},
      {"regex", "[\\]()]", true},
      {"regex", "\\(", true},
      {"regex", "\\2(a)(b)", true},
      {"regex", "\\2(a)(?:b)", false},
      {"regex", "(a)\\10", false},
      {"regex", "\\k<b>(?<b>a)", true},
      {"regex", "\\k<a>(?<b>a)", false},
      {"regex", "(?<a>a)(?<a>b)", false},
      {"regex", "\\p{Letter}[\\P{L}\\p{Script=Greek}]", true},
      {"regex", "\\p{Greeek}", false},
      {"regex", "[\\p{Greeek}]", false},
      {"regex", "*", false},
      {"regex", "[b-a]", false},
      {"regex", "[a", false},
      {"regex", "a\\", false},
      {"regex", "\0é"s, true},
      {"regex", std::string(256 * 1024 + 1, 'a'), false},
  });
}

TEST(HasFormat, ReadsHostNames) {
  const std::string label(63, 'a');
  const std::string longest = label + "." + label + "." + label + "." + std::string(61, 'a');
  check({
      {"hostname", longest, true},
      {"hostname", longest + "a", false},
      {"hostname", "r3---sn-apo3qvuoxuxbt-j5pe.example", true},
      {"hostname", "a..b", false},
      {"hostname", "bücher.example", false},
      {"hostname", "例", false},
      {"hostname", "a-.b", false},
      {"hostname", "*.example.com", false},
      {"hostname", "_dmarc.example.com", false},
      {"hostname", "xn--", false},
      {"hostname", "xn--a", false},
      {"hostname", "xn--bcher-kva.example", true},
      {"hostname", "XN--BCHER-KVA.EXAMPLE", true},
      {"hostname", "xn--bcher-kvb.example", false},
      {"hostname", "xn--99999999999", false},
      {"hostname", "1host.xn--4dbc5h", false},
      {"hostname", "host.xn--4dbc5h", true},
      {"idn-hostname", longest, true},
      {"idn-hostname", longest + "a", false},
      {"idn-hostname", "ab--cd", false},
      {"idn-hostname", "EXAMPLE.com", true},
  });
}

}  // namespace
}  // namespace gate::schema
