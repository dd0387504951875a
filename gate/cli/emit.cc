#include "gate/cli/emit.h"

#include <ostream>

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

}  // namespace

ExitCode emit(const policy::Report& report, const GateOptions& options, Context& io,
              StandardOutput standard_output) {
  const bool printed = options.output || standard_output == StandardOutput::report;
  ExitCode code = exit_code(report.verdict);
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
