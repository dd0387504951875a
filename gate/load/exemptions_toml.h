#pragma once

#include <string_view>

#include "gate/base/result.h"
#include "gate/policy/exemption_rules.h"

namespace gate::load {

// Reads an exemption register (schemas/release-gate/exemptions.schema.json). What is wrong with one
// record stands among that record's faults, with its place, and hides nothing about the others.
// Error: malformed, as `path:line:column: why`, for a file that is no TOML, of another version, or
// whose `exemption` is no list of tables.
Result<policy::ExemptionRegister> parse_exemptions(std::string_view text, std::string_view path);

}  // namespace gate::load
