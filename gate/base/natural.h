#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace gate {

// A natural number in base 10^9, lowest limb first: only what long division by hand needs.
class Natural {
 public:
  explicit Natural(std::string_view digits) {
    while (!digits.empty()) {
      const std::size_t n = std::min<std::size_t>(9, digits.size());
      std::uint32_t limb = 0;
      std::from_chars(digits.data() + digits.size() - n, digits.data() + digits.size(), limb);
      limbs_.push_back(limb);
      digits.remove_suffix(n);
    }
  }

  // Room for ten times the divisor.
  static Natural zero_beside(const Natural& divisor) {
    Natural zero{""};
    zero.limbs_.assign(divisor.limbs_.size() + 1, 0);
    return zero;
  }

  [[nodiscard]] bool is_zero() const {
    return std::all_of(limbs_.begin(), limbs_.end(), [](std::uint32_t limb) { return limb == 0; });
  }

  // this = this × 10 + digit, then less `divisor` as often as it fits: the next digit of the quotient.
  unsigned shift_in(unsigned digit, const Natural& divisor) {
    std::uint64_t carry = digit;
    for (std::uint32_t& limb : limbs_) {
      const std::uint64_t wide = std::uint64_t{limb} * 10 + carry;
      limb = static_cast<std::uint32_t>(wide % kBase);
      carry = wide / kBase;
    }
    unsigned times = 0;
    for (; !less_than(divisor); ++times) subtract(divisor);
    return times;
  }

 private:
  static constexpr std::uint64_t kBase = 1'000'000'000;

  [[nodiscard]] std::uint32_t limb(std::size_t i) const { return i < limbs_.size() ? limbs_[i] : 0; }

  [[nodiscard]] bool less_than(const Natural& other) const {
    for (std::size_t i = std::max(limbs_.size(), other.limbs_.size()); i-- > 0;) {
      if (limb(i) != other.limb(i)) return limb(i) < other.limb(i);
    }
    return false;
  }

  void subtract(const Natural& other) {
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < limbs_.size(); ++i) {
      const std::uint64_t take = other.limb(i) + borrow;
      borrow = limbs_[i] < take ? 1 : 0;
      limbs_[i] = static_cast<std::uint32_t>(limbs_[i] + borrow * kBase - take);
    }
  }

  std::vector<std::uint32_t> limbs_;
};

}  // namespace gate
