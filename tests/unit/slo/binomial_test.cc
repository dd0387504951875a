#include "gate/slo/binomial.h"

#include <limits>

#include <gtest/gtest.h>

namespace gate::slo {
namespace {

// R: pbinom(k - 1, n, p, lower.tail = FALSE)
TEST(BinomialTail, AgreesWithTheExactOne) {
  const struct {
    double least, total, share, tail;
  } rows[] = {
      {1, 1, 0.001, 0.001},
      {2, 2, 0.0144, 0.00020736},
      {1, 100, 0.001, 0.0952078528863},
      {2, 20, 0.001, 0.0001877344732},
      {3, 20, 0.05, 0.0754836737885},
      {10, 20, 0.5, 0.5880985260010},
      {5, 100, 0.5, 1},
      {100, 100, 0.5, 7.888609052e-31},
      {1'100, 1'000'000, 0.001, 0.0009574669700},
  };
  for (const auto& row : rows) {
    EXPECT_NEAR(binomial_tail(row.least, row.total, row.share), row.tail, row.tail * 1e-6) << row.least;
  }
}

TEST(BinomialTail, HasDefinedEnds) {
  EXPECT_EQ(binomial_tail(0, 10, 0.5), 1);
  EXPECT_EQ(binomial_tail(11, 10, 0.5), 0);
  EXPECT_EQ(binomial_tail(1, 10, 0), 0);
  EXPECT_EQ(binomial_tail(1, 10, 1), 1);
  EXPECT_EQ(binomial_tail(1e299, 1e300, 0.5), 1);
}

}  // namespace
}  // namespace gate::slo
