#pragma once

#include <cstddef>

namespace gate::ports {

// What the two output streams are connected to.
class Terminal {
 public:
  virtual ~Terminal() = default;

  [[nodiscard]] virtual bool output_is_terminal() const = 0;
  [[nodiscard]] virtual bool diagnostics_are_terminal() const = 0;

  // Columns of the terminal; 80 where it does not say.
  [[nodiscard]] virtual std::size_t width() const = 0;
};

}  // namespace gate::ports
