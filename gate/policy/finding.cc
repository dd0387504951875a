#include "gate/policy/finding.h"

#include <utility>

#include "gate/base/hash.h"
#include "gate/base/utf8.h"

namespace gate::policy {
namespace {

Finding finding(std::string rule, FindingKind kind, Severity severity, Reason reason, std::string subject,
                std::string message) {
  Finding made;
  made.rule = std::move(rule);
  made.kind = kind;
  made.severity = severity;
  made.reason = reason;
  made.subject = std::move(subject);
  made.message = std::move(message);
  return made;
}

}  // namespace

Finding violation(std::string rule, Severity severity, std::string subject, std::string message) {
  return finding(std::move(rule), FindingKind::violation, severity, Reason::none, std::move(subject),
                 std::move(message));
}

Finding undecided(std::string rule, Reason reason, std::string subject, std::string message) {
  return finding(std::move(rule), FindingKind::undecided, Severity::error, reason, std::move(subject),
                 std::move(message));
}

Finding note(std::string rule, std::string subject, std::string message) {
  return finding(std::move(rule), FindingKind::note, Severity::note, Reason::none, std::move(subject),
                 std::move(message));
}

std::string fingerprint(const Finding& finding) {
  constexpr std::size_t kDigits = 16;
  constexpr std::string_view kNul{"\0", 1};
  Sha256 hash;
  hash.update(with_valid_utf8(finding.rule));
  hash.update(kNul);
  hash.update(with_valid_utf8(finding.subject));
  hash.update(kNul);
  hash.update(with_valid_utf8(finding.key));
  return hash.hex().substr(0, kDigits);
}

std::string_view name_of(FindingKind kind) {
  switch (kind) {
    case FindingKind::violation: return "violation";
    case FindingKind::undecided: return "undecided";
    case FindingKind::note: return "note";
  }
  return "?";
}

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::note: return "note";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
  }
  return "?";
}

std::string_view name_of(Reason reason) {
  switch (reason) {
    case Reason::none: return "none";
    case Reason::no_data: return "no_data";
    case Reason::low_traffic: return "low_traffic";
    case Reason::stale: return "stale";
    case Reason::inconclusive: return "inconclusive";
    case Reason::unreachable: return "unreachable";
    case Reason::budget: return "budget";
  }
  return "?";
}

}  // namespace gate::policy
