#pragma once

#include <iosfwd>

#include "gate/ports/clock.h"
#include "gate/ports/environment.h"
#include "gate/ports/files.h"
#include "gate/ports/http_client.h"
#include "gate/ports/process.h"
#include "gate/ports/random.h"
#include "gate/ports/signals.h"
#include "gate/ports/terminal.h"

namespace gate::cli {

// The world a tool runs in. main() fills it with the real one, a test with a fake one.
struct Context {
  std::ostream& out;  // results
  std::ostream& err;  // diagnostics
  const ports::Clock& clock;
  const ports::Files& files;
  const ports::Environment& environment;
  const ports::Random& random;
  const ports::Terminal& terminal;
  const ports::Process& process;
  const ports::HttpClient* http = nullptr;  // only in binaries that talk HTTP
  const ports::Signals* signals = nullptr;  // only in servers
};

}  // namespace gate::cli
