#include "gate/gate_run/check_runner.h"

#include <algorithm>
#include <iterator>
#include <ostream>
#include <variant>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/base/parallel.h"
#include "gate/checks/command.h"
#include "gate/checks/exemptions.h"
#include "gate/checks/report.h"
#include "gate/checks/schema.h"
#include "gate/checks/slo.h"
#include "gate/checks/tests.h"
#include "gate/gate_run/progress.h"
#include "gate/gate_run/report_files.h"
#include "gate/render/ctrf.h"
#include "gate/render/json.h"
#include "gate/render/visible.h"

namespace gate::gate_run {
namespace {

using policy::CheckDeclaration;
using policy::Evidence;
using policy::Report;

bool asks_for_all_others(const CheckDeclaration& check) {
  return std::holds_alternative<policy::ExemptionsSettings>(check.settings);
}

// The checks that are not placed and wait for none that is not.
std::vector<std::size_t> next_wave(const std::vector<CheckDeclaration>& checks,
                                   const std::vector<bool>& placed, bool last_ones_wait) {
  const auto waiting = [&](std::size_t i) { return !placed[i]; };
  const auto index_of = [&](const std::string& name) {
    const auto found =
        std::find_if(checks.begin(), checks.end(), [&](const auto& check) { return check.name == name; });
    return static_cast<std::size_t>(found - checks.begin());
  };
  bool others_wait = false;
  for (std::size_t i = 0; i < checks.size(); ++i)
    others_wait = others_wait || (waiting(i) && !asks_for_all_others(checks[i]));
  std::vector<std::size_t> wave;
  for (std::size_t i = 0; i < checks.size(); ++i) {
    if (!waiting(i)) continue;
    const auto& after = checks[i].after;
    const bool blocked =
        std::any_of(after.begin(), after.end(), [&](const auto& name) { return waiting(index_of(name)); });
    const bool comes_last = last_ones_wait && others_wait && asks_for_all_others(checks[i]);
    if (!blocked && !comes_last) wave.push_back(i);
  }
  return wave;
}

// "unit_tests" of "unit tests": a check's name as a file's.
std::string file_name_of(std::string_view check) {
  std::string name{check};
  for (char& c : name) {
    const bool plain =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
    if (!plain) c = '_';
  }
  return name;
}

// What a check came back with: what it found, or a report that was judged elsewhere.
using Found = std::variant<Evidence, Report>;

// Runs one check, by its kind.
struct Runner {
  const CheckDeclaration& check;
  const cli::Session& session;
  const std::vector<Report>& earlier;  // of the checks before it: what the register was used for
  std::size_t jobs;
  cli::Context& io;

  Result<Found> operator()(const policy::TestsSettings& settings) const {
    policy::RunContext run = session.run;
    run.check = check.name;
    auto checked = checks::check_tests(settings, run, io.files, jobs);
    if (!checked) return checked.error();
    if (settings.summary) write(*settings.summary, to_json(checked->summary) + "\n", checked->evidence);
    if (settings.ctrf) write(*settings.ctrf, render::as_ctrf(run, checked->run), checked->evidence);
    return Found{std::move(checked->evidence)};
  }

  Result<Found> operator()(const policy::ExemptionsSettings& settings) const {
    return as_found(checks::check_exemptions(settings, session.run, earlier, io.files));
  }

  Result<Found> operator()(const policy::CommandSettings& settings) const {
    return as_found(checks::check_command(settings, io.process));
  }

  Result<Found> operator()(const policy::ReportSettings& settings) const {
    auto foreign = checks::load_report(settings.file, io.files);
    Evidence doubts;
    if (!foreign) {
      doubts.findings.push_back(checks::unreadable_report(foreign.error(), settings.file));
      return Found{std::move(doubts)};
    }
    auto* report = std::get_if<Report>(&*foreign);
    const auto max_age = settings.max_age ? settings.max_age : session.config.max_age;
    if (report == nullptr) {
      auto& evidence = std::get<Evidence>(*foreign);
      auto found = checks::find_doubts(evidence, settings.file, freshness_of(session, max_age));
      std::move(found.begin(), found.end(), std::back_inserter(evidence.findings));
      return Found{std::move(evidence)};
    }
    doubts.findings = checks::find_doubts(*report, settings.file, freshness_of(session, max_age));
    if (!doubts.findings.empty()) return Found{std::move(doubts)};
    return Found{std::move(*report)};
  }

  Result<Found> operator()(const policy::SchemaSettings& settings) const {
    return as_found(checks::check_schema(settings, io.files, jobs));
  }

  Result<Found> operator()(const policy::SloSettings& settings) const {
    const checks::SloWorld world{io.files, io.http, io.clock, io.environment, jobs};
    return as_found(checks::check_slo(settings, session.run, world));
  }

  // What another step waits for and does not get keeps this check from passing, and hides no failure.
  void write(const std::string& path, const std::string& text, Evidence& evidence) const {
    const Status written = io.files.write(path, text);
    if (written) return;
    evidence.findings.push_back(
        policy::undecided("check.not_written", policy::Reason::no_data, path, written.error().message));
  }

  static Result<Found> as_found(Result<Evidence> evidence) {
    if (!evidence) return evidence.error();
    return Found{std::move(*evidence)};
  }
};

// A check whose work could not be done, and the exit code that means. One that is configured wrongly fails:
// to accept what is undecided is not to accept that.
Evidence evidence_of_trouble(const Error& error, CheckOutcome& outcome) {
  outcome.trouble = cli::exit_code(error.code);
  const std::string rule = "check.not_run";
  Evidence evidence;
  evidence.findings.push_back(outcome.trouble == cli::ExitCode::usage
                                  ? policy::violation(rule, policy::Severity::error, "", error.message)
                                  : policy::undecided(rule, policy::Reason::no_data, "", error.message));
  return evidence;
}

// Judged under the check's own name. Faults of the register are not every check's business: they
// are told once, by the check of the register or by the merged report.
Report judged(const CheckDeclaration& check, const cli::Session& session, Evidence evidence,
              Timestamp started, Timestamp finished) {
  policy::RunContext run = session.run;
  run.check = check.name;
  run.started_at = started;
  run.finished_at = finished;
  policy::Policy policy = session.policy;
  policy.required = check.required;
  return policy::judge(run, policy, std::move(evidence), policy::Exemptions{session.exemptions.in_force, {}});
}

CheckOutcome run_check(const CheckDeclaration& check, const Runner& runner) {
  CheckOutcome outcome;
  outcome.part.required = check.required;
  const Timestamp started = runner.io.clock.now();
  auto found = std::visit(runner, check.settings);
  const Timestamp finished = runner.io.clock.now();
  if (found && std::holds_alternative<Report>(*found)) {
    outcome.part.report = std::move(std::get<Report>(*found));
    outcome.part.report.run.check = check.name;
    return outcome;
  }
  Evidence evidence =
      found ? std::move(std::get<Evidence>(*found)) : evidence_of_trouble(found.error(), outcome);
  outcome.part.report = judged(check, runner.session, std::move(evidence), started, finished);
  return outcome;
}

// Where each check's report goes: its name as a file's, numbered where two would be the same.
std::vector<std::string> report_paths(const policy::GateConfig& config) {
  std::vector<std::string> paths;
  for (const CheckDeclaration& check : config.checks) {
    const std::string stem = fmt::format("{}/{}", config.report_folder, file_name_of(check.name));
    std::string path = stem + ".json";
    for (int n = 2;
         std::find(paths.begin(), paths.end(), path) != paths.end() || path.ends_with("/gate.json"); ++n) {
      path = fmt::format("{}-{}.json", stem, n);
    }
    paths.push_back(std::move(path));
  }
  return paths;
}

void write_reports(const policy::GateConfig& config, std::vector<CheckOutcome>& outcomes, cli::Context& io) {
  const std::vector<std::string> paths = report_paths(config);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto written = io.files.write(paths[i], render::as_json(outcomes[i].part.report));
    if (written) {
      outcomes[i].part.path = paths[i];
    } else {
      io.err << fmt::format("gate run: {}\n", render::visible(written.error().message));
      outcomes[i].trouble = cli::worse(outcomes[i].trouble, cli::ExitCode::undecided);
    }
  }
}

}  // namespace

std::vector<std::vector<std::size_t>> waves_of(const std::vector<CheckDeclaration>& checks) {
  std::vector<std::vector<std::size_t>> waves;
  std::vector<bool> placed(checks.size(), false);
  for (;;) {
    std::vector<std::size_t> wave = next_wave(checks, placed, true);
    // Somebody waits for a check that would wait for everybody: then it does not.
    if (wave.empty()) wave = next_wave(checks, placed, false);
    if (wave.empty()) return waves;
    for (const std::size_t i : wave) placed[i] = true;
    waves.push_back(std::move(wave));
  }
}

std::vector<CheckOutcome> run_checks(const cli::Session& session, std::size_t jobs, cli::Context& io) {
  const auto& checks = session.config.checks;
  std::vector<CheckOutcome> outcomes(checks.size());
  std::vector<Report> earlier;
  Progress progress{checks.size(), io};
  for (const std::vector<std::size_t>& wave : waves_of(checks)) {
    const std::size_t jobs_each = std::max<std::size_t>(1, jobs / wave.size());
    parallel_for(wave.size(), jobs, [&](std::size_t i) {
      const CheckDeclaration& check = checks[wave[i]];
      progress.started(check.name);
      outcomes[wave[i]] = run_check(check, Runner{check, session, earlier, jobs_each, io});
      progress.ended(check.name);
    });
    for (const std::size_t i : wave) earlier.push_back(outcomes[i].part.report);
  }
  write_reports(session.config, outcomes, io);
  return outcomes;
}

}  // namespace gate::gate_run
