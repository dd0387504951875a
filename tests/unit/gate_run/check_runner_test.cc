#include "gate/gate_run/check_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gate::gate_run {
namespace {

using policy::CheckDeclaration;
using ::testing::ElementsAre;

CheckDeclaration command(std::string name, std::vector<std::string> after = {}) {
  CheckDeclaration check;
  check.name = std::move(name);
  check.after = std::move(after);
  check.settings = policy::CommandSettings{};
  return check;
}

CheckDeclaration exemptions(std::string name, std::vector<std::string> after = {}) {
  CheckDeclaration check = command(std::move(name), std::move(after));
  check.settings = policy::ExemptionsSettings{};
  return check;
}

using Waves = std::vector<std::vector<std::size_t>>;

TEST(WavesOf, OrdersWhatWaits) {
  struct Row {
    const char* name;
    std::vector<CheckDeclaration> checks;
    Waves waves;
  };
  const Row rows[] = {
      {"none", {}, {}},
      {"independent ones at once", {command("a"), command("b")}, {{0, 1}}},
      {"a chain", {command("c", {"b"}), command("b", {"a"}), command("a")}, {{2}, {1}, {0}}},
      {"the register last", {exemptions("e"), command("a"), command("b", {"a"})}, {{1}, {2}, {0}}},
      {"somebody waits for the register",
       {exemptions("e"), command("a"), command("b", {"e"})},
       {{1}, {0}, {2}}},
      {"two registers", {exemptions("e"), exemptions("f", {"e"})}, {{0}, {1}}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(waves_of(row.checks), row.waves);
  }
}

}  // namespace
}  // namespace gate::gate_run
