#pragma once

#include <chrono>
#include <vector>

#include "gate/slo/objective.h"

namespace gate::slo {

// What the budget is counted over: the rolling period, or what has passed of the current calendar one. 0 for
// a threshold.
std::chrono::seconds budget_window(const Objective& objective);

// The window that decides about the objective itself: budget_window(), or the threshold's, which is 0 where
// it means all that the source has.
std::chrono::seconds decisive_window(const Objective& objective);

// The objective's own burn-rate rows, or else the table's; none for a threshold.
std::vector<BurnRateRow> burn_rates_of(const Objective& objective);

// Every window that a source must measure for this objective, shortest first, each once. A threshold over 0
// asks for all that the source has. Empty where the objective is budgeted by slices: those of budget_window()
// are needed instead, and the burn-rate windows are counted in them. A calendar period must be current
// (calendar.h).
std::vector<std::chrono::seconds> needed_windows(const Objective& objective);

}  // namespace gate::slo
