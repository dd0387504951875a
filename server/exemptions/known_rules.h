#pragma once

#include <string>
#include <string_view>

namespace server::exemptions {

// Whether findings of such a rule can come from a check of ours: a rule id, or a glob that one matches. Those
// of a family that cannot be exempted are all known.
bool is_known_rule(std::string_view rule);

// ` (did you mean "tests.failed"?)`, or nothing where no known rule is near.
std::string known_rule_near(std::string_view rule);

}  // namespace server::exemptions
