#pragma once

#include <vector>

#include "gate/load/toml_reader.h"
#include "gate/policy/check_settings.h"

namespace gate::load {

// `max_age`, in whole seconds.
std::optional<std::chrono::seconds> read_age(TomlReader& reader);

// What [tests] and a [[check]] of kind "tests" share, on top of what `settings` already holds.
void read_tests_settings(TomlReader& reader, policy::TestsSettings& settings, std::vector<TomlFault>& faults);

// Every [[check]] of gate.toml, in its order; [tests] and [exemptions] of `config`, read before,
// are their defaults. Names are unique, `after` names other checks and closes no circle.
std::vector<policy::CheckDeclaration> read_checks(const TomlArray& checks, const policy::GateConfig& config,
                                                  std::vector<TomlFault>& faults);

}  // namespace gate::load
