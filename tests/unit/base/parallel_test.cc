#include "gate/base/parallel.h"

#include <atomic>
#include <numeric>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace gate {
namespace {

TEST(ParallelFor, CallsEachIndexOnceForAnyNumberOfJobs) {
  for (const std::size_t jobs : {0U, 1U, 2U, 7U, 500U}) {
    for (const std::size_t count : {0U, 1U, 3U, 1'000U}) {
      std::vector<std::atomic<int>> calls(count);
      parallel_for(count, jobs, [&](std::size_t i) { ++calls.at(i); });
      const auto once = std::count_if(calls.begin(), calls.end(), [](const auto& n) { return n == 1; });
      EXPECT_EQ(static_cast<std::size_t>(once), count) << jobs << " jobs";
    }
  }
}

TEST(ParallelFor, RethrowsAndStartsNothingNew) {
  for (const std::size_t jobs : {1U, 4U}) {
    std::atomic<int> running{0};
    std::atomic<int> calls{0};
    const auto work = [&](std::size_t i) {
      ++running;
      ++calls;
      --running;
      if (i == 0) throw std::runtime_error("broken");
    };
    EXPECT_THROW(parallel_for(1'000'000, jobs, work), std::runtime_error) << jobs;
    EXPECT_EQ(running, 0);
    EXPECT_LT(calls, 1'000'000) << jobs;
  }
}

TEST(ParallelFor, KeepsTheFirstOfManyFailures) {
  EXPECT_THROW(parallel_for(100, 8, [](std::size_t) { throw std::runtime_error("broken"); }),
               std::runtime_error);
}

TEST(AvailableCores, IsNeverNone) {
  EXPECT_GE(available_cores(), 1U);
}

}  // namespace
}  // namespace gate
