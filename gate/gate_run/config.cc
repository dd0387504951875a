#include <algorithm>
#include <array>
#include <ostream>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/cli/session.h"
#include "gate/gate_run/options.h"
#include "gate/render/table.h"
#include "gate/render/visible.h"

namespace gate::gate_run {
namespace {

constexpr std::array kExamples{
    cli::Example{"gate config", "says whether gate.toml is in order"},
    cli::Example{"gate config --show-effective --mode warn", "which settings would hold, and who set each"},
};

void declare(cli::OptionTable& table, ConfigOptions& options) {
  table.flag("--show-effective", options.show_effective,
             "list every setting, its value and where it came from");
  cli::declare_gate_options(table, options.gate);
}

struct Line {
  std::string name;
  std::string value;
  std::string source;
};

std::string listed(const std::vector<std::string>& values) {
  return fmt::format("[{}]", join(values, ", "));
}

// What holds where the policy file does not say.
std::vector<Line> defaults() {
  const policy::GateConfig config;
  const policy::ExemptionRules& rules = config.exemption_rules;
  return {{"mode", std::string{name_of(config.policy.mode)}, {}},
          {"locked", "false", {}},
          {"exemptions.register", "", {}},
          {"exemptions.max_days", std::to_string(rules.max_days), {}},
          {"exemptions.max_days_high_severity", std::to_string(rules.max_days_high_severity), {}},
          {"exemptions.high_severity", listed(rules.high_severity), {}},
          {"exemptions.required_fields", listed(rules.required_fields), {}},
          {"exemptions.warn_days", std::to_string(rules.warn_days), {}},
          {"exemptions.unused_error_days", std::to_string(rules.unused_error_days), {}},
          {"report.folder", config.report_folder, {}},
          {"report.max_age", "", {}},
          {"tests.max_failed", "0", {}}};
}

std::vector<Line> lines_of(const cli::Session& session, const cli::GateOptions& options,
                           const std::string& path) {
  std::vector<Line> lines;
  for (const load::TomlSetting& setting : session.settings) {
    lines.push_back({setting.key, setting.value, fmt::format("{}:{}", path, setting.line)});
  }
  for (Line& line : defaults()) {
    const bool said = std::any_of(session.settings.begin(), session.settings.end(),
                                  [&](const auto& setting) { return setting.key == line.name; });
    if (!said) lines.push_back({line.name, line.value.empty() ? "-" : line.value, "default"});
  }
  for (const cli::Setting& setting : options.settings) {
    if (setting.name == "--show-effective") continue;
    const std::string source = setting.source == cli::Source::environment
                                   ? cli::environment_name(setting.name)
                                   : std::string{name_of(setting.source)};
    lines.push_back({setting.name, setting.value.empty() ? "-" : setting.value, source});
  }
  lines.push_back({"mode in force", std::string{policy::name_of(session.policy.mode)}, "all of the above"});
  return lines;
}

void print(const std::vector<Line>& lines, std::ostream& out) {
  std::size_t names = 0;
  std::size_t values = 0;
  constexpr std::size_t kWidest = 48;
  for (const Line& line : lines) {
    names = std::min(kWidest, std::max(names, line.name.size()));
    values = std::min(kWidest, std::max(values, line.value.size()));
  }
  for (const Line& line : lines) {
    out << fmt::format("{:<{}}  {:<{}}  {}\n", render::visible(line.name), names, render::visible(line.value),
                       values, render::visible(line.source));
  }
}

Result<cli::ExitCode> run(const ConfigOptions& options, cli::Context& io) {
  const auto session = cli::open_session("gate", options.gate, io, "gate.toml");
  if (!session) return session.error();
  const std::string path = options.gate.policy.value_or("gate.toml");
  if (options.show_effective) {
    print(lines_of(*session, options.gate, path), io.out);
  } else {
    io.out << fmt::format("{}: in order, {}\n", render::visible(path),
                          counted(session->config.checks.size(), "check"));
  }
  return cli::ExitCode::passed;
}

}  // namespace

const cli::Tool<ConfigOptions> kConfig{
    {"gate config", "Checks gate.toml and the register it names, or shows which settings hold.", kExamples},
    declare,
    run};

}  // namespace gate::gate_run
