#include "gate/slo/share.h"

#include <gtest/gtest.h>

namespace gate::slo {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Timestamp kNow{std::chrono::milliseconds{1'800'000'000'000}};

Objective by_slices(Budgeting budgeting) {
  Objective objective;
  objective.target = Decimal::of(0.9);
  objective.span = Period{minutes{60}, std::nullopt};
  objective.budgeting = budgeting;
  objective.slice = minutes{1};
  objective.slice_target = Decimal::of(0.95);
  return objective;
}

Slice ago(int minutes_ago, Events events) {
  return {kNow - minutes{minutes_ago}, events};
}

Measurement of(std::vector<Slice> slices) {
  Measurement measurement;
  measurement.at = kNow;
  measurement.slices = std::move(slices);
  return measurement;
}

// An attack of a minute: 20,000 requests of which 19,800 fail, beside four good minutes of 100.
const Measurement kAttack = of({ago(5, {100, 0, 0}), ago(4, {100, 0, 0}), ago(3, {20'000, 19'800, 19'800}),
                                ago(2, {100, 5, 5}), ago(1, {100, 0, 0})});

TEST(ShareOver, TimeslicesCountsGoodSlices) {
  const auto share = share_over(by_slices(Budgeting::timeslices), kAttack, minutes{60});
  EXPECT_EQ(std::get<Share>(share), (Share{{5, 1, 1}, 20'400, 19'805}));  // 5 % bad is still good
}

TEST(ShareOver, RatioTimeslicesIsTheMeanOfTheShares) {
  const auto share = share_over(by_slices(Budgeting::ratio_timeslices), kAttack, minutes{60});
  EXPECT_EQ(std::get<Share>(share), (Share{{5, 0.99 + 0.05, 0.99 + 0.05}, 20'400, 19'805}));
}

TEST(ShareOver, SlicesOfAShorterWindow) {
  const auto share = share_over(by_slices(Budgeting::timeslices), kAttack, minutes{2});
  EXPECT_EQ(std::get<Share>(share), (Share{{2, 0, 0}, 200, 5}));
  // At least one slice, however short the window is.
  const auto shortest = share_over(by_slices(Budgeting::timeslices), kAttack, seconds{5});
  EXPECT_EQ(std::get<Share>(shortest), (Share{{1, 0, 0}, 100, 0}));
}

TEST(ShareOver, BoundsAndMissingSlices) {
  const Objective objective = by_slices(Budgeting::timeslices);
  const auto unsure = share_over(objective, of({ago(2, {100, 4, 6}), ago(1, {0, 0, 0})}), minutes{60});
  EXPECT_EQ(std::get<Share>(unsure), (Share{{1, 0, 1}, 100, 4}));
  EXPECT_EQ(std::get<Missing>(share_over(objective, of({}), minutes{60})).doubt, Doubt::no_data);
  EXPECT_EQ(std::get<Missing>(share_over(objective, of({ago(1, {1, 2, 2})}), minutes{60})).doubt,
            Doubt::inconclusive);
  Measurement missing;
  missing.slices = Missing{Doubt::unreachable, "connection refused"};
  EXPECT_EQ(std::get<Missing>(share_over(objective, missing, minutes{60})).message, "connection refused");
}

TEST(CompareShare, IsExact) {
  const Fraction limit{Decimal::of(0.001)};
  EXPECT_EQ(compare_share(3, 3000, limit), std::strong_ordering::equal);
  EXPECT_EQ(compare_share(0.3, 300, limit),
            std::strong_ordering::equal);  // 0.3 / 300 in doubles is not 0.001
  EXPECT_EQ(compare_share(1, 3, {Decimal::of(1.0), Decimal::of(3.0)}), std::strong_ordering::equal);
}

}  // namespace
}  // namespace gate::slo
