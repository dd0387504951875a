#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gate/policy/report.h"

namespace gate::render {

// What the renderers for people have in common: the words, not yet escaped for any format.

// "error", "warning" or "note" as the mode makes it, or "undecided".
std::string_view label_of(policy::Mode mode, const policy::Finding& finding);

// Whether the release may go out.
bool lets_pass(policy::Verdict verdict);

// Where an order is ours to choose: what blocks first, then undecided, warnings, notes.
int weight_of(policy::Mode mode, const policy::Finding& finding);

// "file:line:column", as much of it as is known.
std::string place_of(const policy::Location& location);

// What the finding is about, where its place does not say so already: "/qty" in a document, a test's
// id, an objective; empty where there is nothing to add.
std::string about(const policy::Finding& finding);

// What it is about and its message: "/qty: 0 is less than the minimum 1".
std::string sentence(const policy::Finding& finding);

// "schema.minimum", for an undecided finding with its reason: "slo.availability, low_traffic".
std::string rule_of(const policy::Finding& finding);

// "1 finding, 0 exempted", with warnings, notes and what is not listed where not zero, and with what
// was examined where nothing stands against the release.
std::string tally_line(const policy::Report& report);

// "failed: 1 finding, 0 exempted": the verdict and the tally.
std::string closing_line(const policy::Report& report);

// "P1: 1 of 3 required checks blocks the release"; empty where the report has no level.
std::string level_line(const policy::Report& report);

// "until 2026-12-01, owner platform, OPS-12, exemption EX-7".
std::string exempted_by(const policy::Exempted& exempted);

// Findings that were counted and are not listed.
std::uint64_t total_omitted(const policy::Omitted& omitted);

// The results that people read (policy::Evidence::shown), in the order of the report.
std::vector<const Value::Member*> results_to_show(const policy::Report& report);

// The finding's check, its rows in the order of the report's checks; those of no check come first.
struct CheckFindings {
  std::string check;
  std::vector<const policy::Finding*> findings;
};
std::vector<CheckFindings> by_check(const policy::Report& report);

}  // namespace gate::render
