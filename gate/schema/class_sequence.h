#pragma once

#include <bitset>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace gate::schema {

// A regular expression so simple that matching it is one loop: anchored at its start, a sequence of
// ASCII characters and classes with counts, in which nothing can match where its neighbour goes on,
// so that taking as much as there is can never be wrong: ^evt-[0-9a-f]{16}$, ^[A-Z]+_\d*.
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
  };

  [[nodiscard]] bool is_unambiguous() const;

  std::vector<Item> items_;
  bool to_the_end_ = false;

  friend class ClassSequenceParser;
};

}  // namespace gate::schema
