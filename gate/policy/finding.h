#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gate::policy {

enum class FindingKind {
  violation,  // a rule is broken
  undecided,  // we cannot tell; `reason` says why
  note,       // worth knowing; never changes a verdict
};

enum class Severity { note, warning, error };

// Why something is undecided. `none` for violations and notes.
enum class Reason { none, no_data, low_traffic, stale, inconclusive, unreachable, budget };

// Where a finding stands. Lines and columns count from 1, columns in code points; 0: unknown.
struct Location {
  std::string file;
  std::size_t line = 0;
  std::size_t column = 0;
  std::string pointer;  // RFC 6901, into the document; empty: the whole or not a document

  bool operator==(const Location&) const = default;
};

// One fact that a check found.
struct Finding {
  std::string rule;  // dotted and stable: "schema.minimum", "tests.failed"
  FindingKind kind = FindingKind::violation;
  Severity severity = Severity::error;
  Reason reason = Reason::none;
  std::string subject;  // repository-relative path, test id `suite::class::name`, or objective name
  std::string message;  // one sentence, lower case, no full stop
  Location location;
  std::string key;    // what tells it from others of the same rule and subject; never a line or an index
  std::string check;  // the check it came from, in a merged report; else empty

  bool operator==(const Finding&) const = default;
};

Finding violation(std::string rule, Severity severity, std::string subject, std::string message);
Finding undecided(std::string rule, Reason reason, std::string subject, std::string message);
Finding note(std::string rule, std::string subject, std::string message);

// The first 16 hex digits of SHA-256(rule NUL subject NUL key): the same fact has the same
// fingerprint in every run, wherever its line moved to. Ill-formed UTF-8 counts as the U+FFFD that a
// report shows for it, so that a report read back has the same one.
std::string fingerprint(const Finding& finding);

std::string_view name_of(FindingKind kind);
std::string_view name_of(Severity severity);
std::string_view name_of(Reason reason);

}  // namespace gate::policy
