#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/time.h"
#include "gate/policy/check_settings.h"
#include "gate/policy/exemption.h"

namespace gate::policy {

// What is wrong with one field of a record. `field` is empty where it is the record as a whole.
struct RecordFault {
  std::string field;
  std::string message;
  Location where;

  bool operator==(const RecordFault&) const = default;
};

// One record of a register, as far as it could be read. A record with a fault exempts nothing.
struct ExemptionRecord {
  Exemption exemption;
  std::map<std::string, Location, std::less<>> fields;  // where the value of each field that was read stands
  std::vector<RecordFault> faults;

  bool operator==(const ExemptionRecord&) const = default;
};

// Where a fault of `field` is shown: at its value, else at the record.
Location place_of(const ExemptionRecord& record, std::string_view field);

// What the record alone breaks: fields the policy requires, placeholders, dates, the longest life,
// an approver who is the owner, a scope or a rule that covers everything. Pure; the fields that
// could not be read are left to the faults that say so.
std::vector<RecordFault> find_record_faults(const ExemptionRecord& record, const ExemptionRules& rules,
                                            Date today);

// Whether a text stands where a reason should: "TODO", "n/a", a word or two that explain nothing, one
// letter over and over.
bool is_placeholder(std::string_view reason);

// A handle or a name that reads as what it is: ASCII letters, digits and . _ - + @ /, single spaces
// between words, two letters or digits at least; no placeholder. So two that look alike are alike.
bool is_person(std::string_view name);

// A ticket as people write one: OPS-12, #34, owner/repo#34 or an address.
bool is_ticket(std::string_view ticket);

// Days from `created` to `expires`, both included.
int lifetime_days(const Exemption& exemption);

// The longest life the policy allows a record of that rule.
int longest_life_days(const ExemptionRules& rules, std::string_view rule);

}  // namespace gate::policy
