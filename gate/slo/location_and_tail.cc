#include "gate/slo/location_and_tail.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "gate/slo/normal.h"
#include "gate/slo/percentile.h"

namespace gate::slo {
namespace {

using Points = std::vector<double>;

double quantile_of(const TestLevel& level) {
  return -normal_quantile(level.location() / 2);
}

double median(const Points& ascending) {
  return percentile(ascending, 0.5, PercentileRule::r7);
}

// How far b lies beyond a; a difference that no double holds is the largest one.
double beyond(double a, double b, Sign sign) {
  constexpr double kLargest = std::numeric_limits<double>::max();
  return std::clamp(sign == Sign::up ? b - a : a - b, -kLargest, kLargest);
}

bool is_precise(const Shift& shift, Sign sign, double tolerance) {
  const double nearer = sign == Sign::up ? shift.low : -shift.high;
  return nearer > tolerance * std::abs(shift.estimate);
}

bool is_large(const Measured& measured, Sign sign, double tolerance) {
  const Points& control = measured.bulk.control;
  const double before = mean(control);
  return beyond(0, measured.shift.estimate, sign) > tolerance * std::abs(median(control)) ||
         beyond(before, mean(measured.bulk.experiment), sign) > tolerance * std::abs(before);
}

std::optional<std::string> find_shift(const Measured& measured, Sign sign, const TestLevel& level,
                                      double tolerance) {
  if (!is_shifted(measured, sign, level)) return std::nullopt;
  if (!is_precise(measured.shift, sign, tolerance) && !is_large(measured, sign, tolerance))
    return std::nullopt;
  return fmt::format("{} by {:.6g}, between {:.6g} and {:.6g} at {:.6g} %, p = {:.2g}",
                     sign == Sign::up ? "higher" : "lower", std::abs(measured.shift.estimate),
                     measured.shift.low, measured.shift.high, (1 - level.location()) * 100,
                     measured.rank.p_value);
}

// The median of the points beyond, the one nearer to the control where there are two.
double median_beyond(const Points& experiment, std::size_t count, Sign sign) {
  const std::size_t inward = (count - 1) / 2;
  return sign == Sign::up ? experiment[experiment.size() - count + inward] : experiment[count - 1 - inward];
}

std::optional<std::string> find_tail(const Measured& measured, Sign sign, const TestLevel& level,
                                     double tolerance) {
  const TailTest& test = sign == Sign::up ? measured.upper : measured.lower;
  if (test.beyond == 0 || test.p_value > level.tail()) return std::nullopt;
  const Points& control = measured.all.control;
  const Points& experiment = measured.all.experiment;
  const double extreme = sign == Sign::up ? control.back() : control.front();
  const double reach = beyond(median(control), extreme, sign);
  if (!(beyond(extreme, median_beyond(experiment, test.beyond, sign), sign) > tolerance * reach))
    return std::nullopt;
  return fmt::format("{} of {} points are {} all of the control's, which reach {:.6g}, p = {:.2g}",
                     test.beyond, experiment.size(), sign == Sign::up ? "above" : "below", extreme,
                     test.p_value);
}

}  // namespace

bool can_reject(const TestLevel& level, std::size_t n, std::size_t m) {
  if (n == 0 || m == 0) return false;
  return largest_z(n, m) >= quantile_of(level) || least_tail_p_value(n, m) <= level.tail();
}

Measured measure(const Metric& metric, const Sides& sides, const TestLevel& level) {
  Measured measured;
  measured.all = sides;
  measured.bulk = bulk_of(sides, metric.outliers);
  measured.rank = rank_test(measured.bulk.experiment, measured.bulk.control);
  measured.shift = shift_between(measured.bulk.experiment, measured.bulk.control, quantile_of(level));
  measured.upper = upper_tail_test(sides.experiment, sides.control);
  measured.lower = lower_tail_test(sides.experiment, sides.control);
  return measured;
}

std::optional<std::string> find_worse(const Measured& measured, Sign sign, const TestLevel& level,
                                      double tolerance) {
  auto why = find_shift(measured, sign, level, tolerance);
  return why ? why : find_tail(measured, sign, level, tolerance);
}

bool is_shifted(const Measured& measured, Sign sign, const TestLevel& level) {
  const bool that_way = sign == Sign::up ? measured.rank.z > 0 : measured.rank.z < 0;
  return that_way && measured.rank.p_value <= level.location();
}

double harm_of(const Metric& metric, Sign sign) {
  const bool up = sign == Sign::up;
  double harm = std::max(up ? 1 : 0.5, metric.tolerance);
  const EffectSize& limits = metric.effect_size;
  const auto& allowed = up ? limits.allowed_increase : limits.allowed_decrease;
  if (allowed && limits.measure == EffectMeasure::mean_ratio)
    harm = std::max(harm, up ? *allowed - 1 : 1 - *allowed);
  return harm;
}

std::optional<double> find_possible(const Measured& measured, Sign sign, double harm) {
  constexpr double kUnlikely = 0.05;
  const Points& control = measured.bulk.control;
  const double worst = sign == Sign::up ? measured.shift.high : -measured.shift.low;
  if (mean(control) == 0 || !(worst > 0) || measured.shift.low == measured.shift.high) return std::nullopt;
  Points harmed;
  for (const double point : control)
    harmed.push_back(point + std::abs(point) * (sign == Sign::up ? harm : -harm));
  const RankTest test = rank_test(measured.bulk.experiment, sorted_points(std::move(harmed)));
  const bool better = sign == Sign::up ? test.z < 0 : test.z > 0;
  const double p = better ? test.p_value / 2 : 1 - test.p_value / 2;
  return p < kUnlikely ? std::nullopt : std::optional{p};
}

std::optional<double> find_saturation(const Measured& measured, Sign sign) {
  constexpr double kSuspicious = 0.1;
  const Points& control = measured.all.control;
  const Points& experiment = measured.all.experiment;
  const bool apart =
      sign == Sign::up ? experiment.front() >= control.back() : experiment.back() <= control.front();
  if (!apart) return std::nullopt;
  const double p = rank_test(experiment, control).p_value;
  return p < kSuspicious ? std::optional{p} : std::nullopt;
}

}  // namespace gate::slo
