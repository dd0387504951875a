#include "gate/slo/windows.h"

#include <algorithm>

namespace gate::slo {

std::chrono::seconds budget_window(const Objective& objective) {
  const auto* period = std::get_if<Period>(&objective.span);
  if (period == nullptr) return std::chrono::seconds{0};
  return period->calendar ? period->elapsed : period->length;
}

std::chrono::seconds decisive_window(const Objective& objective) {
  const auto* threshold = std::get_if<Threshold>(&objective.span);
  return threshold != nullptr ? threshold->window : budget_window(objective);
}

std::vector<BurnRateRow> burn_rates_of(const Objective& objective) {
  const auto* period = std::get_if<Period>(&objective.span);
  if (period == nullptr) return {};
  return objective.burn_rates ? *objective.burn_rates : default_burn_rates(period->length);
}

std::vector<std::chrono::seconds> needed_windows(const Objective& objective) {
  if (const auto* threshold = std::get_if<Threshold>(&objective.span)) return {threshold->window};
  if (objective.budgeting != Budgeting::occurrences) return {};
  std::vector<std::chrono::seconds> windows{budget_window(objective)};
  for (const BurnRateRow& row : burn_rates_of(objective)) {
    windows.push_back(row.long_window);
    windows.push_back(row.short_window);
  }
  std::sort(windows.begin(), windows.end());
  windows.erase(std::unique(windows.begin(), windows.end()), windows.end());
  return windows;
}

}  // namespace gate::slo
