#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gate/base/parallel.h"
#include "gate/slo/simulated_traffic.h"

namespace gate::slo {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// Seeds of one row; with RELEASE_GATE_FULL in the environment five times as many.
std::size_t seeds() {
  return std::getenv("RELEASE_GATE_FULL") == nullptr ? 2'000 : 10'000;
}

std::size_t count_decided(const SimulatedTraffic& traffic, const CanarySettings& settings,
                          CanaryDecision as) {
  std::vector<unsigned char> decided(seeds());
  parallel_for(decided.size(), available_cores(), [&](std::size_t i) {
    auto judge = CanaryJudge::make(settings);
    decided[i] = judge_simulated(traffic, i + 1, *judge).decision == as ? 1 : 0;
  });
  return static_cast<std::size_t>(std::count(decided.begin(), decided.end(), 1));
}

struct Row {
  std::string name;
  SimulatedTraffic traffic;
};

SimulatedTraffic healthy(double rate, double canary_share, seconds duration) {
  SimulatedTraffic traffic;
  traffic.requests_per_second = rate;
  traffic.steps = {{seconds{0}, canary_share}};
  traffic.bad_share = {0.005, 0.005};
  traffic.duration = duration;
  return traffic;
}

std::vector<Row> null_rows() {
  std::vector<Row> rows{{"5% canary", healthy(2000, 0.05, seconds{5})},
                        {"half canary, slow", healthy(1, 0.5, minutes{100})}};
  for (const std::uint32_t cluster : {2U, 3U, 5U}) {
    for (const bool known : {true, false}) {
      Row row{"clusters of " + std::to_string(cluster) + (known ? ", clients known" : ", clients unknown"),
              healthy(10, 0.2, minutes{10})};
      row.traffic.cluster = cluster;
      row.traffic.clients_known = known;
      rows.push_back(row);
    }
  }
  Row outage{"a shared outage", healthy(10, 0.5, minutes{6})};
  outage.traffic.outage = SimulatedTraffic::Outage{seconds{100}, seconds{120}, 0.5};
  rows.push_back(outage);
  outage.name = "a shared outage in clusters";
  outage.traffic.cluster = 5;
  rows.push_back(outage);
  outage = {"a shared outage that mostly the canary sees", healthy(1, 0.9, minutes{40})};
  outage.traffic.outage = SimulatedTraffic::Outage{minutes{20}, minutes{21}, 0.5};
  rows.push_back(outage);
  Row steps{"steps of the share within an outage", healthy(100, 0.01, seconds{40})};
  steps.traffic.steps = {{seconds{0}, 0.01}, {seconds{10}, 0.05}, {seconds{20}, 0.25}, {seconds{30}, 0.5}};
  steps.traffic.outage = SimulatedTraffic::Outage{seconds{18}, seconds{22}, 0.2};
  rows.push_back(steps);
  return rows;
}

// At the default alpha of 1 %, over the whole of each run; the limit is twice what both arms have.
TEST(CanaryValidity, HealthyCanariesRarelyFail) {
  CanarySettings settings;
  settings.events[0].max_bad_share = 0.01;
  settings.early_pass = false;
  for (const Row& row : null_rows()) {
    const std::size_t failed = count_decided(row.traffic, settings, CanaryDecision::failed);
    EXPECT_LE(failed, seeds() / 100) << row.name;
  }
}

// What the design effect and the memory of clients are for: the same without them fails far too many.
TEST(CanaryValidity, ClustersTakenForIndependentWouldFailTooMany) {
  CanarySettings settings;
  settings.design_effect = 1;
  settings.use_clients = false;
  settings.early_pass = false;
  SimulatedTraffic traffic = healthy(10, 0.05, minutes{20});
  traffic.cluster = 5;
  EXPECT_GT(count_decided(traffic, settings, CanaryDecision::failed), seeds() / 20);
}

// Twice the baseline's odds, or at the limit: neither may be passed.
TEST(CanaryValidity, BadCanariesRarelyPass) {
  CanarySettings settings;
  SimulatedTraffic traffic = healthy(2000, 0.2, seconds{5});
  traffic.bad_share = {0.005, 0.01};
  EXPECT_LE(count_decided(traffic, settings, CanaryDecision::passed), seeds() / 100);
  settings.events[0].max_bad_share = 0.005;
  traffic.bad_share = {0.005, 0.005};
  EXPECT_LE(count_decided(traffic, settings, CanaryDecision::passed), seeds() / 100);
}

TEST(CanaryValidity, SlowCanariesFailAndEquallySlowOnesDoNot) {
  CanarySettings settings;
  settings.events.clear();
  settings.latency = CanaryLatency{};
  settings.early_pass = false;
  SimulatedTraffic traffic = healthy(100, 0.2, seconds{10});
  traffic.latency = SimulatedTraffic::Latency{{100, 100}, 0.7};
  EXPECT_LE(count_decided(traffic, settings, CanaryDecision::failed), seeds() / 100);
  traffic.latency->median_ms.canary = 250;
  EXPECT_GE(count_decided(traffic, settings, CanaryDecision::failed), seeds() * 99 / 100);
}

// Requests until 9 of 10 are found; the reference's own numbers are for one test with the whole alpha.
TEST(CanaryValidity, BadCanariesAreFoundSoon) {
  struct Power {
    const char* name;
    double baseline;
    double canary;
    double within_requests;
  };
  const Power rows[] = {
      {"0.1% against 100%", 0.001, 0.999, 160},
      {"0.1% against 20%", 0.001, 0.2, 700},
      {"0.1% against 2%", 0.001, 0.02, 9'000},
      {"1% against 5%", 0.01, 0.05, 7'500},
  };
  CanarySettings settings;
  for (const Power& row : rows) {
    SimulatedTraffic traffic = healthy(2000, 0.05, seconds{1});
    traffic.bad_share = {row.baseline, row.canary};
    traffic.duration = std::chrono::milliseconds{static_cast<std::int64_t>(row.within_requests / 2)};
    EXPECT_GE(count_decided(traffic, settings, CanaryDecision::failed), seeds() * 9 / 10) << row.name;
  }
}

}  // namespace
}  // namespace gate::slo
