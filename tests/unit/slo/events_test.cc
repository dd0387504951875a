#include "gate/slo/events.h"

#include <gtest/gtest.h>

namespace gate::slo {
namespace {

using std::chrono::seconds;

TEST(FindWindow, FindsByLength) {
  Measurement measurement;
  measurement.windows = {{seconds{300}, Events{10, 1, 1}}, {seconds{3600}, Missing{Doubt::no_data, "NaN"}}};
  ASSERT_NE(find_window(measurement, seconds{3600}), nullptr);
  EXPECT_EQ(*find_window(measurement, seconds{300}), measurement.windows[0]);
  EXPECT_EQ(find_window(measurement, seconds{60}), nullptr);
}

}  // namespace
}  // namespace gate::slo
