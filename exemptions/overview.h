#pragma once

#include "gate/base/value.h"
#include "gate/policy/exemption_usage.h"

namespace exemptions {

// Who holds how many exemptions: a row an owner, by name. How much each took is null where no report
// said it.
gate::Value by_owner(const gate::policy::CheckedRegister& checked, const gate::policy::ExemptionUsage& usage);

// Every record, a row each, what needs somebody first: invalid, expired, expiring, in force, and
// within that the one that ends first.
gate::Value records(const gate::policy::CheckedRegister& checked, const gate::policy::ExemptionUsage& usage);

}  // namespace exemptions
