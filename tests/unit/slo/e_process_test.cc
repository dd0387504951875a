#include "gate/slo/e_process.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "gate/slo/empirical_bound.h"

namespace gate::slo {
namespace {

// 1/2 at once; then 1/2 · 1/((i+1)(i+2)) shared evenly by the starts after 2^i … 2^(i+1)-1 blocks.
double weight_of_start(std::uint64_t blocks) {
  if (blocks == 0) return 0.5;
  const double scale = std::floor(std::log2(static_cast<double>(blocks)));
  return 0.5 / ((scale + 1) * (scale + 2)) / std::exp2(scale);
}

TEST(StartMixture, WeightsOfAllStartsSumUpToOne) {
  double sum = 0;
  for (std::uint64_t blocks = 0; blocks < 5'000; ++blocks) {
    sum += weight_of_start(blocks);
    EXPECT_NEAR(weight_of_later_starts(blocks), 1 - sum, 1e-12) << blocks;
  }
}

// Over all outcomes of eight blocks, each of which doubles or halves the evidence by a fair game.
TEST(StartMixture, IsExpectedToStayAtOne) {
  constexpr int kBlocks = 8;
  double expected = 0;
  for (unsigned outcomes = 0; outcomes < (1U << kBlocks); ++outcomes) {
    StartMixture mixture = start_mixture(2);
    double chance = 1;
    for (unsigned block = 0; block < kBlocks; ++block) {
      const bool up = ((outcomes >> block) & 1U) != 0;
      chance *= up ? 0.25 : 0.75;
      const double factors[] = {up ? 2.0 : 2.0 / 3, up ? 3.4 : 0.2};
      multiply(mixture, block, factors);
    }
    expected += chance * e_value(mixture);
  }
  EXPECT_NEAR(expected, 1, 1e-12);
}

TEST(StartMixture, BlocksThatSayNothingCanBeLeftOut) {
  StartMixture all = start_mixture(1);
  StartMixture some = start_mixture(1);
  const double nothing[] = {1.0};
  const double much[] = {7.0};
  for (std::uint64_t block = 0; block < 40; ++block) multiply(all, block, block == 33 ? much : nothing);
  multiply(some, 33, much);
  EXPECT_NEAR(e_value(all), e_value(some), 1e-12);
}

// A plain product would need as many bad blocks as it saw good ones.
TEST(StartMixture, FindsWhatBeginsLate) {
  StartMixture mixture = start_mixture(1);
  const double good[] = {0.9};
  const double bad[] = {3.0};
  for (std::uint64_t block = 0; block < 100'000; ++block) multiply(mixture, block, good);
  std::uint64_t block = 100'000;
  while (e_value(mixture) < 100) multiply(mixture, block++, bad);
  EXPECT_LE(block - 100'000, 20U);
}

TEST(StartMixture, EvidenceBeyondAllBarsStaysFinite) {
  StartMixture mixture = start_mixture(1);
  const double much[] = {1e90};
  for (std::uint64_t block = 0; block < 50; ++block) multiply(mixture, block, much);
  EXPECT_TRUE(std::isfinite(e_value(mixture)));
}

TEST(LogMeanExp, TakesTheMeanOfTheNumbersThemselves) {
  EXPECT_NEAR(log_mean_exp(std::vector{std::log(1.0), std::log(3.0)}), std::log(2.0), 1e-15);
  EXPECT_NEAR(log_mean_exp(std::vector{-2000.0, -2000.0}), -2000, 1e-12);
}

// The printed value of confseq's own test, to the tolerance that test has.
TEST(EmpiricalBound, IsThatOfTheConfseqPackage) {
  EXPECT_NEAR(EmpiricalBound(0.05, 100).at(1000), 0.08204769, 1e-5);
  EXPECT_EQ(EmpiricalBound(0.05, 100).at(99), 1);
  EXPECT_GT(EmpiricalBound(0.01, 100).at(1000), EmpiricalBound(0.05, 100).at(1000));
}

}  // namespace
}  // namespace gate::slo
