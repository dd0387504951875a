#include "gate/cli/emit.h"

#include <algorithm>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "gate/cli/github.h"
#include "gate/render/format.h"
#include "gate/render/json.h"
#include "gate/render/visible.h"

namespace gate::cli {
namespace {

bool wants_colour(const Context& io) {
  const auto no_colour = io.environment.get("NO_COLOR");
  return io.terminal.output_is_terminal() && (!no_colour || no_colour->empty()) &&
         io.environment.get("TERM") != "dumb";
}

Status print(const policy::Report& report, const GateOptions& options, Context& io) {
  render::TextStyle style;
  if (!options.output && io.terminal.output_is_terminal()) style.width = io.terminal.width();
  style.colour = !options.output && wants_colour(io);
  const std::string text = render::render(*render::format_named(options.format), report, style);
  if (options.output) return io.files.write(*options.output, text);
  io.out << text;
  return done();
}

bool is_same_path(std::string_view a, std::string_view b) {
  while (a.starts_with("./")) a.remove_prefix(2);
  while (b.starts_with("./")) b.remove_prefix(2);
  return a == b;
}

// Why the report may not be written where it was asked for: it would take the place of what it is about.
Status check_targets(const policy::Report& report, const GateOptions& options) {
  const auto is_input = [&](const std::optional<std::string>& path) {
    return path && std::any_of(report.inputs.begin(), report.inputs.end(),
                               [&](const policy::Input& input) { return is_same_path(input.path, *path); });
  };
  const auto refused = [](std::string_view option, const std::string& path, std::string_view why) {
    return Error{ErrorCode::usage, fmt::format("{} {}: {}", option, path, why)};
  };
  if (is_input(options.report)) return refused("--report", *options.report, "that is an input of this run");
  if (is_input(options.output)) return refused("--output", *options.output, "that is an input of this run");
  const bool both = options.report && options.output && is_same_path(*options.report, *options.output);
  if (both && !options.report->starts_with("/dev/"))
    return refused("--report", *options.report, "that is where --output goes");
  return done();
}

}  // namespace

ExitCode emit(const policy::Report& report, const GateOptions& options, Context& io,
              StandardOutput standard_output) {
  const bool printed = options.output || standard_output == StandardOutput::report;
  ExitCode code = exit_code(report.verdict);
  if (const Status allowed = check_targets(report, options); !allowed) {
    io.err << fmt::format("{}: {}\n", report.run.tool.name, render::visible(allowed.error().message));
    return ExitCode::usage;
  }
  const auto settle = [&](const Status& written) {
    if (written) return;
    io.err << fmt::format("{}: {}\n", report.run.tool.name, render::visible(written.error().message));
    code = undelivered(report.verdict);
  };
  if (options.report) settle(io.files.write(*options.report, render::as_json(report)));
  if (printed) settle(print(report, options, io));
  io.out.flush();
  if (!io.out.good()) code = undelivered(report.verdict);  // run_tool says so, for all tools
  if (!options.no_github) {
    const bool annotated = printed && options.format == "github";
    settle(tell_github(report, options.report.value_or(""), static_cast<int>(code), annotated, io));
  }
  return code;
}

}  // namespace gate::cli
