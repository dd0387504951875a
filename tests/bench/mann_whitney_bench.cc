// Mann-Whitney with the exact Hodges-Lehmann estimate, in process, on points that mann_whitney_peers.sh also
// gives to R.
//   mann_whitney_bench make KIND COUNT       two columns of points: normal, lognormal or counts
//   mann_whitney_bench run FILE ROUNDS       best milliseconds, p value, estimate, ends of the interval

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "gate/slo/mann_whitney.h"
#include "gate/slo/normal.h"

namespace {

using Points = std::vector<double>;

double point_of(std::string_view kind, std::mt19937_64& random, double worse) {
  if (kind == "counts") return std::poisson_distribution<int>{2 * worse}(random);
  const double normal = std::normal_distribution<double>{5, 1}(random);
  return kind == "lognormal" ? std::exp(normal) * worse : normal * worse;
}

int make(std::string_view kind, int count) {
  std::mt19937_64 random{42};
  for (int i = 0; i < count; ++i) {
    const double control = point_of(kind, random, 1);
    fmt::print("{} {}\n", point_of(kind, random, 1.02), control);
  }
  return 0;
}

int run(const char* path, int rounds) {
  Points experiment;
  Points control;
  std::ifstream in{path};
  for (double x = 0, y = 0; in >> x >> y;) {
    experiment.push_back(x);
    control.push_back(y);
  }
  if (experiment.empty()) {
    std::cerr << path << ": no points\n";
    return 1;
  }
  double best = 1e9;
  gate::slo::RankTest test;
  gate::slo::Shift shift;
  for (int round = 0; round < rounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    const Points ascending = gate::slo::sorted_points(experiment);
    const Points beside = gate::slo::sorted_points(control);
    test = gate::slo::rank_test(ascending, beside);
    shift = gate::slo::shift_between(ascending, beside, -gate::slo::normal_quantile(0.01));
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    best = std::min(best, took.count());
  }
  fmt::print("{:.3f} {:.6g} {:.6g} {:.6g} {:.6g}\n", best, test.p_value, shift.estimate, shift.low,
             shift.high);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc == 4 ? argv[1] : "";
  if (what == "make") return make(argv[2], std::atoi(argv[3]));
  if (what == "run") return run(argv[2], std::atoi(argv[3]));
  std::cerr << "usage: mann_whitney_bench make KIND COUNT | run FILE ROUNDS\n";
  return 2;
}
