#include "gate/base/value.h"

#include <type_traits>

#include <gtest/gtest.h>

#include "gate/base/json_text.h"

namespace gate {
namespace {

TEST(Value, IsOfTheKindItWasMadeOf) {
  struct Row {
    const char* name;
    Value value;
    const char* json;
  };
  const Row rows[] = {
      {"null", Value{}, "null"},
      {"a flag", true, "true"},
      {"an int", -1, "-1"},
      {"a size", std::size_t{7}, "7"},
      {"a double that looks whole", 1.0, "1"},
      {"a literal is text, not a flag", "text", "\"text\""},
      {"a view", std::string_view{"view"}, "\"view\""},
      {"an empty array", Value::array(), "[]"},
      {"an empty object", Value::object(), "{}"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(to_compact_json(row.value), row.json);
  }
  EXPECT_NE(Value{1}, Value{1.0});
  EXPECT_EQ(Value{1.0}.as_integer(), nullptr);
}

TEST(Value, SetKeepsTheOrderAndReplaces) {
  Value value;
  value.set("b", 1).set("a", 2).set("b", 3);
  EXPECT_EQ(to_compact_json(value), R"({"b":3,"a":2})");
}

TEST(Value, PushMakesAnArray) {
  Value value;
  value.push(1).push("x");
  EXPECT_EQ(to_compact_json(value), R"([1,"x"])");
}

TEST(Value, FindLooksIntoObjectsOnly) {
  const Value value = Value::object({{"a", 1}, {"", 2}});
  ASSERT_NE(value.find("a"), nullptr);
  EXPECT_EQ(*value.find("a"), Value{1});
  EXPECT_EQ(*value.find(""), Value{2});
  EXPECT_EQ(value.find("b"), nullptr);
  EXPECT_EQ(Value{"a"}.find("a"), nullptr);
  EXPECT_EQ(Value{}.find("a"), nullptr);
}

TEST(Value, ComparesTreesWithTheirOrder) {
  EXPECT_EQ(Value::object({{"a", 1}, {"b", 2}}), Value::object({{"a", 1}, {"b", 2}}));
  EXPECT_NE(Value::object({{"a", 1}, {"b", 2}}), Value::object({{"b", 2}, {"a", 1}}));
}

TEST(Value, CopiesDeeplyAndMovesCheaply) {
  Value original = Value::object({{"list", Value::array().push(1)}});
  const Value copy = original;
  original.set("list", 2);
  EXPECT_EQ(to_compact_json(copy), R"({"list":[1]})");
  static_assert(std::is_nothrow_move_constructible_v<Value> && std::is_nothrow_move_assignable_v<Value>);
}

}  // namespace
}  // namespace gate
