#include "gate/checks/test_limits.h"

#include <algorithm>
#include <cstdint>

#include "gate/testing/suites.h"

namespace gate::checks {
namespace {

using testing::Outcome;

bool exceeds(std::uint64_t count, const std::optional<std::uint64_t>& most) {
  return most && count > *most;
}

Result<AppliedLimits> applied(std::string suite, const policy::TestLimits& limits,
                              const testing::Totals& totals) {
  AppliedLimits made{std::move(suite), limits, std::nullopt, totals};
  if (!limits.min_pass_rate) return made;
  const auto rate = testing::Percent::parse(*limits.min_pass_rate);
  if (!rate) return rate.error().within("min_pass_rate");
  made.min_pass_rate = *rate;
  return made;
}

bool covers(const AppliedLimits& limits, const testing::TestCase& test) {
  return limits.suite.empty() || testing::covers(limits.suite, test);
}

}  // namespace

bool AppliedLimits::failures_exceeded() const {
  return exceeds(totals.failures(), limits.max_failed);
}
bool AppliedLimits::pass_rate_missed() const {
  return min_pass_rate && !min_pass_rate->reached_by(totals);
}
bool AppliedLimits::skipped_exceeded() const {
  return exceeds(totals[Outcome::skipped], limits.max_skipped);
}
bool AppliedLimits::flaky_exceeded() const {
  return exceeds(totals[Outcome::flaky], limits.max_flaky);
}

Result<std::vector<AppliedLimits>> apply_limits(const policy::TestsSettings& settings,
                                                const testing::TestRun& run) {
  std::vector<AppliedLimits> all;
  auto whole = applied({}, settings.limits, run.totals);
  if (!whole) return whole.error();
  all.push_back(std::move(*whole));
  for (const testing::SuiteTotals& suite : run.suites) {
    auto one = applied(suite.name, settings.suites.at(suite.name), suite.totals);
    if (!one) return one.error().within(suite.name);
    all.push_back(std::move(*one));
  }
  return all;
}

bool is_tolerated(const std::vector<AppliedLimits>& limits, const testing::TestCase& test) {
  bool tolerated = false;
  for (const AppliedLimits& limit : limits) {
    if (!limit.tolerates() || !covers(limit, test)) continue;
    if (!limit.kept()) return false;
    tolerated = true;
  }
  return tolerated;
}

bool is_one_flaky_too_many(const std::vector<AppliedLimits>& limits, const testing::TestCase& test) {
  return std::any_of(limits.begin(), limits.end(), [&](const AppliedLimits& limit) {
    return limit.flaky_exceeded() && covers(limit, test);
  });
}

}  // namespace gate::checks
