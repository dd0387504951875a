#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace gate::slo {

// Random numbers for simulations: the same seed gives the same ones everywhere, which the standard library's
// distributions do not promise. Not for secrets. Sources: xoshiro256++ and splitmix64, Blackman and Vigna.
class RandomNumbers {
 public:
  explicit RandomNumbers(std::uint64_t seed) {
    for (std::uint64_t& word : state_) word = splitmix(seed);
  }

  std::uint64_t bits() {
    const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t shifted = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // From 0, below 1.
  double uniform() { return static_cast<double>(bits() >> 11U) * 0x1p-53; }

  bool happens(double chance) { return uniform() < chance; }

  // How many times something of that chance (0 < chance < 1) does not happen before it does.
  double failures_before(double chance) { return std::floor(std::log1p(-uniform()) / std::log1p(-chance)); }

  // Standard normal (Box and Muller).
  double normal() {
    constexpr double kTwoPi = 6.283185307179586;
    const double radius = std::sqrt(-2 * std::log1p(-uniform()));
    return radius * std::cos(kTwoPi * uniform());
  }

 private:
  static std::uint64_t splitmix(std::uint64_t& seed) {
    std::uint64_t z = (seed += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }

  std::array<std::uint64_t, 4> state_{};
};

}  // namespace gate::slo
