// The alerts on our server's metrics: Prometheus' own tool finds them firing when they should, and each names
// metrics that the server has and a section of a page that is there.

#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/base/text.h"
#include "gate/platform/posix_process.h"
#include "tests/support/programs.h"
#include "tests/support/test_data.h"

namespace gate::test {
namespace {

namespace fs = std::filesystem;

const std::string kRules = contents_of(source_dir() / "server/alerts.yaml");
const fs::path kCases = source_dir() / "tests/integration/promtool/server_alerts.yaml";

// What a pattern's first group matches, each once.
std::set<std::string> found(const std::string& text, const std::string& pattern) {
  std::set<std::string> all;
  const std::regex expression{pattern};
  for (std::sregex_iterator match{text.begin(), text.end(), expression}; match != std::sregex_iterator{};
       ++match)
    all.insert((*match)[1]);
  return all;
}

std::set<std::string> alerts() {
  return found(kRules, R"(- alert: (\w+))");
}

void expect_accepted(std::vector<std::string> arguments) {
  REQUIRE_PROGRAM(promtool, "promtool", "prometheus");
  ports::Command command;
  command.arguments = std::move(arguments);
  command.arguments.insert(command.arguments.begin(), promtool.string());
  const auto outcome = platform::PosixProcess{}.run(command);
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->exit_code, 0) << outcome->output << outcome->diagnostics;
}

TEST(ServerAlerts, AreRulesOfPrometheus) {
  expect_accepted({"check", "rules", (source_dir() / "server/alerts.yaml").string()});
}

TEST(ServerAlerts, FireWhenTheyShould) {
  expect_accepted({"test", "rules", kCases.string()});
}

TEST(ServerAlerts, AreEachSeenFiringAndSilent) {
  std::map<std::string, std::set<bool>> seen;  // whether rows of that alert expect it
  std::string alert;
  for (const std::string_view line : split(contents_of(kCases), '\n')) {
    const std::string text{line};
    const auto silent = found(text, R"(eval_time: \w+, alertname: (\w+)\})");
    if (!silent.empty()) seen[*silent.begin()].insert(false);
    const auto named = found(text, R"(^ +alertname: (\w+)$)");
    if (!named.empty()) alert = *named.begin();
    if (text.find("exp_alerts:") != std::string::npos) seen[alert].insert(true);
    for (const std::string& counted : found(text, R"re(ALERTS\{alertname="(\w+)")re"))
      seen[counted].insert(true);
  }
  ASSERT_GT(alerts().size(), 10U);
  for (const std::string& name : alerts()) EXPECT_EQ(seen[name], (std::set<bool>{false, true})) << name;
}

TEST(ServerAlerts, HaveASectionOfARunbookEach) {
  const auto runbooks = found(kRules, R"(runbook: (\S+))");
  EXPECT_EQ(runbooks.size(), alerts().size());
  for (const std::string& name : alerts()) {
    EXPECT_THAT(runbooks, testing::Contains("docs/runbooks/gate-server-alerts.md#" + lower(name)));
    EXPECT_THAT(contents_of(source_dir() / "docs/runbooks/gate-server-alerts.md"),
                testing::HasSubstr("\n## " + name + "\n"));
  }
}

// The control of rollouts is not part of the server yet, and what it counts comes with it.
const std::set<std::string> kMetricsToCome = {"release_gate_rollbacks_total", "release_gate_rollbacks_stuck"};

TEST(ServerAlerts, NameMetricsThatTheServerHas) {
  std::set<std::string> made;
  for (const auto& entry : fs::recursive_directory_iterator{source_dir() / "server"}) {
    if (entry.path().extension() == ".cc")
      made.merge(found(contents_of(entry.path()), R"re("(release_gate_\w+)")re"));
  }
  auto named = found(kRules, R"((release_gate_\w+))");
  ASSERT_GT(named.size(), 10U);
  for (std::string name : named) {
    if (name.ends_with("_bucket")) name.resize(name.size() - 7);
    EXPECT_NE(made.count(name), kMetricsToCome.count(name))
        << name << " is not made, or is made and still to come";
  }
}

}  // namespace
}  // namespace gate::test
