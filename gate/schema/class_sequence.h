#pragma once

#include <bitset>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace gate::schema {

// A regular expression so simple that matching it is one loop: anchored at its start, a sequence of
// ASCII characters and classes with counts, in which nothing can match where its neighbour goes on,
// so that taking as much as there is can never be wrong: ^evt-[0-9a-f]{16}$, ^[A-Z]+_\d*. Items within
// (...)? may be left out as a whole, where their first character tells: ^\d+(\.\d+)?$.
class ClassSequence {
 public:
  // nullopt for everything else, well-formed or not.
  static std::optional<ClassSequence> parse(std::string_view pattern);

  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  struct Item {
    std::bitset<256> set;  // of bytes; none above 127, so a text beyond ASCII never matches by halves
    std::size_t least = 1;
    std::size_t most = 1;
    std::size_t optional = 0;  // how many items from this one on may be left out together
  };

  [[nodiscard]] bool is_unambiguous() const;
  [[nodiscard]] bool is_apart(const Item& item, std::size_t from) const;
  [[nodiscard]] bool may_end_at(std::size_t index) const;

  std::vector<Item> items_;
  bool to_the_end_ = false;

  friend class ClassSequenceParser;
};

}  // namespace gate::schema
