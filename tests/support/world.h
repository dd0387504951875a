#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "gate/cli/context.h"
#include "gate/cli/tool.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_environment.h"
#include "tests/support/fake_files.h"
#include "tests/support/fake_http.h"
#include "tests/support/fake_process.h"
#include "tests/support/fake_random.h"
#include "tests/support/fake_terminal.h"

namespace gate::test {

// A whole fake world, and what a tool printed in it.
struct World {
  FakeClock clock;
  FakeFiles files;
  FakeEnvironment environment;
  FakeRandom random;
  FakeTerminal terminal;
  FakeProcess process;
  FakeHttp http;
  std::ostringstream out;
  std::ostringstream err;
  cli::Context context{out, err, clock, files, environment, random, terminal, process, &http};

  // Runs the tool as main() would and returns its exit code.
  template <class Options>
  int run(const cli::Tool<Options>& tool, const std::vector<std::string>& arguments) {
    return cli::run_tool(tool, arguments, context);
  }
};

}  // namespace gate::test
