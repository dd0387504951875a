#include "gate/load/json_positions.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <unordered_map>

#include "gate/base/json_pointer.h"
#include "gate/base/utf8.h"
#include "gate/load/json_scan.h"

namespace gate::load {
namespace {

// Follows the walk with a pointer to where it is, and notes the offsets of what was asked for.
class Locator {
 public:
  explicit Locator(const std::vector<Place>& places) : places_(places), offsets_(places.size(), 0) {
    for (std::size_t i = 0; i < places.size(); ++i) {
      wanted_[places[i].pointer].push_back(i);
      deepest_ = std::max(deepest_, pointer_depth(places[i].pointer));
    }
  }

  bool enter(bool object) {
    open_.push_back({pointer_.size(), object, 0});
    return true;
  }

  bool leave() {
    open_.pop_back();
    return true;
  }

  bool key(std::size_t offset, const std::string& name) {
    pointer_.resize(open_.back().pointer_size);
    append_token(pointer_, std::string_view{name});
    note(offset, true);
    return true;
  }

  bool value(std::size_t offset) {
    if (!open_.empty() && !open_.back().object) {
      pointer_.resize(open_.back().pointer_size);
      append_token(pointer_, open_.back().next_index++);
      note(offset, true);
    }
    note(offset, false);
    return true;
  }

  [[nodiscard]] const std::vector<std::size_t>& offsets() const { return offsets_; }

 private:
  struct Open {
    std::size_t pointer_size;
    bool object;
    std::size_t next_index;
  };

  void note(std::size_t offset, bool key) {
    if (open_.size() > deepest_) return;
    const auto found = wanted_.find(pointer_);
    if (found == wanted_.end()) return;
    for (const std::size_t i : found->second) {
      if (places_[i].key == key) offsets_[i] = offset;
    }
  }

  const std::vector<Place>& places_;
  std::unordered_map<std::string, std::vector<std::size_t>> wanted_;
  std::vector<std::size_t> offsets_;
  std::vector<Open> open_;
  std::string pointer_;
  std::size_t deepest_ = 0;
};

// Moves `position` over `text`.
void advance(Position& position, std::string_view text) {
  const std::size_t last = text.rfind('\n');
  if (last != std::string_view::npos) {
    position.line += static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    position.column = 1;
    text.remove_prefix(last + 1);
  }
  position.column += count_code_points(text);
}

}  // namespace

Position position_of(std::string_view text, std::size_t offset) {
  Position position;
  advance(position, text.substr(0, offset));
  return position;
}

std::vector<Position> positions_of(std::string_view text, const std::vector<std::size_t>& offsets) {
  std::vector<std::size_t> order(offsets.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return offsets[a] < offsets[b]; });
  std::vector<Position> positions(offsets.size());
  Position at;
  std::size_t reached = 0;
  for (const std::size_t i : order) {
    advance(at, text.substr(reached, offsets[i] - reached));
    reached = offsets[i];
    positions[i] = at;
  }
  return positions;
}

PlacedMessage placed_message(std::string_view message) {
  PlacedMessage placed{{}, std::string{message}};
  const char* const end = message.data() + message.size();
  Position position;
  const auto line = std::from_chars(message.data(), end, position.line);
  if (line.ec != std::errc{} || line.ptr == end || *line.ptr != ':') return placed;
  const auto column = std::from_chars(line.ptr + 1, end, position.column);
  if (column.ec != std::errc{} || end - column.ptr < 2 || column.ptr[0] != ':') return placed;
  return {position, std::string{column.ptr + 2, end}};
}

std::vector<Position> find_positions(std::string_view text, const std::vector<Place>& places) {
  Locator locator{places};
  JsonScan{text, locator}.run();
  return positions_of(text, locator.offsets());
}

}  // namespace gate::load
