#include <algorithm>
#include <array>

#include "gate/schema/format_idna.h"

namespace gate::schema {
namespace {

using idna_table::kByComposite;
using idna_table::kCompositions;

// A label's code points are canonically four at most.
class Decomposed {
 public:
  void push(char32_t c) { text_[size_++] = c; }
  [[nodiscard]] std::size_t size() const { return size_; }
  char32_t& operator[](std::size_t i) { return text_[i]; }

 private:
  std::array<char32_t, 4 * kLongestLabel> text_{};
  std::size_t size_ = 0;
};

const Composition* find_whole(char32_t c) {
  const std::uint16_t* const end = kByComposite + kCompositions.size;
  const auto* const at = std::lower_bound(kByComposite, end, c, [](std::uint16_t index, char32_t value) {
    return kCompositions.data[index].composite < value;
  });
  if (at == end || kCompositions.data[*at].composite != c) return nullptr;
  return &kCompositions.data[*at];
}

const Composition* find_parts(char32_t first, char32_t second) {
  const Composition* const end = kCompositions.data + kCompositions.size;
  const auto* const at =
      std::lower_bound(kCompositions.data, end, second, [first](const Composition& row, char32_t value) {
        return row.first != first ? row.first < first : row.second < value;
      });
  return at != end && at->first == first && at->second == second ? at : nullptr;
}

// Only the first part of a composition has parts of its own, so they come out last to first.
void append_decomposed(Decomposed& out, char32_t c) {
  std::array<char32_t, 4> reversed{};
  std::size_t size = 0;
  for (const Composition* whole = find_whole(c); whole != nullptr && size + 1 < reversed.size();
       whole = find_whole(c)) {
    reversed[size++] = whole->second;
    c = whole->first;
  }
  out.push(c);
  while (size > 0) out.push(reversed[--size]);
}

std::uint8_t combining_class(char32_t c) {
  return idna_properties(c).combining_class;
}

// Marks between two starters in the order of their classes, equals as they were.
void put_in_order(Decomposed& text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    const std::uint8_t own = combining_class(text[i]);
    for (std::size_t at = i; own != 0 && at > 0 && combining_class(text[at - 1]) > own; --at) {
      std::swap(text[at], text[at - 1]);
    }
  }
}

LabelText<char32_t> composed(Decomposed& text) {
  constexpr std::size_t kNone = kLongestLabel;
  LabelText<char32_t> out;
  std::size_t starter = kNone;
  std::uint8_t last_class = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint8_t own = combining_class(text[i]);
    const bool reaches = starter != kNone && (starter + 1 == out.view().size() || last_class < own);
    const Composition* const pair = reaches ? find_parts(out.view()[starter], text[i]) : nullptr;
    if (pair != nullptr) {
      out.replace(starter, pair->composite);
      continue;
    }
    if (own == 0) starter = out.view().size();
    last_class = own;
    if (!out.push(text[i])) break;
  }
  return out;
}

}  // namespace

bool is_nfc(std::u32string_view text) {
  Decomposed decomposed;
  for (const char32_t c : text) append_decomposed(decomposed, c);
  put_in_order(decomposed);
  return composed(decomposed).view() == text;
}

}  // namespace gate::schema
