#include "gate/checks/slo_doubt.h"

namespace gate::checks {

policy::Reason reason_of(slo::Doubt doubt) {
  switch (doubt) {
    case slo::Doubt::no_data: return policy::Reason::no_data;
    case slo::Doubt::low_traffic: return policy::Reason::low_traffic;
    case slo::Doubt::stale: return policy::Reason::stale;
    case slo::Doubt::inconclusive: return policy::Reason::inconclusive;
    case slo::Doubt::unreachable: return policy::Reason::unreachable;
  }
  return policy::Reason::inconclusive;
}

}  // namespace gate::checks
