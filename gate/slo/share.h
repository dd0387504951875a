#pragma once

#include <chrono>
#include <compare>
#include <optional>
#include <string>
#include <variant>

#include "gate/slo/evaluation.h"

namespace gate::slo {

// What is bad over the window that ended at the measurement, in the unit that the objective budgets. Slices
// are good where their share reaches slice_target (timeslices), or count with their share
// (ratio_timeslices); slices without events count for neither side. Missing where nothing happened, and where
// numbers contradict each other: negative, infinite, more bad events than events.
std::variant<Share, Missing> share_over(const Objective& objective, const Measurement& measurement,
                                        std::chrono::seconds window);

// part / total against `limit`, exactly: counts are decimals too. nullopt where numbers have more digits
// than can be compared.
std::optional<std::strong_ordering> compare_share(double part, double total, const Fraction& limit);

// Whether the share of bad events is above the limit: unknown where one bound is and the other is not.
Ternary is_above(const Events& events, const Fraction& limit);

}  // namespace gate::slo
