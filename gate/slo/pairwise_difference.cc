#include "gate/slo/pairwise_difference.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <limits>
#include <numeric>

namespace gate::slo {
namespace {

using Points = std::vector<double>;

constexpr double kLargest = std::numeric_limits<double>::max();

// Rounding and clamping keep the order: the matrix of these is sorted like that of the true ones.
double difference(double x, double y) {
  return std::min(std::max(x - y, -kLargest), kLargest);
}

// The differences up to a threshold, and those next to it.
struct Split {
  std::uint64_t count = 0;   // differences <= the threshold
  double below = -kLargest;  // the largest of them
  double above = kLargest;   // the smallest of the others
};

Split split_at(const Points& experiment, const Points& control, double threshold) {
  Split split;
  std::size_t first = 0;  // of the controls whose difference is <= threshold; they are the ones from here on
  for (const double x : experiment) {
    while (first < control.size() && difference(x, control[first]) > threshold) ++first;
    split.count += control.size() - first;
    if (first < control.size()) split.below = std::max(split.below, difference(x, control[first]));
    if (first > 0) split.above = std::min(split.above, difference(x, control[first - 1]));
  }
  return split;
}

// Doubles as integers in the same order, so that halving between two of them ends after 64 steps.
std::int64_t ordinal(double number) {
  std::int64_t bits = 0;
  std::memcpy(&bits, &number, sizeof bits);
  return bits < 0 ? std::numeric_limits<std::int64_t>::min() - bits : bits;
}

double from_ordinal(std::int64_t ordinal) {
  const std::int64_t bits = ordinal < 0 ? std::numeric_limits<std::int64_t>::min() - ordinal : ordinal;
  double number = 0;
  std::memcpy(&number, &bits, sizeof number);
  return number;
}

// Where the k-th one is still looked for: among the differences from `low` to `high`, both of which are
// differences; `before` are smaller than low, `until` are not larger than high.
struct Bracket {
  double low;
  double high;
  std::uint64_t before = 0;
  std::uint64_t until = 0;
};

// Halving the values is quick for what is spread evenly, halving the ordinals for everything else.
double middle(const Bracket& bracket, bool by_value) {
  const double at = by_value ? std::midpoint(bracket.low, bracket.high)
                             : from_ordinal(std::midpoint(ordinal(bracket.low), ordinal(bracket.high)));
  return at < bracket.high ? at : bracket.low;
}

std::vector<double> differences_within(const Points& experiment, const Points& control,
                                       const Bracket& bracket) {
  std::vector<double> found;
  found.reserve(bracket.until - bracket.before);
  std::size_t first = 0;
  for (const double x : experiment) {
    while (first < control.size() && difference(x, control[first]) > bracket.high) ++first;
    for (std::size_t j = first; j < control.size() && difference(x, control[j]) >= bracket.low; ++j)
      found.push_back(difference(x, control[j]));
  }
  return found;
}

}  // namespace

double kth_difference(const Points& experiment, const Points& control, std::uint64_t k) {
  const std::uint64_t all = std::uint64_t{experiment.size()} * control.size();
  const std::uint64_t few = experiment.size() + control.size();
  Bracket bracket{difference(experiment.front(), control.back()),
                  difference(experiment.back(), control.front()), 0, all};
  for (bool by_value = true; bracket.low < bracket.high && bracket.until - bracket.before > few;
       by_value = !by_value) {
    const Split split = split_at(experiment, control, middle(bracket, by_value));
    if (k <= split.count) {
      bracket.high = split.below;
      bracket.until = split.count;
    } else {
      bracket.low = split.above;
      bracket.before = split.count;
    }
  }
  if (!(bracket.low < bracket.high)) return bracket.low;
  std::vector<double> candidates = differences_within(experiment, control, bracket);
  const auto wanted = candidates.begin() + static_cast<std::ptrdiff_t>(k - bracket.before - 1);
  std::nth_element(candidates.begin(), wanted, candidates.end());
  return *wanted;
}

}  // namespace gate::slo
