#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gate {

// Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours,
// in bytes. Stops early and returns limit + 1 once the distance must exceed `limit`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

// The candidate that `name` was probably meant to be, or an empty view: at most a third of the
// letters wrong, and at most three. The first of equals wins. Names of over 64 bytes, and candidates after
// the first thousand, are not looked at.
std::string_view nearest(std::string_view name, const std::vector<std::string_view>& candidates);

// ` (did you mean "…"?)`, or nothing when no candidate is near.
std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& candidates);

}  // namespace gate
