#include "gate/checks/command.h"

#include <string>

#include <fmt/format.h>

#include "gate/base/text.h"

namespace gate::checks {
namespace {

using policy::Severity;

constexpr int kUndecidedExit = 3;

// The last line that is not blank, from standard error where it said anything.
std::string last_words(const ports::Outcome& outcome) {
  for (const std::string* stream : {&outcome.diagnostics, &outcome.output}) {
    const auto lines = split(*stream, '\n');
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
      constexpr std::size_t kLongest = 300;
      if (!trim(*line).empty()) return fmt::format(": {}", shortened(trim(*line), kLongest));
    }
  }
  return {};
}

}  // namespace

Result<policy::Evidence> check_command(const policy::CommandSettings& settings,
                                       const ports::Process& process) {
  ports::Command command;
  command.arguments = settings.run;
  command.deadline = settings.deadline;
  const auto outcome = process.run(command);
  if (!outcome) return outcome.error();
  const std::string subject = join(settings.run, " ");
  policy::Evidence evidence;
  policy::count(evidence, "commands", outcome->timed_out ? 0 : 1);
  evidence.facts.set("exit_code", outcome->exit_code);
  if (outcome->timed_out) {
    evidence.findings.push_back(
        policy::undecided("command.timeout", policy::Reason::budget, subject,
                          fmt::format("ended after its deadline of {}", human_duration(settings.deadline))));
  } else if (outcome->signal != 0) {
    evidence.findings.push_back(
        policy::violation("command.signal", Severity::error, subject,
                          fmt::format("ended by signal {}{}", outcome->signal, last_words(*outcome))));
  } else if (outcome->exit_code == kUndecidedExit) {
    evidence.findings.push_back(policy::undecided("command.undecided", policy::Reason::inconclusive, subject,
                                                  fmt::format("exit code 3{}", last_words(*outcome))));
  } else if (outcome->exit_code != 0) {
    evidence.findings.push_back(
        policy::violation("command.failed", Severity::error, subject,
                          fmt::format("exit code {}{}", outcome->exit_code, last_words(*outcome))));
  }
  return evidence;
}

}  // namespace gate::checks
