#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gate/base/result.h"
#include "gate/cli/context.h"
#include "gate/cli/gate_options.h"
#include "gate/cli/policy_source.h"
#include "gate/load/toml.h"
#include "gate/policy/check_settings.h"
#include "gate/policy/evidence.h"
#include "gate/policy/exemption.h"
#include "gate/policy/report.h"
#include "gate/policy/run_context.h"

namespace gate::cli {

// What a gate tool works under: who runs on what and when, the policy in force, the exemptions.
struct Session {
  policy::RunContext run;
  policy::GateConfig config;  // the policy file; defaults without one
  policy::Policy policy;      // the file's, with the command line over it
  policy::Exemptions exemptions;
  std::vector<policy::Finding> told;  // about policy and register themselves
  std::vector<policy::Input> inputs;  // the policy and the register, as read
  std::vector<std::string> stamps;    // what the command line overrode
  CiFacts ci;
  std::vector<load::TomlSetting> settings;  // the policy file's, for `gate config`
};

// Whether the register's records exempt findings of this run. Not where the register itself is under
// test: it is then read, and blamed, by the check.
enum class RegisterUse { exempts, none };

// Reads policy and register and settles what holds. `tool` is the check's default name; without
// `--policy` the file `default_policy` is read, unless that is empty. Errors: as the loaders', and
// usage where the command line would loosen a locked policy.
Result<Session> open_session(std::string_view tool, const GateOptions& options, Context& io,
                             std::string_view default_policy = {}, RegisterUse use = RegisterUse::exempts);

// Judges what was found, now.
policy::Report conclude(const Session& session, policy::Evidence evidence, Context& io);

}  // namespace gate::cli
