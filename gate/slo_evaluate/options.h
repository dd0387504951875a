#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "gate/cli/gate_options.h"
#include "gate/cli/tool.h"

namespace gate::slo_evaluate {

// Evaluating again and again until there is a decision.
struct WatchOptions {
  bool watch = false;
  std::string interval = "10s";
  std::string timeout = "30m";
};

// Which objectives are evaluated, and over what.
struct ObjectiveOptions {
  std::vector<std::string> files;  // slo.toml, OpenSLO YAML: files, folders, globs
  std::vector<std::string> only;   // globs over names
  std::vector<std::string> samples;
  std::optional<std::string> p95_latency_ms;
  std::optional<std::string> error_rate_percent;
  std::optional<std::string> availability_percent;
  std::string deadline = "20s";  // of all queries together
};

struct GateCommandOptions {
  ObjectiveOptions objectives;
  WatchOptions watch;
  std::optional<std::string> svg;
  cli::GateOptions gate;
};

struct CompareOptions {
  std::string file;                  // metrics as JSON; empty: samples are compared
  std::vector<std::string> control;  // request samples of the baseline
  std::vector<std::string> canary;
  std::vector<std::string> samples;  // of both, told by their track
  std::optional<std::string> judge;
  std::vector<std::string> objectives;  // slo.toml: what is bad, and the limits
  std::vector<std::string> only;
  std::string service = "canary";
  std::optional<std::string> alpha;
  std::optional<std::string> share_percent;
  std::optional<std::string> max_error_percent;
  std::optional<std::string> p95_latency_ms;
  std::optional<std::string> latency_tolerance_percent;
  bool no_latency = false;
  std::optional<std::string> design_effect;
  bool ignore_clients = false;
  std::optional<std::string> allowed_ratio;
  std::optional<std::size_t> min_failing_clients;
  std::optional<std::size_t> min_canary_requests;
  std::optional<std::string> state;
  bool explain = false;
  WatchOptions watch;
  cli::GateOptions gate;
};

// Of the commands that look at objectives and judge nothing.
struct InspectOptions {
  ObjectiveOptions objectives;
  cli::GateOptions gate;
};

struct SimulateOptions {
  std::string breach;
  std::string severity;
  std::string minutes;
  std::size_t seed = 1;
  std::string rate = "100";
  std::string canary_percent = "10";
  std::size_t cluster = 1;
  bool no_clients = false;
  std::string format = "text";
};

struct RulesOptions {
  std::vector<std::string> files;
  std::vector<std::string> only;
  std::optional<std::string> output;
};

extern const cli::Tool<GateCommandOptions> kGate;
extern const cli::Tool<CompareOptions> kCompare;
extern const cli::Tool<InspectOptions> kValidate;
extern const cli::Tool<InspectOptions> kExplain;
extern const cli::Tool<SimulateOptions> kSimulate;
extern const cli::Tool<RulesOptions> kRules;

// The `slo-evaluate` binary: its text and its commands.
int run_slo_evaluate(const std::vector<std::string>& arguments, cli::Context& io);

}  // namespace gate::slo_evaluate
