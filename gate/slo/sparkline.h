#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "gate/slo/events.h"

namespace gate::slo {

// How a share of bad events went over time, a block character a stretch, oldest first, for places that show
// no pictures: "▁▁▂▁█▅▁". A stretch's height is its burn rate (share / budget): the lowest block is up to
// half the budget's pace, then one block higher each time the rate doubles: "█" burns 32 times too fast and
// more. "·" is a stretch without events; a share between two numbers counts as the higher one. Empty for an
// empty course. `budget` is above 0.
std::string sparkline(const std::vector<Slice>& course, double budget, std::size_t width = 24);

}  // namespace gate::slo
