#include <algorithm>

#include "gate/load/policy_toml.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {

void fuzz_policy(std::string_view input) {
  const auto file = load::parse_gate_config_file(input, "gate.toml");
  if (!file) {
    require(file.error().message.starts_with("gate.toml:"), "a refusal says where");
    return;
  }
  const policy::GateConfig& config = file->config;
  require(config.policy.mode == policy::Mode::strict || config.policy.warn_until.has_value(),
          "a policy file's warn mode ends on a day");
  for (const policy::CheckDeclaration& check : config.checks) {
    require(!check.name.empty(), "a check has a name");
    const auto same = std::count_if(config.checks.begin(), config.checks.end(),
                                    [&](const auto& other) { return other.name == check.name; });
    require(same == 1, "no two checks have one name");
  }
  const auto again = load::parse_gate_config(std::string{input} + "\n# a comment\n", "gate.toml");
  require(again && *again == config, "a comment at the end changes nothing");
}

}  // namespace gate::fuzz
