#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/time.h"
#include "gate/policy/check_settings.h"
#include "gate/policy/exemption_rules.h"
#include "server/exemptions/tables.h"

namespace server::exemptions {

// A version of the register as it was read. Shared between threads and never changed.
struct Register {
  Version version;
  gate::policy::ExemptionRegister content;
  std::string fault;  // why it cannot be relied on; empty: it can
};
using RegisterPointer = std::shared_ptr<const Register>;  // shared: readers keep it while a newer one comes

// Whether the text is the one that was kept: each version comes with the SHA-256 of its text.
bool is_as_kept(const Version& version);

RegisterPointer read_register(Version version);

// A register held to the rules of a day. Shared for the same reason.
using CheckedPointer = std::shared_ptr<const gate::policy::CheckedRegister>;

using MarksPointer = std::shared_ptr<const Marks>;

// All that an answer is made of: one register on one day, and what is known about it.
struct Situation {
  gate::Timestamp now{};
  gate::Date day{};
  bool has_rules = true;   // false: the policy was never read, and no record exempts anything
  RegisterPointer reg;     // null: there is none
  CheckedPointer checked;  // null where `reg` is
  MarksPointer marks = std::make_shared<const Marks>();
  std::optional<Validation> validation;
  std::vector<std::string> unknown;   // why nothing can be said for certain
  std::vector<std::string> troubles;  // what failed though the last good state holds
};

// Adds what the register itself leaves unknown.
void find_unknown(Situation& situation);

// Whether there is a register, and it is known what its records are worth.
bool is_read(const Situation& situation);

// Records by their standing. The first four are disjoint.
struct Counts {
  std::int64_t in_force = 0;
  std::int64_t expiring = 0;
  std::int64_t expired = 0;
  std::int64_t invalid = 0;
  std::int64_t unprocessed = 0;  // of those expired

  bool operator==(const Counts&) const = default;
};
Counts counts_of(const Situation& situation);

// What acknowledges that expired record, or nullptr.
const Mark* mark_of(const Marks& marks, const gate::policy::Exemption& exemption);

// Expired records that nobody acknowledged, in the order of the register.
std::vector<const gate::policy::CheckedExemption*> unprocessed(const Situation& situation);

// The marks that still hold for a newer register: of records that are in it unchanged and expired.
Marks carried(const Marks& marks, const gate::policy::CheckedRegister& checked);

// "valid", "invalid", or "undecided" where there is no register or something is unknown.
std::string_view verdict_of(const Situation& situation);

// What is invalid, and where.
std::vector<gate::policy::Finding> invalid_in(const Situation& situation);

}  // namespace server::exemptions
