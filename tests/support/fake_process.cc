#include "tests/support/fake_process.h"

#include <fmt/format.h>

#include "gate/base/text.h"

namespace gate::test {

Result<ports::Outcome> FakeProcess::run(const ports::Command& command) const {
  {
    const std::lock_guard lock{guard_};
    commands_.push_back(command);
  }
  const auto found = answers_.find(join(command.arguments, " "));
  if (found != answers_.end()) return found->second;
  const std::string program = command.arguments.empty() ? std::string{} : command.arguments.front();
  return Error{ErrorCode::not_found, fmt::format("{}: no such program", program)};
}

std::vector<ports::Command> FakeProcess::commands() const {
  const std::lock_guard lock{guard_};
  return commands_;
}

}  // namespace gate::test
