#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gate/policy/evidence.h"
#include "gate/policy/report.h"
#include "gate/ports/files.h"

namespace gate::checks {

// What an earlier step left: a report of ours, or what another tool found (SARIF), by content.
using ForeignReport = std::variant<policy::Report, policy::Evidence>;

// Errors: not_found, io; malformed for a file that is neither; unavailable for a report_version of
// another time.
Result<ForeignReport> load_report(const std::string& path, const ports::Files& files);

// What a report that cannot be read is: malformed, a violation (it is under test); everything else
// means that nobody knows, and is undecided.
policy::Finding unreadable_report(const Error& error, const std::string& path);

// What a report must be to count in this run.
struct Freshness {
  std::optional<std::string> git_sha;           // the commit under test
  std::optional<std::chrono::seconds> max_age;  // between its end and `as_of`
  Timestamp as_of{};
  bool locked_to_strict = false;  // the policy is: no step may have been laxer
  // Of a locked policy's text: a step that did not run under it may have been laxer in any way.
  std::optional<std::string> policy_sha256{};
};

// Why the report does not count here: made for another commit, too old, from the future, laxer than
// allowed or under another policy than a locked one, or saying more than its own findings bear out (a pass
// over an error, over what nobody could decide, or over nothing examined).
std::vector<policy::Finding> find_doubts(const policy::Report& report, const std::string& path,
                                         const Freshness& freshness);

// The same of what another tool found. A log that does not say when it was made has no known age:
// undecided where the policy limits it. One that names no commit is not held to one.
std::vector<policy::Finding> find_doubts(const policy::Evidence& found, const std::string& path,
                                         const Freshness& freshness);

}  // namespace gate::checks
