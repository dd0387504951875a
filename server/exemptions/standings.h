#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "gate/base/value.h"
#include "gate/policy/exemption_rules.h"

namespace server::exemptions {

// What each record is worth, by its id; a record without an id, or of one that is taken, by its line.
using Standings = std::map<std::string, std::string, std::less<>>;

Standings standings_of(const gate::policy::CheckedRegister& checked);

// As the store keeps them: a JSON object. What cannot be read back is empty.
std::string to_text(const Standings& standings);
Standings parse_standings(std::string_view text);

// What differs: {"id", "from", "to"} by id, null where there was or is no such record.
gate::Value changes_between(const Standings& before, const Standings& after);

}  // namespace server::exemptions
