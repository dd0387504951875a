#include <cstddef>
#include <vector>

#include "gate/base/json_pointer.h"
#include "gate/base/utf8.h"
#include "gate/load/json.h"
#include "gate/load/json_positions.h"
#include "gate/load/json_scan.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {
namespace {

// Something in a document: where it is said to be, and the character its text starts with.
struct Expected {
  load::Place place;
  char first = 0;
  std::string key;
};

char first_character(const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::null: return 'n';
    case boost::json::kind::bool_: return value.get_bool() ? 't' : 'f';
    case boost::json::kind::string: return '"';
    case boost::json::kind::array: return '[';
    case boost::json::kind::object: return '{';
    case boost::json::kind::int64:
    case boost::json::kind::uint64:
    case boost::json::kind::double_: break;
  }
  return '0';
}

void collect(const boost::json::value& value, const std::string& pointer, std::vector<Expected>& out) {
  constexpr std::size_t kMost = 200;
  if (out.size() >= kMost) return;
  out.push_back({{pointer, false}, first_character(value), {}});
  if (const auto* array = value.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      std::string below = pointer;
      append_token(below, i);
      collect((*array)[i], below, out);
    }
  } else if (const auto* object = value.if_object()) {
    for (const auto& member : *object) {
      std::string below = pointer;
      append_token(below, std::string_view{member.key().data(), member.key().size()});
      out.push_back({{below, true}, '"', std::string{member.key()}});
      collect(member.value(), below, out);
    }
  }
}

// The text from a position on.
std::string_view text_from(std::string_view text, const load::Position& position) {
  for (std::size_t line = 1; line < position.line; ++line) text.remove_prefix(text.find('\n') + 1);
  for (std::size_t column = 1; column < position.column; ++column)
    text.remove_prefix(decode_utf8(text).bytes);
  return text;
}

void check_place(std::string_view input, const Expected& expected, const load::Position& position) {
  const std::string_view there = text_from(input, position);
  require(load::position_of(input, input.size() - there.size()) == position,
          "a position is that of its offset");
  const bool number =
      expected.first == '0' && (there.front() == '-' || (there.front() >= '0' && there.front() <= '9'));
  require(number || there.front() == expected.first, "a position is where its value starts");
  if (!expected.place.key) return;
  std::size_t end = 1;
  while (there[end] != '"') end += there[end] == '\\' ? 2U : 1U;
  require(load::decoded_string(there.substr(0, end + 1)) == expected.key, "a key's position is the key's");
}

}  // namespace

void fuzz_json_positions(std::string_view input) {
  constexpr std::size_t kMostBytes = 4'096;
  if (input.size() > kMostBytes) return;
  const auto document = load::parse_json(input);
  if (!document) {
    static_cast<void>(load::placed_message(document.error().message));
    return;
  }
  std::vector<Expected> expected;
  collect(document->root, "", expected);
  std::vector<load::Place> places;
  for (const Expected& one : expected) places.push_back(one.place);
  const std::vector<load::Position> positions = load::find_positions(input, places);
  require(positions.size() == places.size(), "every place has a position");
  for (std::size_t i = 0; i < expected.size(); ++i) check_place(input, expected[i], positions[i]);
}

}  // namespace gate::fuzz
