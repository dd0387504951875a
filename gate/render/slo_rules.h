#pragma once

#include <string>

#include "gate/slo/rules.h"

namespace gate::render {

// A rule file as Prometheus reads it (YAML); what was skipped stands in comments at its end. The same rules
// give the same bytes.
std::string slo_rules_text(const slo::RuleFile& file);

}  // namespace gate::render
