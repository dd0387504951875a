#include "gate/slo/objective.h"

namespace gate::slo {

Decimal error_budget(const Objective& objective) {
  // A target of more digits than Decimal adds is no share that anybody wrote.
  return Decimal::of(std::int64_t{1}).minus(objective.target).value_or(Decimal{});
}

}  // namespace gate::slo
