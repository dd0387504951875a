#include <array>
#include <ostream>
#include <string>

#include <fmt/format.h>

#include "gate/checks/slo_objectives.h"
#include "gate/checks/slo_rules.h"
#include "gate/render/slo_rules.h"
#include "gate/render/visible.h"
#include "gate/slo_evaluate/options.h"

namespace gate::slo_evaluate {
namespace {

constexpr std::array kExamples{
    cli::Example{"slo-evaluate rules --output slo.rules.yml slo.toml",
                 "recording and alerting rules for a Prometheus server"},
    cli::Example{"slo-evaluate rules slo.toml | promtool check rules", "what Prometheus says to them"},
};

void declare(cli::OptionTable& table, RulesOptions& options) {
  table.operands("OBJECTIVES", options.files, "slo.toml or OpenSLO YAML: files, folders, globs");
  table.list("--only", "NAME", options.only, "rules for these objectives alone; globs over their names");
  table.text("--output", "FILE", options.output, "write the rules there instead of printing them");
}

// Rules without an alert would watch over nothing.
Status check_made(const slo::RuleFile& rules) {
  if (!rules.groups.empty()) return done();
  const std::string why = rules.skipped.empty() ? "there are no objectives" : rules.skipped.front();
  return Error{ErrorCode::malformed, fmt::format("no rules can be made: {}", why)};
}

Result<cli::ExitCode> run(const RulesOptions& options, cli::Context& io) {
  policy::SloSettings settings;
  settings.objectives = options.files;
  settings.only = options.only;
  const auto loaded = checks::load_objectives(settings, io.files);
  if (!loaded) return loaded.error();
  const slo::RuleFile rules = checks::make_rules(loaded->set.objectives);
  if (auto made = check_made(rules); !made) return made.error();
  for (const std::string& skipped : rules.skipped) {
    io.err << fmt::format("slo-evaluate rules: skipped: {}\n", render::visible(skipped));
  }
  const std::string text = render::slo_rules_text(rules);
  if (!options.output) {
    io.out << text;
    return cli::ExitCode::passed;
  }
  if (auto written = io.files.write(*options.output, text); !written) return written.error();
  return cli::ExitCode::passed;
}

}  // namespace

const cli::Tool<RulesOptions> kRules{
    {"slo-evaluate rules", "Writes Prometheus recording and alerting rules for the objectives.", kExamples},
    declare,
    run};

}  // namespace gate::slo_evaluate
