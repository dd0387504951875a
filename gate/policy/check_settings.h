#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gate/base/time.h"
#include "gate/policy/policy.h"

namespace gate::policy {

// What each kind of check is told, from gate.toml or from a command line: plain values, so that
// loaders, checks and tools share them. Paths are as written: files, folders or globs.

// kind = "schema": documents against one JSON Schema.
struct SchemaSettings {
  std::string schema;                          // path
  std::vector<std::string> documents;          // files, folders, globs; "-" is stdin
  std::vector<std::string> schema_keywords;    // declared beside the standard ones, "x-…" and "version"
  std::map<std::string, std::string> resolve;  // URI prefix to folder: where a remote $ref is read
  std::optional<std::string> dialect;          // of schemas without `$schema`: "draft7", "2020-12"
  bool format_assertion = false;               // `format` decides; else it only says
  std::size_t max_errors = 100;                // findings kept a document; the rest are counted

  bool operator==(const SchemaSettings&) const = default;
};

// What a test run must reach. Rates are exact decimals in percent, as text: "99.5".
struct TestLimits {
  std::optional<std::string> min_pass_rate;
  std::optional<std::uint64_t> max_failed;  // failed + errored + not_run; absent: 0, unless a rate is given
  std::optional<std::uint64_t> max_skipped;
  std::optional<std::uint64_t> max_flaky;

  bool operator==(const TestLimits&) const = default;
};

// kind = "tests": test reports of any known format.
struct TestsSettings {
  std::vector<std::string> reports;  // files, folders, globs; "-" is stdin
  TestLimits limits;
  std::map<std::string, TestLimits> suites;  // by suite name (glob): counted apart as well
  std::vector<std::string> expect;           // parts that must be there: "unit", "e2e-{1..4}"
  bool allow_empty = false;
  std::optional<std::string> baseline;  // an earlier summary
  std::uint64_t max_lost_tests = 0;     // how far `total` may fall below the baseline's
  std::optional<std::string> summary;   // where the summary is written
  std::optional<std::string> ctrf;      // where the same is written as CTRF
  std::string name;                     // test_metadata.name
  std::string release;                  // test_metadata.release
  bool all_cases = false;               // list passed cases in the summary too
  std::size_t max_errors = 1'000;       // findings kept; the rest are counted

  bool operator==(const TestsSettings&) const = default;
};

// What an exemption register must obey.
struct ExemptionRules {
  int max_days = 90;                       // longest life, created to expires, both included
  int max_days_high_severity = 30;         // the same for rules in `high_severity`
  std::vector<std::string> high_severity;  // globs over rule ids
  std::vector<std::string> required_fields{"reason", "ticket", "owner", "approver"};
  int warn_days = 14;                            // expiring: so many days or fewer are left
  int unused_error_days = 30;                    // an unused record this old is an error
  std::map<std::string, std::uint64_t> budgets;  // rule glob to how many findings may be exempted
  bool allow_any_rule = false;                   // whether `rule = "*"` is allowed

  bool operator==(const ExemptionRules&) const = default;
};

// kind = "exemptions": the register itself.
struct ExemptionsSettings {
  std::string register_path;
  ExemptionRules rules;
  std::optional<std::string> baseline;  // an earlier exemption report: counts may only fall
  std::vector<std::string> reports;     // reports of earlier steps: what the records were used for
  std::vector<std::string> files;       // globs: what scopes can name; a scope that names none of it is told

  bool operator==(const ExemptionsSettings&) const = default;
};

// kind = "report": what another step or another tool reported.
struct ReportSettings {
  std::string file;                             // ours or SARIF, detected by content
  std::optional<std::chrono::seconds> max_age;  // older is undecided
  bool operator==(const ReportSettings&) const = default;
};

// kind = "command": any command, by its exit code: 0 passed, 3 undecided, everything else failed.
struct CommandSettings {
  std::vector<std::string> run;  // program and arguments; no shell
  std::chrono::milliseconds deadline{600'000};

  bool operator==(const CommandSettings&) const = default;
};

// kind = "slo": whether the services may take a release now.
struct SloSettings {
  std::vector<std::string> objectives;            // slo.toml or OpenSLO YAML: files, folders, globs
  std::vector<std::string> only;                  // globs over objective names; none: all
  std::vector<std::string> samples;               // request samples: the source of the three thresholds below
  std::optional<std::string> p95_latency_ms;      // exact decimals, as text
  std::optional<std::string> error_rate_percent;  // as the playbook has them
  std::optional<std::string> availability_percent;
  bool samples_may_grow = false;               // watched: the last line of a file may still be being written
  std::chrono::milliseconds deadline{20'000};  // of all queries together
  std::size_t max_errors = 1'000;              // findings kept; the rest are counted

  bool operator==(const SloSettings&) const = default;
};

using CheckSettings = std::variant<SchemaSettings, TestsSettings, ExemptionsSettings, ReportSettings,
                                   CommandSettings, SloSettings>;

// One [[check]] of gate.toml.
struct CheckDeclaration {
  std::string name;
  bool required = true;
  std::vector<std::string> after;  // names of checks whose outputs this one reads
  CheckSettings settings;

  bool operator==(const CheckDeclaration&) const = default;
};

// The whole of gate.toml.
struct GateConfig {
  Policy policy;
  std::optional<std::string> exemptions;  // the register every check uses
  ExemptionRules exemption_rules;
  TestsSettings tests;                          // [tests]: defaults of every check of that kind
  std::optional<std::chrono::seconds> max_age;  // [report] max_age: of merged reports
  std::string report_folder = "out/gate";       // where `gate run` leaves each check's report
  std::vector<CheckDeclaration> checks;

  bool operator==(const GateConfig&) const = default;
};

}  // namespace gate::policy
