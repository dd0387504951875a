#include "gate/load/suite_counts.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/load/report_text.h"

namespace gate::load {
namespace {

using testing::Outcome;
using testing::Weight;

// A count as an attribute gives it; nullopt where it is none or beyond belief.
std::optional<std::uint64_t> count_of(std::string_view text) {
  std::uint64_t count = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), count);
  constexpr std::uint64_t kMost = 1'000'000'000;
  if (problem != std::errc{} || stop != text.data() + text.size() || count > kMost) return std::nullopt;
  return count;
}

}  // namespace

void SuiteCounts::enter(const XmlAttributes& attributes, bool wrapper, std::size_t line) {
  Suite suite;
  suite.parent_path = path_.size();
  suite.line = line;
  std::string own;
  assign_name(own, attributes["name"]);
  if (!own.empty()) {
    if (suites_.size() <= 1) tally_.enter_top_suite(own, suites_.size());
    if (!wrapper && path_.size() + own.size() < kMaxName) path_ += (path_.empty() ? "" : "/") + own;
  }
  read_attributes(suite, attributes);
  suite.filed = !suite.file.empty() ? suites_.size() + 1 : suites_.empty() ? 0 : suites_.back().filed;
  suites_.push_back(std::move(suite));
}

void SuiteCounts::read_attributes(Suite& suite, const XmlAttributes& attributes) {
  std::string_view time;
  std::string_view timestamp;
  attributes.each([&](std::string_view key, std::string_view value) {
    if (key == "tests") suite.tests = count_of(value);
    if (key == "failures") suite.failures = count_of(value);
    if (key == "errors") suite.errors = count_of(value);
    if (key == "skipped" || key == "skip" || key == "skips") suite.skipped = count_of(value);
    if (key == "disabled") suite.disabled = count_of(value);
    if (key == "file") assign_name(suite.file, value);
    if (key == "time") time = value;
    if (key == "timestamp") timestamp = value;
  });
  time_suite(time, timestamp);
}

// Only the root's and the top-level suites' times tell how long one waited.
void SuiteCounts::time_suite(std::string_view time, std::string_view timestamp) {
  if (suites_.size() > 1) return;
  const auto took = parse_seconds(time).duration;
  const auto started = parse_report_moment(timestamp);
  if (started && started->zoned) zoned_start_ = std::min(zoned_start_.value_or(started->at), started->at);
  if (suites_.empty()) {
    longest_root_ = took.value_or(testing::Duration{0});
    return;
  }
  sum_of_suites_ = testing::saturating_sum(sum_of_suites_, took.value_or(testing::Duration{0}));
  if (!took || !started) {
    all_timed_ = false;
    return;
  }
  const Timestamp end = started->at + std::chrono::duration_cast<std::chrono::milliseconds>(*took);
  first_start_ = std::min(first_start_.value_or(started->at), started->at);
  last_end_ = std::max(last_end_.value_or(end), end);
}

void SuiteCounts::add(Outcome outcome) {
  if (suites_.empty()) return;
  Suite& suite = suites_.back();
  ++suite.direct;
  ++suite.below;
  if (testing::is_failure(outcome) || outcome == Outcome::xfailed) ++suite.not_good;
  if (outcome == Outcome::flaky) ++suite.flaky;
}

const std::string& SuiteCounts::file() const {
  static const std::string kNone;
  const std::size_t filed = suites_.empty() ? 0 : suites_.back().filed;
  return filed == 0 ? kNone : suites_[filed - 1].file;
}

void SuiteCounts::leave() {
  Suite suite = std::move(suites_.back());
  suites_.pop_back();
  compare(suite);
  suite.claimed += claim(suite);
  path_.resize(suite.parent_path);
  if (suites_.size() <= 1) tally_.leave_top_suite(suites_.size());
  if (suites_.empty()) return;
  suites_.back().below += suite.below;
  suites_.back().not_good += suite.not_good;
  suites_.back().flaky += suite.flaky;
  suites_.back().claimed += suite.claimed;
}

void SuiteCounts::compare(const Suite& suite) {
  if (suite.below == 0) return;
  if (suite.tests && *suite.tests != suite.below && *suite.tests != suite.direct) {
    tally_.remark({"tests.count_mismatch", Weight::note, path_,
                   fmt::format("the suite's attributes say {}, it holds {}: the elements are counted",
                               counted(*suite.tests, "test"), counted(suite.below, "test")),
                   suite.line, 0});
  }
  const std::uint64_t claimed = suite.failures.value_or(0) + suite.errors.value_or(0);
  if (claimed > 0 && suite.not_good == 0) {
    tally_.remark({"tests.claimed_failures", suite.flaky > 0 ? Weight::warning : Weight::error, path_,
                   fmt::format("the suite's attributes tell of {}, none of its tests shows one",
                               counted(claimed, "failure")),
                   suite.line, 0});
  }
}

// The counts of a suite that lists nothing; returns how many tests they tell of.
std::uint64_t SuiteCounts::claim(const Suite& suite) {
  const std::uint64_t tests = suite.tests.value_or(0);
  if (tests == 0 || suite.below > 0 || suite.claimed > 0) return 0;
  testing::Claim claim;
  claim.suite = path_;
  claim.line = suite.line;
  std::uint64_t left = tests;
  const auto take = [&](Outcome outcome, std::optional<std::uint64_t> claimed) {
    const std::uint64_t taken = std::min(left, claimed.value_or(0));
    testing::add(claim.totals, outcome, taken);
    left -= taken;
  };
  take(Outcome::errored, suite.errors);
  take(Outcome::failed, suite.failures);
  take(Outcome::skipped, suite.skipped);
  take(Outcome::disabled, suite.disabled);
  testing::add(claim.totals, Outcome::passed, left);
  tally_.add_claim(std::move(claim));
  return tests;
}

void SuiteCounts::finish() {
  if (zoned_start_) tally_.set_started(*zoned_start_);
  const testing::Duration span =
      all_timed_ && first_start_ ? *last_end_ - *first_start_ : testing::Duration{0};
  testing::Duration wall = longest_root_;
  if (wall.count() == 0) wall = span;
  if (wall.count() == 0) wall = sum_of_suites_;
  if (wall.count() > 0) tally_.set_wall(wall);
}

}  // namespace gate::load
