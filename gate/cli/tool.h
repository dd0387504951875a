#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/result.h"
#include "gate/cli/context.h"
#include "gate/cli/exit_code.h"
#include "gate/cli/option_table.h"

namespace gate::cli {

// A line of --help's examples: what to type, and what it does.
struct Example {
  std::string_view command;
  std::string_view meaning;
};

// A subcommand of a binary that has several.
struct Command {
  std::string_view name;     // "run"
  std::string_view summary;  // one line
  int (*main)(const std::vector<std::string>& arguments, Context& io);
};

// What every binary says of itself.
struct ToolText {
  std::string_view name;     // as typed: "schema-validate", "gate run"
  std::string_view summary;  // one sentence, what it decides
  std::span<const Example> examples;
  std::span<const Command> commands = {};  // of a binary that also does something without one
};

// A tool is its text and a pair: what declares its options, and what runs on them.
template <class Options>
struct Tool {
  ToolText text;
  void (*declare)(OptionTable& table, Options& options);
  Result<ExitCode> (*run)(const Options& options, Context& io);
};

std::string_view version();

// The whole of --help: summary, usage, options, examples, exit codes.
std::string help_of(const ToolText& text, const OptionTable& table);

// What every binary does alike: parse, --help, --version, diagnostics, the exit code, flushing, the
// last-resort catch. `body` runs once the options are in place.
int run_with(const ToolText& text, OptionTable& table, const std::vector<std::string>& arguments, Context& io,
             const std::function<Result<ExitCode>()>& body);

// Runs the command that the first argument names; without one, --help.
int run_commands(const ToolText& text, std::span<const Command> commands,
                 const std::vector<std::string>& arguments, Context& io);

template <class Options>
int run_tool(const Tool<Options>& tool, const std::vector<std::string>& arguments, Context& io) {
  Options options;
  OptionTable table;
  tool.declare(table, options);
  return run_with(tool.text, table, arguments, io, [&] { return tool.run(options, io); });
}

inline std::vector<std::string> arguments_of(int argc, char** argv) {
  return {argv + (argc > 0 ? 1 : 0), argv + argc};
}

template <class Options>
int run_tool(const Tool<Options>& tool, int argc, char** argv, Context& io) {
  return run_tool(tool, arguments_of(argc, argv), io);
}

}  // namespace gate::cli
