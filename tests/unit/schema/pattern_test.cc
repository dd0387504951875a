#include "gate/schema/pattern.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gate/schema/class_sequence.h"
#include "gate/schema/ecma_regex.h"

namespace gate::schema {
namespace {

TEST(Pattern, MatchesAsEcma262Says) {
  struct Row {
    const char* name;
    std::string pattern;
    std::string text;
    bool matches;
  };
  const Row rows[] = {
      {"unanchored", "es", "expression", true},
      {"a digit is ASCII", "^\\d$", "߀", false},
      {"no digit is everything else", "^\\D$", "߀", true},
      {"a word character is ASCII", "^\\w$", "é", false},
      {"no word character is everything else", "^\\W$", "é", true},
      {"space has the no-break one", "^\\s$", "\xC2\xA0", true},
      {"space has the byte order mark", "^\\s$", "\xEF\xBB\xBF", true},
      {"space has the line separator", "^\\s$", "\xE2\x80\xA8", true},
      {"no space has none of them", "^\\S$", "\xC2\xA0", false},
      {"no space in a class", "^[\\S]$", "é", true},
      {"a control escape", "^\\cC$", "\x03", true},
      {"a code unit escape", "^\\u00e9$", "é", true},
      {"a surrogate pair escape", "^\\ud83d\\ude00$", "😀", true},
      {"a code point escape", "^\\u{1F600}$", "😀", true},
      {"a hex escape", "^\\x41$", "A", true},
      {"a vertical tab", "^\\v$", "\x0B", true},
      {"the dot is a code point", "^.$", "😀", true},
      {"the dot is no line terminator", "^.$", "\xE2\x80\xA8", false},
      {"the end is the end", "^a$", "a\n", false},
      {"an empty class matches nothing", "[]", "a", false},
      {"its opposite matches everything", "^[^]$", "\n", true},
      {"a bracket in a class", "^[[a]$", "[", true},
      {"a posix class is none", "^[[:a]+$", ":[a", true},
      {"a brace is a brace", "^a{,2}$", "a{,2}", true},
      {"a hyphen after a class", "^[\\d-x]+$", "1-x", true},
      {"a backspace", "^[\\b]$", "\b", true},
      {"a letter of any script", "^\\p{Letter}+$", "éπЖ", true},
      {"an uppercase one", "^\\p{Lu}$", "π", false},
      {"no letter", "^\\P{L}$", "1", true},
      {"a script", "^\\p{Script=Greek}+$", "πα", true},
      {"a script by its short name", "^\\p{sc=Grek}+$", "πα", true},
      {"a script with its extensions", "^\\p{scx=Deva}$", "\u0964", true},
      {"a script without them", "^\\p{sc=Deva}$", "\u0964", false},
      {"a category by its key", "^\\p{General_Category=Uppercase_Letter}\\p{gc=Ll}$", "Πα", true},
      {"cased letters", "^\\p{LC}\\P{LC}$", "a1", true},
      {"a category in a class", "^[\\p{Nd}_]+$", "߀_", true},
      {"a binary property", "^\\p{White_Space}\\p{Alphabetic}$", " é", true},
      {"a named group", "^(?<a>x)\\k<a>$", "xx", true},
      {"a back reference", "^(a|b)\\1$", "bb", true},
      {"a back reference to what did not match", "^(?:(a)|b)\\1$", "b", true},
      {"a back reference to an optional group", "^(a)?\\1$", "aa", true},
      {"a back reference to a group once", "^(?:(a){1}){0,1}b\\1$", "aba", true},
      {"a back reference by name", "(?<q>['\"]).*?\\k<q>", "'it\"s'", true},
      {"a back reference beside a repeated group", "^(a)(?:b\\1)*(c)+$", "ababac", true},
      {"a back reference that is repeated", "^(a)\\1*$", "aaa", true},
      {"a back reference into a lookahead", "^(?=(a+))\\1b$", "aab", true},
      {"lookahead", "^(?=.*\\d).+$", "ab1", true},
      {"lookbehind", "(?<=a)b", "ab", true},
      {"lazy", "^a+?b", "aab", true},
      {"an escaped slash", "^\\/a$", "/a", true},
      {"escaped punctuation", "^\\-\\_\\#$", "-_#", true},
  };
  PatternScratch scratch;
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto pattern = Pattern::compile(row.pattern);
    ASSERT_TRUE(pattern) << pattern.error().message;
    EXPECT_EQ(pattern->test(row.text, scratch), row.matches ? Match::yes : Match::no);
  }
}

TEST(Pattern, ReadsAnEmptyTextThatHasNoAddress) {
  const auto pattern = Pattern::compile("()?<|");
  ASSERT_TRUE(pattern);
  PatternScratch scratch;
  EXPECT_EQ(pattern->test(std::string_view{}, scratch), Match::yes);
}

TEST(Pattern, RefusesByNameWhatEcma262DoesNotHave) {
  struct Row {
    const char* pattern;
    const char* why;
  };
  const Row rows[] = {
      {"a++", "at offset 2: nothing to repeat"},
      {"*a", "at offset 0: nothing to repeat"},
      {"^*", "at offset 1: nothing to repeat"},
      {"(?>a)", "at offset 0: \"(?>\" is not ECMA-262"},
      {"(?i)a", "at offset 0: \"(?i\" is not ECMA-262"},
      {"(*ACCEPT)a", "at offset 0: \"(*A\" is not ECMA-262"},
      {"(?P<a>b)", "at offset 0: \"(?P\" is not ECMA-262"},
      {"a\\Z", "at offset 2: \\Z is not an ECMA-262 escape"},
      {"\\a", "at offset 1: \\a is not an ECMA-262 escape"},
      {"\\Qa\\E", "at offset 1: \\Q is not an ECMA-262 escape"},
      {"\\07", "at offset 2: an octal escape is not ECMA-262"},
      {"\\ud800", "at offset 6: a lone surrogate, which no JSON text can hold"},
      {"\\u12", "at offset 2: expected 4 hex digits"},
      {"\\c1", "at offset 2: \\c without a letter"},
      {"\\p{Is=Greek}", "at offset 12: unknown Unicode property \"Is=Greek\""},
      {"\\p{greek}", "at offset 9: unknown Unicode property \"greek\""},
      {"\\p{Greek}", "at offset 9: unknown Unicode property \"Greek\""},
      {"\\p{Script=greek}", "at offset 16: unknown Unicode property \"Script=greek\""},
      {"\\p{scx=Lu}", "at offset 10: unknown Unicode property \"scx=Lu\""},
      {"\\p{scx=Common}", "at offset 14: unknown Unicode property \"scx=Common\""},
      {"\\p{gc=Greek}", "at offset 12: unknown Unicode property \"gc=Greek\""},
      {"\\p{gc=Alphabetic}", "at offset 17: unknown Unicode property \"gc=Alphabetic\""},
      {"\\p{Alphabetic=Y}", "at offset 16: unknown Unicode property \"Alphabetic=Y\""},
      {"[\\P{lu}]", "at offset 7: unknown Unicode property \"lu\""},
      {"\\p{LU}", "at offset 6: unknown Unicode property \"LU\""},
      {"\\p{letter}", "at offset 10: unknown Unicode property \"letter\""},
      {"\\p{alphabetic}", "at offset 14: unknown Unicode property \"alphabetic\""},
      {"\\p{L&}", "at offset 6: unknown Unicode property \"L&\""},
      {"\\p{^Lu}", "at offset 7: unknown Unicode property \"^Lu\""},
      {"\\p{ Lu}", "at offset 7: unknown Unicode property \" Lu\""},
      {"\\p{}", "at offset 4: unknown Unicode property \"\""},
      {"\\p{Xan}", "at offset 7: unknown Unicode property \"Xan\""},
      {"\\p{Xps}", "at offset 7: unknown Unicode property \"Xps\""},
      {"\\p{Xsp}", "at offset 7: unknown Unicode property \"Xsp\""},
      {"\\p{Xwd}", "at offset 7: unknown Unicode property \"Xwd\""},
      {"\\p{Bidi_M}", "at offset 10: unknown Unicode property \"Bidi_M\""},
      {"\\pL", "at offset 2: \\p without {…}"},
      {"(?<=a)*b", "at offset 6: a lookbehind cannot be repeated"},
      {"(?<!b)+c", "at offset 6: a lookbehind cannot be repeated"},
      {"(?<=a)?", "at offset 6: a lookbehind cannot be repeated"},
      {"(?<=a){2}", "at offset 6: a lookbehind cannot be repeated"},
      {"[b-a]", "at offset 4: a range out of order"},
      {"[a", "at offset 2: a class without its closing bracket"},
      {"a\\", "at offset 1: a backslash at the end"},
      {"(a", "missing closing parenthesis"},
      {"(?<=a+)b", "lookbehind assertion is not fixed length"},
      {"\\2(a)", "reference to non-existent subpattern"},
  };
  for (const Row& row : rows) {
    const auto pattern = Pattern::compile(row.pattern);
    EXPECT_EQ(pattern ? "accepted" : pattern.error().message, row.why) << row.pattern;
  }
}

// Machine code, which is made for a pattern used often, has a fault of its own there.
TEST(Pattern, RepeatsABackReferenceToWhatDidNotMatch) {
  PatternScratch scratch;
  for (const char* text : {"^(?:(a)|b)\\1{2}c$", "^(?:(a)|b)\\1+c$", "^(?:(?<n>a)|b)\\k<n>{1,2}c$"}) {
    const auto pattern = Pattern::compile(text);
    ASSERT_TRUE(pattern) << pattern.error().message;
    for (int use = 0; use < 40; ++use) {
      ASSERT_EQ(pattern->test("bc", scratch), Match::yes) << text << ", use " << use;
    }
  }
}

// Each would match here what it does not match there, or the other way round.
TEST(Pattern, RefusesABackReferenceToARepeatedGroup) {
  struct Row {
    const char* pattern;
    std::size_t offset;
  };
  const Row rows[] = {
      {"^(?:(a)|b)*\\1$", 11},
      {"^(a?)*\\1$", 6},
      {"^(?:(a)?b)+\\1$", 11},
      {"^((?:(a)|b){2})\\2$", 15},
      {"^(a\\1)*$", 3},
      {"^(?:(x)|(y)|z)*\\1\\2$", 15},
      {"^(?:(?<n>a)|b)*?\\k<n>$", 16},
      {"^(?:(a)|b){1,}\\1$", 14},
      {"^(?:(a)|b){0,2}\\1$", 15},
      {"^(?:(a)|b){1,99999999999999999999}\\1$", 34},
      {"^(?:((a)|b)?c)+\\2$", 15},
      {"^(?:\\1(a)|b)*$", 4},
      {"^(?:(?=(a)))?\\1b$", 13},
      {"^(?=(a))?\\1b$", 9},
      {"^(?=((?:b?\?){1,2}))\\1$", 19},
      {"^(?:(?:(?=(a))c?)|b){0,1}\\1$", 25},
  };
  for (const Row& row : rows) {
    const auto pattern = Pattern::compile(row.pattern);
    EXPECT_EQ(pattern ? "accepted" : pattern.error().message,
              "at offset " + std::to_string(row.offset) +
                  ": a back reference to a repeated group cannot be matched as ECMA-262 has it")
        << row.pattern;
  }
}

TEST(ClassSequence, TakesOnlyWhatItCannotGetWrong) {
  const char* simple[] = {"^evt-[0-9a-f]{16}$",
                          "^[A-Z]{2}[A-Z0-9]{9}[0-9]$",
                          "^a",
                          "^\\d+-\\w*$",
                          "^$",
                          "^[a-z]+[0-9]*_$",
                          "^a\\.b$",
                          "^/venues/[A-Z]{4}/gateway-[0-9]+$",
                          "^[0-9]{2}:[0-9]{2}(\\.[0-9]+)?Z$"};
  for (const char* pattern : simple) EXPECT_TRUE(ClassSequence::parse(pattern)) << pattern;
  const char* others[] = {"a",          "^a.b$",        "^[^a]$",
                          "^(a)$",      "^a|b$",        "^[a-z]+[a-f]$",
                          "^a?a$",      "^[a-z]*b?c",   "^é$",
                          "^[é]$",      "^a**",         "^a+?",
                          "^a{2,1}$",   "^\\s$",        "^[\\]$",
                          "^[a-]-z]$",  "^a{b$",        "^[+--]$",
                          "^\\1$",      "^[]$",         "^a{99999999999999999999}$",
                          "^a$b",       "^(a)$",        "^a*(ab)?$",
                          "^a(b)?",     "^(ab)?(ac)?$", "^(a?b)?$",
                          "^((a)?b)?$", "^()?$",        "^(a",
                          "^a(b)+$",    "^a(b)??$",     "^(?=a)?$",
                          "^(ab*)?b$"};
  for (const char* pattern : others) EXPECT_FALSE(ClassSequence::parse(pattern)) << pattern;
}

// Both ways of matching agree on random texts over the letters the patterns use.
TEST(ClassSequence, AgreesWithPcre2) {
  const char* patterns[] = {"^a[bc]{2}$",    "^[ab]+c*$",      "^a?b?c?$",    "^[a-c]{1,3}-",
                            "^\\d{2,}a$",    "^b*[ac]+$",      "^$",          "^",
                            "^a(bc)?$",      "^a(a)?$",        "^a(?:b+c)?$", "^[ab]+(-1*)?$",
                            "^(ab)?(cb?)?$", "^1(a)?b*(-)?c$", "^(ab)?c"};
  std::mt19937 random{7};
  PatternScratch scratch;
  for (const char* text : patterns) {
    const auto simple = ClassSequence::parse(text);
    // In a group the same pattern is not simple.
    const auto general = Pattern::compile("(?:" + std::string{text} + ")");
    ASSERT_TRUE(simple && general) << text;
    ASSERT_EQ(general->simple(), nullptr);
    for (int i = 0; i < 2'000; ++i) {
      std::string subject;
      for (std::size_t n = random() % 6; n > 0; --n) subject += "abc-1\n"[random() % 6];
      ASSERT_EQ(simple->matches(subject), general->test(subject, scratch) == Match::yes)
          << text << " on " << subject;
    }
  }
}

}  // namespace
}  // namespace gate::schema
