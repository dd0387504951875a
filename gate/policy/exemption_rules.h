#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gate/policy/exemption_record.h"

namespace gate::policy {

// A register as it was read: what gate/load/exemptions_toml.h returns.
struct ExemptionRegister {
  std::string path;
  std::vector<ExemptionRecord> records;  // in the order of the file
  std::vector<RecordFault> faults;       // outside of any record: an unknown key of the file
};

// What a record is worth on a day.
enum class Standing {
  in_force,
  expiring,  // in force, and about to end
  expired,   // exempts nothing: what it covered is active again
  invalid,   // breaks a rule, exempts nothing
};

struct CheckedExemption {
  Exemption exemption;
  Standing standing = Standing::invalid;
  int days_left = 0;  // the last valid day is 0; negative once expired

  bool operator==(const CheckedExemption&) const = default;
};

struct CheckedRegister {
  std::vector<CheckedExemption> records;  // in the order of the register
  // In that order: an invalid record is a violation of severity error, an expired and an expiring
  // one a warning. Rules exemption.invalid, exemption.expired, exemption.expiring.
  std::vector<Finding> findings;
};

// Holds every record to the rules on that day (UTC). Pure. A fault of one record never hides
// another's; ids are unique, the first keeps it; of two records that share findings but not the
// expiry the one that expires later is at fault.
CheckedRegister check_register(const ExemptionRegister& reg, const ExemptionRules& rules, Date today);

// What judge() takes: the records in force, and the findings but those that only warn of an end.
Exemptions exemptions_of(const CheckedRegister& checked);

bool is_in_force(const CheckedExemption& record);
std::string_view name_of(Standing standing);

}  // namespace gate::policy
