#pragma once

#include <string_view>

#include <boost/json/value.hpp>

#include "gate/base/result.h"
#include "gate/policy/report.h"

namespace gate::load {

// Whether a JSON document says of itself that it is one of our reports: it has a `report_version`.
bool is_report(const boost::json::value& root);

// A report as gate/render/json.h writes it (schemas/release-gate/report.schema.json), back into the
// value it was made of. Its fingerprints are not believed but computed anew. Members it does not
// know stand under `results`.
// Errors: malformed for a document that is no report; unavailable for a report_version of another
// time, which nobody here can judge.
Result<policy::Report> report_from_json(const boost::json::value& root);

}  // namespace gate::load
