#include "gate/schema/shortcuts.h"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/unit/schema/compiled.h"

namespace gate::schema {
namespace {

Shortcut shortcut_of(const Compiled& schema) {
  return schema.program().nodes[schema.program().root].shortcut;
}

TEST(FindShortcuts, FindsWhatOneComparisonDecides) {
  struct Row {
    const char* schema;
    Shortcut shortcut;
  };
  const Row rows[] = {
      {"true", Shortcut::type},
      {"false", Shortcut::type},
      {R"({"type": ["string", "integer"]})", Shortcut::type},
      {R"({"type": "string", "pattern": "^a+$"})", Shortcut::sequence},
      {R"({"pattern": "^(a|b)$"})", Shortcut::none},
      {R"({"pattern": "^a+$", "maxLength": 3})", Shortcut::none},
      {R"({"enum": ["a", "b"]})", Shortcut::words},
      {R"({"const": "a"})", Shortcut::words},
      {R"({"const": "a", "enum": ["a"]})", Shortcut::none},
      {R"({"const": 1})", Shortcut::none},
      {R"({"enum": ["a", null]})", Shortcut::none},
      {R"({"type": "integer", "enum": ["a"]})", Shortcut::none},
      {R"({"type": "integer", "minimum": 0, "exclusiveMaximum": 9.5})", Shortcut::range},
      {R"({"minimum": 9007199254740993})", Shortcut::none},
      {R"({"minimum": 0.10000000000000000001})", Shortcut::none},
      {R"({"minimum": 0, "multipleOf": 2})", Shortcut::none},
      {R"({"minimum": 0, "pattern": "^a$"})", Shortcut::none},
      {R"({"minimum": 0, "not": {"const": 4}})", Shortcut::none},
      {R"({"required": ["a"]})", Shortcut::none},
      {R"({"uniqueItems": true})", Shortcut::none},
  };
  for (const Row& row : rows) EXPECT_EQ(shortcut_of(Compiled{row.schema}), row.shortcut) << row.schema;
}

// The same bound within an allOf with what nothing is refused by: no shortcut there.
TEST(FindShortcuts, DecidesAsTheRulesDo) {
  const std::vector<std::string> bounds = {
      "0", "-0.0", "1", "0.5", "-2.5", "0.1", "1e15", "5e-324", "9007199254740991", "-9007199254740991"};
  const std::vector<std::string> values = {"0",
                                           "-0.0",
                                           "1",
                                           "1.0",
                                           "0.5",
                                           "-2.5",
                                           "-2.4999999999999996",
                                           "-3",
                                           "0.1",
                                           "0.10000000000000000001",
                                           "0.09999999999999999",
                                           "1e15",
                                           "1000000000000000",
                                           "1000000000000001",
                                           "5e-324",
                                           "4e-324",
                                           "1e-400",
                                           "9007199254740992",
                                           "9007199254740993",
                                           "9007199254740993.0",
                                           "-9007199254740993",
                                           "9223372036854775807",
                                           "18446744073709551615",
                                           "1e400",
                                           "-1e400",
                                           "\"a\"",
                                           "null"};
  for (const std::string& bound : bounds) {
    for (const char* keyword : {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}) {
      for (const char* type : {R"(["number", "string"])", R"("integer")"}) {
        const std::string rule = fmt::format(R"("{}": {}, "type": {})", keyword, bound, type);
        const Compiled quick{"{" + rule + "}"};
        const Compiled slow{"{" + rule + R"(, "multipleOf": 1e-500})"};
        ASSERT_EQ(shortcut_of(quick), Shortcut::range) << rule;
        ASSERT_EQ(shortcut_of(slow), Shortcut::none) << rule;
        for (const std::string& value : values)
          EXPECT_EQ(quick.outcome(value), slow.outcome(value)) << rule << " on " << value;
      }
    }
  }
}

}  // namespace
}  // namespace gate::schema
