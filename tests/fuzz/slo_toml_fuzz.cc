#include <set>
#include <string_view>

#include "gate/load/slo_toml.h"
#include "tests/fuzz/slo_checks.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {

void fuzz_slo_toml(std::string_view input) {
  const auto set = load::parse_slo_toml(input, "slo.toml");
  if (!set) {
    require(set.error().message.starts_with("slo.toml:"), "an error has a place");
    return;
  }
  require(!set->objectives.empty(), "a file without objectives is refused");
  std::set<std::string_view> sources;
  for (const slo::Source& source : set->sources)
    require(sources.insert(source.name).second, "sources have names of their own");
  std::set<std::string_view> names;
  for (const slo::Objective& objective : set->objectives) {
    require(names.insert(objective.name).second, "objectives have names of their own");
    require(sources.count(objective.source) == 1, "an objective's source is declared");
    check_objective(objective);
  }
}

}  // namespace gate::fuzz
