// The checks of ci/gate.toml over the schemas of this repository, run for real.

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <variant>

#include <gtest/gtest.h>

#include "gate/checks/schema.h"
#include "gate/load/policy_toml.h"
#include "gate/platform/disk_files.h"
#include "tests/support/test_data.h"

namespace gate::checks {
namespace {

TEST(OwnSchemas, AreAllHeldToTheirDialectByTheGate) {
  std::filesystem::current_path(test::source_dir());
  const platform::DiskFiles files;
  const auto config = load::parse_gate_config(test::contents_of("ci/gate.toml"), "ci/gate.toml");
  ASSERT_TRUE(config) << config.error().message;
  std::set<std::string> checked;
  for (const policy::CheckDeclaration& check : config->checks) {
    const auto* settings = std::get_if<policy::SchemaSettings>(&check.settings);
    if (settings == nullptr || !settings->documents.front().starts_with("schemas/")) continue;
    SCOPED_TRACE(check.name);
    const auto evidence = check_schema(*settings, files, 1);
    ASSERT_TRUE(evidence) << evidence.error().message;
    EXPECT_TRUE(evidence->findings.empty())
        << evidence->findings.front().subject << ": " << evidence->findings.front().message;
    for (const policy::Input& input : evidence->inputs) checked.insert(input.path);
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator{"schemas"}) {
    const bool is_schema = entry.path().extension() == ".json";
    EXPECT_TRUE(!is_schema || checked.contains(entry.path().string())) << entry.path();
  }
}

}  // namespace
}  // namespace gate::checks
