#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "gate/schema/format_host.h"

namespace gate::schema {

// What one label can hold, without the heap.
template <typename Char>
class LabelText {
 public:
  [[nodiscard]] bool insert(std::size_t at, Char c) {
    if (size_ == kLongestLabel) return false;
    for (std::size_t i = size_; i > at; --i) text_[i] = text_[i - 1];
    text_[at] = c;
    ++size_;
    return true;
  }
  [[nodiscard]] bool push(Char c) { return insert(size_, c); }
  void replace(std::size_t at, Char c) { text_[at] = c; }
  [[nodiscard]] std::basic_string_view<Char> view() const { return {text_.data(), size_}; }

 private:
  std::array<Char, kLongestLabel> text_{};
  std::size_t size_ = 0;
};

// Of well-formed UTF-8; nullopt: more than a label can hold.
std::optional<LabelText<char32_t>> code_points_of(std::string_view text);

// What RFC 3492 makes of a label, without its `xn--`. nullopt: too long with it.
std::optional<LabelText<char>> encode_punycode(const LabelText<char32_t>& label);

// The way back, in lower case; nullopt: no Punycode, or of more than a label can hold.
std::optional<LabelText<char32_t>> decode_punycode(std::string_view text);

}  // namespace gate::schema
