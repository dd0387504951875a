#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/time.h"
#include "gate/policy/finding.h"

namespace gate::policy {

// What an exemption covers. A finding is in scope when every list that is not empty has an entry
// that matches it; at least one list must not be empty.
struct Scope {
  std::vector<std::string> paths;         // globs against the subject or the location's file
  std::vector<std::string> tests;         // globs against the subject; a test id is one name: `*` crosses `/`
  std::vector<std::string> fingerprints;  // 16 hex digits each

  bool operator==(const Scope&) const = default;
};

// A record of the register: who lets which finding pass, why and until when.
struct Exemption {
  std::string id;
  std::string rule;  // a rule id, or a glob over rule ids
  Scope scope;
  std::string reason;
  std::string ticket;
  std::string owner;
  std::string approver;
  Date created{};
  Date expires{};                             // the last valid day, UTC, inclusive
  std::optional<std::uint64_t> max_findings;  // more than that: the surplus is not exempted
  Location where;                             // in the register

  bool operator==(const Exemption&) const = default;
};

// What judge() is given: the records that may exempt on the day of `as_of`, and what is wrong with
// the register's other records, which exempt nothing.
struct Exemptions {
  std::vector<Exemption> in_force;
  std::vector<Finding> faults;

  bool operator==(const Exemptions&) const = default;
};

// A finding that does not count, and the record that took it out.
struct Exempted {
  Finding finding;
  std::string exemption;  // its id
  std::string owner;
  std::string ticket;
  Date expires{};

  bool operator==(const Exempted&) const = default;
};

// Whether findings of that rule can be exempted at all. What the gate says about the register, about
// itself, about the reports it is shown and about evidence that is missing or broken cannot: no record
// may take out what was found against it, nor make a pass of what was never seen.
bool is_exemptable(std::string_view rule);

// The findings of a check, sorted.
struct Split {
  std::vector<Finding> active;
  std::vector<Exempted> exempted;
};

// Sorts findings into exempted and active. Only violations can be exempted: an undecided finding
// says that nobody knows, and nobody can exempt that. Where several records match, the one that
// expires first takes the finding; where a record's max_findings is used up, the next one.
Split split_by_exemption(std::vector<Finding> findings, const std::vector<Exemption>& in_force);

}  // namespace gate::policy
