#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "gate/base/decimal.h"
#include "gate/base/result.h"

namespace gate::slo {

enum class AlertSeverity { page, ticket };

// One row of a multi-window multi-burn-rate alert. It fires where the burn rate is above the factor over
// both windows. Source: Google, The Site Reliability Workbook, chapter 5.
struct BurnRateRow {
  AlertSeverity severity = AlertSeverity::page;
  std::chrono::seconds long_window{0};
  std::chrono::seconds short_window{0};
  Decimal budget_percent;  // of the period's budget, spent within the long window

  bool operator==(const BurnRateRow&) const = default;
};

// The rows for a period of that length.
std::vector<BurnRateRow> default_burn_rates(std::chrono::seconds period);

// (budget_percent / 100) · period / long_window: how many times faster than the budget allows.
double burn_rate_factor(const BurnRateRow& row, std::chrono::seconds period);

}  // namespace gate::slo
