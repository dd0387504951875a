#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/value.h"
#include "gate/policy/evidence.h"
#include "gate/policy/exemption.h"
#include "gate/policy/policy.h"
#include "gate/policy/run_context.h"

namespace gate::policy {

constexpr int kReportVersion = 1;

// Stamped into a report whose undecided findings were let pass.
constexpr std::string_view kAcceptedUndecided =
    "--accept undecided: what could not be decided does not block this run";

// From best to worst: the worst of several decides.
enum class Verdict { passed, warned, undecided, failed };

// Four tallies that are never mixed. Counts hold the omitted ones too.
struct Tally {
  std::uint64_t findings = 0;  // against the release: violations of severity error, and undecided ones
  std::uint64_t exempted = 0;
  std::uint64_t warnings = 0;  // violations that are only warned about
  std::uint64_t notes = 0;

  bool operator==(const Tally&) const = default;
};

// One check in a merged report.
struct CheckRow {
  std::string check;
  Verdict verdict = Verdict::undecided;
  bool required = true;
  std::string decided_by;  // one line: what made the verdict
  Tally tally;
  std::chrono::milliseconds took{0};
  std::string report;  // where its own report lies; empty: nowhere

  bool operator==(const CheckRow&) const = default;
};

// Everything a renderer prints. A value: the same inputs give the same report.
struct Report {
  RunContext run;
  Mode mode = Mode::strict;
  Verdict verdict = Verdict::undecided;
  std::string decided_by;           // one line: what made the verdict
  std::vector<std::string> stamps;  // what loosened or overrode a rule in this run, one line each
  Tally tally;
  std::vector<Examined> examined;
  Value facts = Value::object();
  std::vector<Finding> active;  // not exempted; in the order found, the omitted ones missing
  std::vector<Exempted> exempted;
  Omitted omitted;
  std::vector<Input> inputs;
  std::vector<CheckRow> checks;  // in a merged report: one row a check; else empty
  std::string severity_level;    // in a merged report: "P0", "P1", "P2" or empty when all is well
  Value results = Value::object();
  std::optional<std::vector<std::string>> shown = std::nullopt;  // results that people read; absent: all

  bool operator==(const Report&) const = default;
};

// The one place where findings become a verdict. Pure.
//
// A finding of kind violation and severity error fails a strict run and warns a `warn` run; of
// severity warning it warns. An undecided finding makes the verdict undecided in either mode. A
// required check that examined nothing and says nothing about it is undecided: a verdict must be
// earned, and an exempted finding or a warning does not explain it. failed > undecided > warned >
// passed. A locked policy is loosened by no command line.
Report judge(const RunContext& run, const Policy& policy, Evidence evidence, const Exemptions& exemptions);

// One verdict over the reports of several checks: the worst verdict of the required ones; one that
// is not required can only warn, its tally and findings too. Under mode warn a part that failed counts as
// warned. Without a required check the verdict is undecided. `own` is what was found about the set itself (a
// report missing, a policy edited by the change under test), already judged.
struct CheckReport {
  Report report;
  bool required = true;
  std::string path;  // where its own report lies; empty: nowhere
};
Report combine(const RunContext& run, const Policy& policy, Report own, std::vector<CheckReport> parts);

// The severity a finding has under `mode`: in warn mode an error is only a warning.
Severity effective_severity(Mode mode, const Finding& finding);

std::string_view name_of(Verdict verdict);

}  // namespace gate::policy
