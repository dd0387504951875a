#include "gate/test_summary/run.h"

#include <array>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/base/parallel.h"
#include "gate/base/text.h"
#include "gate/checks/tests.h"
#include "gate/cli/emit.h"
#include "gate/cli/session.h"
#include "gate/render/ctrf.h"
#include "gate/render/visible.h"

namespace gate::test_summary {
namespace {

constexpr std::array kExamples{
    cli::Example{"test-summary build/junit.xml", "passes where every test in the report passed"},
    cli::Example{"test-summary --summary test-summary.json 'out/**/TEST-*.xml'", "many reports, one summary"},
    cli::Example{"test-summary --expect unit --expect 'e2e-{1..4}' artifacts",
                 "fails where one of the five parts delivered no report"},
    cli::Example{"go test -json ./... | test-summary --max-flaky 3 -", "reads standard input"},
};

void declare(cli::OptionTable& table, Options& options) {
  table.operands(
      "REPORT", options.reports,
      "test reports of any known format: files, folders, globs; - is stdin; the policy's by default", 0);
  table.text("--name", "NAME", options.name, "the run's name in the summary");
  table.text("--release", "VERSION", options.release, "the release under test, in the summary");
  table.text("--summary", "FILE", options.summary, "write the summary as JSON");
  table.text("--ctrf", "FILE", options.ctrf, "write every test in the Common Test Report Format");
  table.flag("--all-cases", options.all_cases, "list passed tests in the summary too");
  table.section("limits");
  table.list("--expect", "PART", options.expect, "a part that must be there: unit, e2e-{1..4}");
  table.flag("--allow-empty", options.allow_empty, "a run without tests passes");
  table.text("--min-pass-rate", "PERCENT", options.min_pass_rate,
             "failing tests are tolerated down to this rate");
  table.number("--max-failed", "N", options.max_failed, "failing tests are tolerated up to this many");
  table.number("--max-skipped", "N", options.max_skipped, "more skipped tests fail the run");
  table.number("--max-flaky", "N", options.max_flaky, "more flaky tests fail the run");
  table.text("--baseline", "FILE", options.baseline, "an earlier summary: counts must not fall below it");
  table.number("--max-lost-tests", "N", options.max_lost_tests, "but by so many tests");
  table.number("--max-errors", "N", options.max_errors, "findings kept; the rest are counted");
  cli::declare_gate_options(table, options.gate);
}

// A locked policy's limits hold whatever the command line says.
Status respect_lock(const Options& options, const cli::Session& session) {
  if (!session.policy.locked) return done();
  const std::pair<const char*, bool> loosening[] = {
      {"--allow-empty", options.allow_empty},
      {"--min-pass-rate", options.min_pass_rate.has_value()},
      {"--max-failed", options.max_failed.has_value()},
      {"--max-skipped", options.max_skipped.has_value()},
      {"--max-flaky", options.max_flaky.has_value()},
      {"--max-lost-tests", options.max_lost_tests.has_value()},
      {"--baseline", options.baseline.has_value()},
  };
  for (const auto& [name, given] : loosening) {
    if (given) return Error{ErrorCode::usage, fmt::format("{}: the policy is locked", name)};
  }
  return done();
}

template <class Target, class Given>
void take(const std::optional<Given>& given, Target& target) {
  if (given) target = *given;
}

policy::TestsSettings settings_of(const Options& options, const policy::TestsSettings& from_policy) {
  policy::TestsSettings settings = from_policy;
  if (!options.reports.empty()) settings.reports = options.reports;
  settings.expect.insert(settings.expect.end(), options.expect.begin(), options.expect.end());
  take(options.name, settings.name);
  take(options.release, settings.release);
  take(options.summary, settings.summary);
  take(options.ctrf, settings.ctrf);
  take(options.baseline, settings.baseline);
  settings.allow_empty = settings.allow_empty || options.allow_empty;
  settings.all_cases = settings.all_cases || options.all_cases;
  take(options.min_pass_rate, settings.limits.min_pass_rate);
  take(options.max_failed, settings.limits.max_failed);
  take(options.max_skipped, settings.limits.max_skipped);
  take(options.max_flaky, settings.limits.max_flaky);
  take(options.max_lost_tests, settings.max_lost_tests);
  take(options.max_errors, settings.max_errors);
  return settings;
}

// "a/b" of "./a//b": one spelling for what is plainly one path.
std::string plain(std::string_view path) {
  std::string kept = path.starts_with('/') ? "/" : "";
  for (const std::string_view part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (!kept.empty() && kept.back() != '/') kept += '/';
    kept += part;
  }
  return kept;
}

// An output must overwrite neither what it tells of nor another output. Devices and pipes keep nothing.
Status respect_files(const Options& options, const policy::TestsSettings& settings,
                     const testing::TestRun& run, const ports::Files& files) {
  std::map<std::string, std::string> taken;  // path to what it is
  for (const std::string& report : settings.reports) taken.emplace(plain(report), "a test report");
  for (const testing::ReportFile& report : run.reports) {
    if (!report.format.empty()) taken.emplace(plain(report.path), "a test report");
  }
  const std::pair<const char*, const std::optional<std::string>&> outputs[] = {
      {"--summary", settings.summary},
      {"--ctrf", settings.ctrf},
      {"--report", options.gate.report},
      {"--output", options.gate.output},
  };
  for (const auto& [name, path] : outputs) {
    if (!path || files.status(*path).kind == ports::FileKind::other) continue;
    const auto [other, is_new] = taken.emplace(plain(*path), "the file of " + std::string{name});
    if (!is_new)
      return Error{ErrorCode::usage, fmt::format("{}: {} is {} already", name, *path, other->second)};
  }
  return done();
}

// Writes what was asked for beside the report.
Status write_documents(const policy::TestsSettings& settings, const checks::CheckedTests& checked,
                       const policy::RunContext& run, const cli::Context& io) {
  if (settings.summary) {
    if (auto written = io.files.write(*settings.summary, to_json(checked.summary) + "\n"); !written)
      return written;
  }
  if (settings.ctrf) return io.files.write(*settings.ctrf, render::as_ctrf(run, checked.run));
  return done();
}

Result<cli::ExitCode> run(const Options& options, cli::Context& io) {
  const auto session = cli::open_session(kTool.text.name, options.gate, io);
  if (!session) return session.error();
  if (auto respected = respect_lock(options, *session); !respected) return respected.error();
  const policy::TestsSettings settings = settings_of(options, session->config.tests);
  auto checked = checks::check_tests(settings, session->run, io.files, available_cores());
  if (!checked) return checked.error();
  if (auto respected = respect_files(options, settings, checked->run, io.files); !respected)
    return respected.error();

  const Status written = write_documents(settings, *checked, session->run, io);
  const policy::Report report = cli::conclude(*session, std::move(checked->evidence), io);
  const cli::ExitCode code = cli::emit(report, options.gate, io);
  if (written) return code;
  io.err << fmt::format("{}: {}\n", kTool.text.name, render::visible(written.error().message));
  return cli::worse(code, cli::undelivered(report.verdict));
}

}  // namespace

const cli::Tool<Options> kTool{
    {"test-summary",
     "Counts the test reports of a run, writes one summary, and says whether the run may pass.", kExamples},
    declare,
    run};

}  // namespace gate::test_summary
