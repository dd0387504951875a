#include <algorithm>
#include <array>
#include <ostream>

#include <fmt/format.h>

#include "gate/render/table.h"
#include "gate/render/visible.h"
#include "server/app/check.h"
#include "server/commands/world.h"

namespace server::commands {
namespace {

namespace cli = gate::cli;
using gate::Result;

constexpr std::array kConfigExamples{
    cli::Example{"gate-server config --show-effective --config server.toml",
                 "which settings hold, and who set each"},
};
constexpr std::array kCheckExamples{
    cli::Example{"gate-server check --data state --config server.toml",
                 "before a restart: exit 2 where it would not start"},
};

void declare_config(cli::OptionTable& table, ConfigOptions& options) {
  declare_serve(table, options.serve);
  table.flag("--show-effective", options.show_effective,
             "list every setting, its value and where it came from");
}

// What the command line sets, by the name of the setting.
void overrule(std::vector<app::SettingLine>& lines, const ServeOptions& options) {
  const auto name = [&](std::string_view setting, std::string_view option, bool given) {
    const auto line =
        std::find_if(lines.begin(), lines.end(), [&](const auto& known) { return known.name == setting; });
    if (given && line != lines.end()) line->source = option;
  };
  name("data", "--data", true);
  name("listen", "--listen", !options.listen.empty());
  name("insecure_listen", "--insecure-listen", options.insecure_listen);
}

Result<cli::ExitCode> show(const ConfigOptions& options, cli::Context& io) {
  const auto settings = settings_of(options.serve, io);
  if (!settings) return settings.error();
  const auto file = read_settings_file(options.serve.where, io);
  if (!file) return file.error();
  if (!options.show_effective) {
    io.out << (file->path.empty() ? std::string{"no server.toml: the defaults hold\n"}
                                  : fmt::format("{}: in order\n", gate::render::visible(file->path)));
    return cli::ExitCode::passed;
  }
  auto lines = app::effective(*settings, file->text, file->path);
  overrule(lines, options.serve);
  std::vector<gate::render::Row> rows;
  for (const app::SettingLine& line : lines) {
    rows.push_back({line.name, gate::render::visible(line.value), gate::render::visible(line.source)});
  }
  const std::vector<gate::render::Column> columns = {
      {"SETTING", false, false}, {"VALUE", false, false}, {"SET BY", false, false}};
  for (const auto& line : gate::render::aligned(columns, std::move(rows), 0)) {
    io.out << gate::render::line_of(line) << '\n';
  }
  return cli::ExitCode::passed;
}

Result<cli::ExitCode> check(const ServeOptions& options, cli::Context& io) {
  const auto settings = settings_of(options, io);
  if (!settings) return settings.error();
  const auto findings = app::check_all(*settings, world_of(io));
  for (const gate::Error& finding : findings)
    io.err << fmt::format("gate-server check: {}\n", gate::render::visible(finding.message));
  if (!findings.empty()) return cli::ExitCode::usage;
  io.out << "in order: the server would start with these settings\n";
  return cli::ExitCode::passed;
}

}  // namespace

const cli::Tool<ConfigOptions> kConfig{
    {"gate-server config", "Says whether server.toml is in order, or shows which settings hold.",
     kConfigExamples},
    declare_config,
    show};
const cli::Tool<ServeOptions> kCheck{
    {"gate-server check",
     "Says whether the server would start: its settings, and the files that they name. Touches no state.",
     kCheckExamples},
    declare_serve,
    check};

}  // namespace server::commands
