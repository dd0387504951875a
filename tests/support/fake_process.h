#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "gate/ports/process.h"

namespace gate::test {

// Answers commands from a script and records what was run. A program it was not told about does
// not exist.
class FakeProcess final : public ports::Process {
 public:
  // What a command line answers, its arguments joined by spaces: "git rev-parse HEAD".
  void answer(const std::string& command_line, Result<ports::Outcome> outcome) {
    answers_.insert_or_assign(command_line, std::move(outcome));
  }

  [[nodiscard]] Result<ports::Outcome> run(const ports::Command& command) const override;

  // Every command, in the order of the calls.
  [[nodiscard]] std::vector<ports::Command> commands() const;

 private:
  std::map<std::string, Result<ports::Outcome>> answers_;
  mutable std::mutex guard_;
  mutable std::vector<ports::Command> commands_;
};

}  // namespace gate::test
