#include <string>
#include <string_view>
#include <vector>

#include "gate/load/openslo.h"
#include "tests/fuzz/slo_checks.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {
namespace {

// No YAML can hold it.
constexpr char kNextFile = '\x1E';

}  // namespace

void fuzz_openslo(std::string_view input) {
  const std::size_t end = input.find(kNextFile);
  const std::string first{input.substr(0, end)};
  const std::string second{end == std::string_view::npos ? "" : input.substr(end + 1)};
  const auto set = load::parse_openslo({{"a.yaml", first}, {"b.yaml", second}});
  const auto swapped = load::parse_openslo({{"b.yaml", second}, {"a.yaml", first}});
  require(static_cast<bool>(set) == static_cast<bool>(swapped), "files may come in any order");
  if (!set) {
    const std::string& message = set.error().message;
    require(message.starts_with("a.yaml:") || message.starts_with("b.yaml:"), "an error has a place");
    return;
  }
  require(set->objectives.size() == swapped->objectives.size(), "files say the same in any order");
  for (const slo::Objective& objective : set->objectives) check_objective(objective);
}

}  // namespace gate::fuzz
