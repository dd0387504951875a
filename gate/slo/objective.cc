#include "gate/slo/objective.h"

namespace gate::slo {

Decimal error_budget(const Objective& objective) {
  // A target of more digits than Decimal adds is no share that anybody wrote.
  return Decimal::of(std::int64_t{1}).minus(objective.target).value_or(Decimal{});
}

Decimal target_of_threshold(std::string_view setting, const Decimal& limit) {
  if (setting == "p95_latency_ms") return Decimal::of(0.95);
  const Decimal share = share_of_percent(limit);
  if (setting != "error_rate_percent") return share;
  return Decimal::of(std::int64_t{1}).minus(share).value_or(Decimal{});
}

bool is_target(const Decimal& share) {
  return share > Decimal{} && share < Decimal::of(std::int64_t{1});
}

Decimal percent_of(const Decimal& share) {
  return share.times(Decimal::of(std::int64_t{100})).value_or(Decimal{});
}

Decimal share_of_percent(const Decimal& percent) {
  return percent.times(Decimal::of(0.01)).value_or(Decimal{});
}

}  // namespace gate::slo
