#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "gate/ports/environment.h"

namespace gate::test {

// Holds what a test puts in, and nothing of the machine's.
class FakeEnvironment final : public ports::Environment {
 public:
  FakeEnvironment() = default;
  FakeEnvironment(std::initializer_list<std::pair<const std::string, std::string>> variables)
      : variables_(variables) {}

  [[nodiscard]] std::optional<std::string> get(std::string_view name) const override {
    const auto found = variables_.find(name);
    return found == variables_.end() ? std::nullopt : std::optional{found->second};
  }

  void set(const std::string& name, std::string value) { variables_[name] = std::move(value); }
  void unset(const std::string& name) { variables_.erase(name); }

 private:
  std::map<std::string, std::string, std::less<>> variables_;
};

}  // namespace gate::test
