#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "gate/slo/mann_whitney.h"
#include "gate/slo/metric_sides.h"
#include "gate/slo/tail_test.h"

namespace gate::slo {

// The level of one metric, two-sided, and how it is spent.
struct TestLevel {
  double alpha = 0.02;

  [[nodiscard]] double location() const { return alpha / 2; }  // two-sided
  [[nodiscard]] double tail() const { return alpha / 4; }      // of one tail
};

// Whether n points against m can be told apart at all.
bool can_reject(const TestLevel& level, std::size_t n, std::size_t m);

// A metric's two sides, measured.
struct Measured {
  Sides all;   // what the tails are taken from
  Sides bulk;  // without outliers, where the metric asks for that
  RankTest rank;
  Shift shift;
  TailTest upper;
  TailTest lower;
};
Measured measure(const Metric& metric, const Sides& sides, const TestLevel& level);

enum class Sign { up, down };

// Why the experiment is worse in that direction: significant and larger than the tolerance; nullopt where
// it is not.
std::optional<std::string> find_worse(const Measured& measured, Sign sign, const TestLevel& level,
                                      double tolerance);

// Whether the location differs significantly in that direction: where find_worse finds nothing, the
// difference is within the tolerance.
bool is_shifted(const Measured& measured, Sign sign, const TestLevel& level);

// How much worse what passes must not be, as a share of each point: a doubling (1) or, downwards, a halving
// (0.5), and more where the metric's tolerance or the effect it allows is more.
double harm_of(const Metric& metric, Sign sign);

// The one-sided p value of the rank test against that harm, where it is not below 0.05 and the harm is
// therefore not excluded: the experiment's points against the control's, each made worse by that share of
// its magnitude. nullopt where the harm is excluded, the control's mean is 0, and where the
// interval is a point or does not reach to that side of 0, as for counts that are mostly 0 on both sides.
std::optional<double> find_possible(const Measured& measured, Sign sign, double harm);

// The p value of points that lie as badly in that direction as these values can, and yet are too few to
// tell; nullopt where they do not, or nothing is suspicious.
std::optional<double> find_saturation(const Measured& measured, Sign sign);

}  // namespace gate::slo
