#include "gate/slo/wording.h"

#include <limits>

#include <gtest/gtest.h>

namespace gate::slo {
namespace {

TEST(Wording, NeverRoundsOntoTheLimit) {
  const Precision beside{1, Decimal::of(0.999)};
  EXPECT_EQ(percent_text(0.999, beside), "99.9");
  EXPECT_EQ(percent_text(0.9990001, beside), "99.90001");
  EXPECT_EQ(percent_text(0.99899, beside), "99.899");
  EXPECT_EQ(percent_text(0.99, beside), "99");
  EXPECT_EQ(number_text(14.400001, {1, Decimal::of(14.4)}), "14.400001");
}

TEST(Wording, OfNumbers) {
  EXPECT_EQ(percent_text(0.997, {3, std::nullopt}, true), "99.700");
  EXPECT_EQ(number_text(25, {1, std::nullopt}), "25");
  EXPECT_EQ(number_text(-0.001, {1, std::nullopt}), "0");
  EXPECT_EQ(number_text(std::numeric_limits<double>::quiet_NaN()), "NaN");
  EXPECT_EQ(percent_text(-std::numeric_limits<double>::infinity()), "-Inf");
  EXPECT_EQ(percent_text(Interval{0.8, 1.2}), "between 80 and 120");
  EXPECT_EQ(number_text(Interval{2, 2}), "2");
  const std::pair<double, const char*> rows[] = {{0, "0"},        {0.0441, "0.0441"}, {21.34, "21.3"},
                                                 {999.6, "1000"}, {12'345, "12,345"}, {-3, "-3"},
                                                 {1e20, "1e+20"}};
  for (const auto& [number, text] : rows) EXPECT_EQ(rough_text(number), text);
}

TEST(Wording, OfTime) {
  using std::chrono::hours;
  using std::chrono::seconds;
  EXPECT_EQ(window_text(seconds{300}), "5m");
  EXPECT_EQ(window_text(hours{720}), "30d");
  EXPECT_EQ(window_text(seconds{9000}), "2h30m");
  EXPECT_EQ(window_text(seconds{0}), "all");
  EXPECT_EQ(duration_text(seconds{0}), "0 s");
  EXPECT_EQ(duration_text(seconds{59}), "59 s");
  EXPECT_EQ(duration_text(seconds{245}), "4 min 5 s");
  EXPECT_EQ(duration_text(seconds{121'690}), "1 d 9 h");
  EXPECT_EQ(duration_text(hours{24}), "1 d");
  EXPECT_EQ(duration_text(hours{24 * 4000}), "over 10 years");
}

}  // namespace
}  // namespace gate::slo
