#pragma once

#include <string_view>

#include <boost/json/value.hpp>

#include "gate/base/result.h"
#include "gate/policy/evidence.h"

namespace gate::load {

// Whether a JSON document says of itself that it is a SARIF log: `version` 2.1.0 and `runs`.
bool is_sarif(const boost::json::value& root);

// What other tools found, from SARIF 2.1.0 (OASIS): each result of kind "fail" is a violation of its
// level, or of its rule's where it has none, with the rule's id behind the tool's name
// ("sarif.TOOL.RULE"); of kind "open" or "review" it is undecided. A run that says it did not
// succeed is a violation, one that has no results at all (`results` absent or null: it never
// produced any) is undecided. Results that the tool's own suppressions took out are counted in a
// note and do not count; only our register exempts. Facts `finished_at` and `revision` where the log
// says them.
// Error: malformed for a document of another shape.
Result<policy::Evidence> evidence_from_sarif(const boost::json::value& root, std::string_view path);

}  // namespace gate::load
