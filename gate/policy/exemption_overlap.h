#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "gate/policy/exemption.h"

namespace gate::policy {

// A record that covers findings another record covers as well, but expires later: whoever reads
// `sooner` would believe the finding is back after it.
struct Overlap {
  std::size_t later = 0;  // indexes into the records
  std::size_t sooner = 0;

  bool operator==(const Overlap&) const = default;
};

struct Overlaps {
  std::vector<Overlap> found;  // at most one for each later record, in order
  bool complete = true;        // false: the bound on steps was reached, the rest was not compared
};

// Looks through `records` for pairs of one rule whose scopes share a finding and whose expiries
// differ. Scopes are compared list by list: paths with paths, tests with tests. Pure, and bounded:
// a register made to be slow is not compared to its end.
Overlaps find_overlaps(const std::vector<const Exemption*>& records);

}  // namespace gate::policy
