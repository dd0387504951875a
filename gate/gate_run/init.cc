#include <array>
#include <ostream>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/gate_run/options.h"

namespace gate::gate_run {
namespace {

constexpr std::string_view kPolicy =
    R"(# What must be true before a release goes out. `gate run` judges it; unknown keys are errors.
# `gate config --show-effective` says which settings hold and where each came from.
version = 1

# strict: a finding blocks. warn: findings are only shown, and warn_until says how long.
mode = "strict"
# warn_until = 2027-01-31

# true: no command line can loosen this file (--mode warn, --accept, --exemptions, --as-of).
locked = false

# Findings that may pass for a while, each with an owner, an approver, a ticket and a last day.
[exemptions]
register = "REGISTER"
max_days = 90                  # longest life of an exemption
max_days_high_severity = 30    # the same for the rules below
high_severity = ["tests.errored"]
warn_days = 14                 # from when on it is said to be expiring
unused_error_days = 30         # from when on an exemption that nothing needs is an error

# Defaults of every check of kind "tests".
[tests]
max_failed = 0

# The register itself: who lets what pass, and until when.
[[check]]
name = "exemptions"
kind = "exemptions"

# Test reports of any format: JUnit, TRX, NUnit, xUnit, TAP, go test -json, GoogleTest, CTRF.
# [[check]]
# name = "unit-tests"
# kind = "tests"
# reports = ["build/test-results/**/*.xml"]
# expect = ["unit"]            # parts that must be there; a missing one is never a pass

# Documents against a JSON Schema.
# [[check]]
# name = "configuration"
# kind = "schema"
# schema = "schemas/config.schema.json"
# documents = ["config/**/*.json"]

# Whether the services may take a release now: error budgets, burn rates, thresholds.
# [[check]]
# name = "slo"
# kind = "slo"
# objectives = ["slo.toml"]

# What another tool found: a report of ours, or SARIF.
# [[check]]
# name = "static-analysis"
# kind = "report"
# file = "out/analysis.sarif"
# max_age = "24h"

# Any command: exit code 0 passes, 3 is undecided, everything else blocks.
# [[check]]
# name = "changelog"
# kind = "command"
# run = ["git", "diff", "--check"]
)";

constexpr std::string_view kRegister =
    R"(# Findings that may pass for a while. A record that is wrong or expired exempts nothing.
version = 1

# [[exemption]]
# id = "EX-1"
# rule = "tests.failed"
# scope = { tests = ["checkout::*"] }
# reason = "the payment sandbox answers 503 since its upgrade"
# ticket = "PAY-123"
# owner = "checkout-team"
# approver = "release-manager"
# created = 2026-11-20
# expires = 2026-12-04         # the last day it holds, UTC
)";

constexpr std::array kExamples{
    cli::Example{"gate init", "writes gate.toml and exemptions.toml here"},
    cli::Example{"gate init ci/gate.toml", "writes both into ci/"},
};

std::string beside(const std::string& path, std::string_view name) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string{name} : fmt::format("{}/{}", path.substr(0, slash), name);
}

Status write_new(const std::string& path, std::string_view text, cli::Context& io) {
  if (io.files.status(path).kind != ports::FileKind::missing) {
    return Error{ErrorCode::usage, fmt::format("{}: is there already and is not overwritten", path)};
  }
  if (auto written = io.files.write(path, text); !written) return written;
  io.out << "wrote " << path << '\n';
  return done();
}

void declare(cli::OptionTable& table, InitOptions& options) {
  table.operand("PATH", options.path, "where the policy goes; gate.toml by default", false);
}

Result<cli::ExitCode> run(const InitOptions& options, cli::Context& io) {
  const std::string register_path = beside(options.path, "exemptions.toml");
  const std::string policy = replace_all(kPolicy, "REGISTER", register_path);
  if (auto written = write_new(options.path, policy, io); !written) return written.error();
  if (io.files.status(register_path).kind == ports::FileKind::missing) {
    if (auto written = write_new(register_path, kRegister, io); !written) return written.error();
  }
  io.out << "next: "
         << (options.path == "gate.toml" ? "gate run" : fmt::format("gate run --policy {}", options.path))
         << '\n';
  return cli::ExitCode::passed;
}

}  // namespace

const cli::Tool<InitOptions> kInit{
    {"gate init", "Writes a commented gate.toml that runs as it is, and an empty exemption register.",
     kExamples},
    declare,
    run};

}  // namespace gate::gate_run
