#include "gate/load/json_positions.h"

#include <gtest/gtest.h>

#include "gate/load/json_scan.h"

namespace gate::load {

void PrintTo(const Position& position, std::ostream* out) {
  *out << position.line << ":" << position.column;
}

namespace {

TEST(FindPositions, FindsKeysAndValues) {
  constexpr std::string_view kText =
      "{\n"
      "  \"é\": \"ü\", \"n\": 1,\n"
      "  \"a/b\": [ {\"~\" : null}, [] , \"x]\\\"\" ],\n"
      "  \"\": true\n"
      "}\n";
  struct Row {
    const char* name;
    Place place;
    Position position;
  };
  const Row rows[] = {
      {"the whole", {"", false}, {1, 1}},
      {"the whole has no key", {"", true}, {1, 1}},
      {"a key", {"/é", true}, {2, 3}},
      {"a value", {"/é", false}, {2, 8}},
      {"columns are code points", {"/n", true}, {2, 13}},
      {"an escaped token", {"/a~1b", true}, {3, 3}},
      {"an element", {"/a~1b/0", false}, {3, 12}},
      {"an element has no key", {"/a~1b/0", true}, {3, 12}},
      {"a key with a tilde", {"/a~1b/0/~0", true}, {3, 13}},
      {"its value", {"/a~1b/0/~0", false}, {3, 19}},
      {"an empty array", {"/a~1b/1", false}, {3, 26}},
      {"after an empty array", {"/a~1b/2", false}, {3, 31}},
      {"an empty key", {"/", true}, {4, 3}},
      {"its value", {"/", false}, {4, 7}},
      {"not there", {"/nothing", false}, {1, 1}},
  };
  std::vector<Place> places;
  for (const Row& row : rows) places.push_back(row.place);
  const auto found = find_positions(kText, places);
  for (std::size_t i = 0; i < places.size(); ++i) EXPECT_EQ(found[i], rows[i].position) << rows[i].name;
}

TEST(DecodedString, UndoesEveryEscape) {
  EXPECT_EQ(decoded_string(R"("plain")"), "plain");
  EXPECT_EQ(decoded_string(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(decoded_string(R"("\u00e9\ud83d\ude00x")"), "é😀x");
}

}  // namespace
}  // namespace gate::load
