#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gate::load {

// A place in a text: both count from 1, the column in code points.
struct Position {
  std::size_t line = 1;
  std::size_t column = 1;

  bool operator==(const Position&) const = default;
};

// What of a document is meant: a value by its pointer, or the key it stands under.
struct Place {
  std::string pointer;  // RFC 6901
  bool key = false;

  bool operator==(const Place&) const = default;
};

Position position_of(std::string_view text, std::size_t offset);
// Of many offsets, in any order, in one walk over the text.
std::vector<Position> positions_of(std::string_view text, const std::vector<std::size_t>& offsets);

// A message of the reader, "3:14: why", apart. Without a position in front it is the document's start.
struct PlacedMessage {
  Position position;
  std::string message;

  bool operator==(const PlacedMessage&) const = default;
};
PlacedMessage placed_message(std::string_view message);

// Where each place is in `text`, JSON that the reader accepts, in one walk over it. A key of something
// that has none (an element, the whole) is its value; a place that is not there is the document's start.
std::vector<Position> find_positions(std::string_view text, const std::vector<Place>& places);

}  // namespace gate::load
