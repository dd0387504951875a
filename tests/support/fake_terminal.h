#pragma once

#include <cstddef>

#include "gate/ports/terminal.h"

namespace gate::test {

// Both streams go to a file unless a test says otherwise.
class FakeTerminal final : public ports::Terminal {
 public:
  [[nodiscard]] bool output_is_terminal() const override { return output; }
  [[nodiscard]] bool diagnostics_are_terminal() const override { return diagnostics; }
  [[nodiscard]] std::size_t width() const override { return columns; }

  bool output = false;
  bool diagnostics = false;
  std::size_t columns = 80;
};

}  // namespace gate::test
