#include "gate/cli/tool.h"

#include <algorithm>
#include <exception>
#include <new>
#include <ostream>

#include <fmt/format.h>

#include "gate/base/edit_distance.h"
#include "gate/render/visible.h"

namespace gate::cli {
namespace {

constexpr std::string_view kExitCodes =
    "exit codes: 0 passed · 1 blocked · 2 usage or configuration · 3 undecided · 4 refused · 5 unconfirmed · "
    "70 bug\n";

int as_int(ExitCode code) {
  return static_cast<int>(code);
}

std::string examples_of(const ToolText& text) {
  if (text.examples.empty()) return {};
  std::string out = "\nexamples:\n";
  for (const Example& example : text.examples)
    out += fmt::format("  {}\n      {}\n", example.command, example.meaning);
  return out;
}

void complain(Context& io, std::string_view tool, std::string_view message) {
  io.err << fmt::format("{}: {}\n", tool,
                        render::break_commands(render::visible(message), render::kBreakInText));
}

ExitCode guarded(const ToolText& text, Context& io, const std::function<Result<ExitCode>()>& body) {
  try {
    const Result<ExitCode> result = body();
    if (result) return *result;
    complain(io, text.name, result.error().message);
    if (result.error().code == ErrorCode::usage) io.err << fmt::format("try: {} --help\n", text.name);
    return exit_code(result.error().code);
  } catch (const std::bad_alloc&) {
    complain(io, text.name, "out of memory: nothing was decided");
    return ExitCode::undecided;
  } catch (const std::exception& bug) {
    complain(io, text.name, fmt::format("bug: {}: nothing was decided, please report this", bug.what()));
    return ExitCode::bug;
  }
}

// A result that nobody got is not a pass: a full disk or a closed pipe under stdout.
ExitCode flushed(const ToolText& text, Context& io, ExitCode code) {
  io.out.flush();
  if (io.out.good()) return code;
  complain(io, text.name, "standard output: not written");
  return worse(code, ExitCode::undecided);
}

std::string list_of(const ToolText& text, std::span<const Command> commands) {
  if (commands.empty()) return {};
  std::size_t width = 10;
  for (const Command& command : commands) width = std::max(width, command.name.size() + 2);
  std::string out = "\ncommands:\n";
  for (const Command& command : commands)
    out += fmt::format("  {:<{}}{}\n", command.name, width, command.summary);
  return out + fmt::format("\n{} COMMAND --help says more\n", text.name);
}

std::string commands_help(const ToolText& text, std::span<const Command> commands) {
  return fmt::format("{}\n\nusage: {} COMMAND [options]\n{}{}\n{}", text.summary, text.name,
                     list_of(text, commands), examples_of(text), kExitCodes);
}

}  // namespace

std::string_view version() {
  return RELEASE_GATE_VERSION;
}

std::string help_of(const ToolText& text, const OptionTable& table) {
  return fmt::format("{}\n\n{}  -h, --help and --version do what they say\n{}{}\n{}", text.summary,
                     table.help(text.name), list_of(text, text.commands), examples_of(text), kExitCodes);
}

int run_with(const ToolText& text, OptionTable& table, const std::vector<std::string>& arguments, Context& io,
             const std::function<Result<ExitCode>()>& body) {
  const ExitCode code = guarded(text, io, [&]() -> Result<ExitCode> {
    const auto asked = table.parse(arguments, io.environment);
    if (!asked) return asked.error();
    switch (*asked) {
      case OptionTable::Asked::help: io.out << help_of(text, table); return ExitCode::passed;
      case OptionTable::Asked::version:
        io.out << text.name << ' ' << version() << '\n';
        return ExitCode::passed;
      case OptionTable::Asked::run: return body();
    }
    return ExitCode::bug;
  });
  return as_int(flushed(text, io, code));
}

int run_commands(const ToolText& text, std::span<const Command> commands,
                 const std::vector<std::string>& arguments, Context& io) {
  const std::string_view first = arguments.empty() ? std::string_view{} : arguments.front();
  if (first == "--version") {
    io.out << text.name << ' ' << version() << '\n';
    return as_int(flushed(text, io, ExitCode::passed));
  }
  if (first == "--help" || first == "-h") {
    io.out << commands_help(text, commands);
    return as_int(flushed(text, io, ExitCode::passed));
  }
  std::vector<std::string_view> names;
  for (const Command& command : commands) {
    if (command.name == first) return command.main({arguments.begin() + 1, arguments.end()}, io);
    names.push_back(command.name);
  }
  complain(io, text.name,
           first.empty() ? std::string{"which command?"}
                         : fmt::format("unknown command \"{}\"{}", first, did_you_mean(first, names)));
  io.err << commands_help(text, commands);
  return as_int(ExitCode::usage);
}

}  // namespace gate::cli
