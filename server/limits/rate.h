#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

namespace server::limits {

// What requests of a kind share, for each key. Nothing but rollbacks draws on `rollback`.
enum class RateClass : std::uint8_t { none, read, write, admin, ingest, data, rollback };
inline constexpr std::array kRateClasses{RateClass::read,   RateClass::write, RateClass::admin,
                                         RateClass::ingest, RateClass::data,  RateClass::rollback};

std::string_view name_of(RateClass rate_class);  // "read"
std::optional<RateClass> rate_class_named(std::string_view name);

// `requests` at once, and as many again evenly over every `window` (GCRA).
struct Rate {
  std::uint32_t requests = 0;
  std::chrono::milliseconds window{0};

  bool operator==(const Rate&) const = default;
};

using OwnRates = std::map<RateClass, Rate>;

// What holds for a key without rates of its own: reads 30 at once, then 5/s.
Rate default_rate(RateClass rate_class);

}  // namespace server::limits
