#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gate::test {

// A workflow command as the GitHub runner would carry it out.
struct RunnerCommand {
  std::string name;
  std::map<std::string, std::string> properties;
  std::string data;

  bool operator==(const RunnerCommand&) const = default;
};

// What the runner reads out of the lines that a step prints, modelled on actions/runner
// (ActionCommand.cs): `::name key=value,…::data` at the start of a line, spaces aside, else the legacy
// `##[name key=value;…]data` anywhere in it. Only names that the runner knows count. As its comparisons
// go by culture, characters that a comparison skips are dropped first.
std::vector<RunnerCommand> runner_commands(std::string_view output);

}  // namespace gate::test
