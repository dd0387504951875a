#include <algorithm>

#include "gate/base/text.h"
#include "gate/load/exemptions_toml.h"
#include "gate/policy/exemption_rules.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {
namespace {

constexpr Date kToday{std::chrono::year{2026} / 11 / 20};

void check_in_force(const policy::Exemption& exemption, const policy::ExemptionRules& rules) {
  require(exemption.created <= kToday && kToday <= exemption.expires,
          "a record in force has begun and not ended");
  require((exemption.expires - exemption.created).count() < rules.max_days, "no record lives too long");
  for (const std::string* text : {&exemption.id, &exemption.rule, &exemption.reason, &exemption.ticket,
                                  &exemption.owner, &exemption.approver}) {
    require(!trim(*text).empty(), "a record in force says who, what and why");
  }
  require(!equal_ignoring_case(trim(exemption.owner), trim(exemption.approver)),
          "nobody approves a record of their own");
  const std::string family = exemption.rule.substr(0, exemption.rule.find('.'));
  require(family.find_first_of("*?") == std::string::npos, "no record lets every family of rules pass");
  const policy::Scope& scope = exemption.scope;
  require(!scope.paths.empty() || !scope.tests.empty() || !scope.fingerprints.empty(),
          "a record has a scope");
}

}  // namespace

void fuzz_register(std::string_view input) {
  const auto reg = load::parse_exemptions(input, "exemptions.toml");
  if (!reg) {
    require(reg.error().message.starts_with("exemptions.toml:"), "a refusal says where");
    return;
  }
  const policy::ExemptionRules rules;
  const policy::CheckedRegister checked = policy::check_register(*reg, rules, kToday);
  require(checked.records.size() == reg->records.size(), "every record has a standing");
  const policy::Exemptions exemptions = policy::exemptions_of(checked);
  for (const policy::Exemption& exemption : exemptions.in_force) check_in_force(exemption, rules);
  const auto left_out =
      static_cast<std::size_t>(std::count_if(checked.records.begin(), checked.records.end(),
                                             [](const auto& record) { return !is_in_force(record); }));
  require(exemptions.in_force.size() + left_out == checked.records.size(), "in force, or not");
  require(exemptions.faults.size() >= left_out, "what exempts nothing says why");
}

}  // namespace gate::fuzz
