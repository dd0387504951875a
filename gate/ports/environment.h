#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gate::ports {

class Environment {
 public:
  virtual ~Environment() = default;

  // The variable's value; nullopt where it is not set. An empty value is a value.
  [[nodiscard]] virtual std::optional<std::string> get(std::string_view name) const = 0;
};

}  // namespace gate::ports
