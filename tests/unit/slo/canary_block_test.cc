#include "gate/slo/canary_block.h"

#include <gtest/gtest.h>

namespace gate::slo {
namespace {

constexpr std::uint8_t kBad = 1;

EventBlock count(const std::vector<BlockRequest>& requests, std::vector<std::uint64_t>& failed) {
  return count_events(block_of(requests), 0, failed);
}

TEST(CountEvents, CountsAClientsFirstBadRequestOnly) {
  std::vector<std::uint64_t> failed;
  const auto counts = count({{7, Arm::canary, kBad},
                             {7, Arm::canary, kBad},
                             {7, Arm::canary, kBad},
                             {8, Arm::canary, 0},
                             {9, Arm::baseline, 0}},
                            failed);
  EXPECT_TRUE(counts.clients_known);
  EXPECT_EQ(counts.bad.canary, 3U);
  EXPECT_EQ(counts.by_request, (BlockTable{1, 2, 0, 1}));
  EXPECT_EQ(counts.by_client, (BlockTable{1, 2, 0, 1}));
  EXPECT_EQ(failed, std::vector<std::uint64_t>{7});
}

// Each would otherwise fail once on either arm, whatever the canary's share.
TEST(CountEvents, AClientThatFailedOnOneArmIsNotAtRiskOnTheOther) {
  std::vector<std::uint64_t> failed{7};
  const auto counts = count({{7, Arm::canary, kBad}, {8, Arm::baseline, 0}}, failed);
  EXPECT_EQ(counts.by_request, (BlockTable{1, 0, 0, 0}));
  EXPECT_EQ(counts.canary_units, 1U);
  EXPECT_EQ(counts.canary_units_bad, 1U) << "the safe side counts it all the same";
}

TEST(CountEvents, ABusyClientCountsOnceAmongClients) {
  std::vector<std::uint64_t> failed;
  const auto counts = count({{1, Arm::baseline, 0},
                             {1, Arm::baseline, 0},
                             {1, Arm::baseline, 0},
                             {2, Arm::canary, 0},
                             {2, Arm::canary, kBad}},
                            failed);
  EXPECT_EQ(counts.by_request, (BlockTable{3, 2, 0, 1}));
  EXPECT_EQ(counts.by_client, (BlockTable{1, 1, 0, 1}));
  EXPECT_EQ(counts.canary_units_bad, 1U);
}

TEST(CountEvents, OneUnknownClientMakesAllOfThemUnknown) {
  std::vector<std::uint64_t> failed;
  const auto counts = count({{7, Arm::canary, kBad}, {7, Arm::canary, kBad}, {0, Arm::baseline, 0}}, failed);
  EXPECT_FALSE(counts.clients_known);
  EXPECT_EQ(counts.by_request, (BlockTable{1, 2, 0, 2}));
  EXPECT_TRUE(failed.empty());
}

TEST(CountEvents, ClientsCountAsUnknownOnceTooManyFailed) {
  std::vector<std::uint64_t> failed;
  for (std::uint64_t i = 0; failed.size() < kMostFailedClients; ++i) failed.push_back(1'000'000 + i);
  const auto counts = count({{7, Arm::canary, kBad}, {8, Arm::baseline, 0}}, failed);
  EXPECT_FALSE(counts.clients_known);
  EXPECT_EQ(failed.size(), kMostFailedClients);
}

TEST(ClientHash, IsZeroForNoNameOnly) {
  EXPECT_EQ(client_hash(""), 0U);
  EXPECT_NE(client_hash("a"), 0U);
  EXPECT_NE(client_hash("a"), client_hash("b"));
}

}  // namespace
}  // namespace gate::slo
