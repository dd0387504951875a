#include "gate/testing/report_tally.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "gate/testing/suites.h"

namespace gate::testing {
namespace {

constexpr std::size_t kRemarksOfARule = 3;
constexpr std::size_t kTopSuites = 10'000;
constexpr std::size_t kClaims = 1'000;

std::uint64_t mixed(std::uint64_t value) {
  value ^= value >> 31U;
  value *= 0x9E3779B97F4A7C15U;
  value ^= value >> 29U;
  return value;
}

}  // namespace

Digest digest_of(const TestCase& test) {
  const std::hash<std::string_view> hash;
  const std::uint64_t class_name = hash(test.class_name);
  const std::uint64_t name = hash(test.name);
  const auto ending = static_cast<std::uint64_t>(test.outcome) +
                      static_cast<std::uint64_t>(test.duration.value_or(Duration{-1}).count()) * kOutcomes;
  return Digest{mixed(class_name + mixed(name + mixed(ending))), mixed(name ^ mixed(class_name ^ ~ending))};
}

std::uint64_t id_hash_of(const TestCase& test) {
  const std::hash<std::string_view> hash;
  return mixed(hash(test.suite) + mixed(hash(test.class_name) + mixed(hash(test.name))));
}

Digest operator+(const Digest& a, const Digest& b) {
  return Digest{a.low + b.low, a.high + b.high};
}

ReportTally::ReportTally(TallyLimits limits) : limits_(std::move(limits)) {
  counted_.suites.resize(limits_.suites.size());
}

void ReportTally::add(const TestCase& test) {
  testing::add(counted_.totals, test);
  counted_.digest = counted_.digest + digest_of(test);
  const bool decisive =
      is_failure(test.outcome) || test.outcome == Outcome::passed || test.outcome == Outcome::flaky;
  for (std::uint64_t* top_suite : top_suites_) {
    if (top_suite != nullptr && decisive) ++*top_suite;
  }
  if (!limits_.suites.empty()) count_suites(test);
  if (test.outcome == Outcome::passed && counted_.passed_ids.size() < limits_.passed_ids)
    counted_.passed_ids.push_back(id_hash_of(test));
  if (test.outcome != Outcome::passed || limits_.all_cases) keep(test);
}

std::size_t text_size(const TestCase& test) {
  std::size_t size =
      test.suite.size() + test.class_name.size() + test.name.size() + test.file.size() + test.message.size();
  for (const Attempt& attempt : test.attempts) size += attempt.message.size();
  return size;
}

std::size_t details_size(const TestCase& test) {
  std::size_t size = test.details.size();
  for (const Attempt& attempt : test.attempts) size += attempt.details.size();
  return size;
}

void ReportTally::keep(const TestCase& test) {
  const bool plain = test.outcome == Outcome::passed;
  const bool failure = is_failure(test.outcome);
  std::size_t& kept = failure ? kept_failures_ : kept_others_;
  const std::size_t text = text_size(test);
  const bool full = kept >= (failure ? limits_.failures : limits_.others) || kept_text_ + text > limits_.text;
  if (full && !limits_.all_cases) {
    ++counted_.omitted_cases;
    return;
  }
  if (!plain) ++kept;
  kept_text_ += text;
  counted_.cases.push_back(test);
  keep_details(counted_.cases.back());
}

void ReportTally::keep_details(TestCase& kept) {
  const std::size_t details = details_size(kept);
  if (kept_details_ + details <= limits_.details) {
    kept_details_ += details;
    return;
  }
  kept.details.clear();
  for (Attempt& attempt : kept.attempts) attempt.details.clear();
  remark({"tests.capped_text", Weight::note, {}, "the details of further tests are left out", 0, 0});
}

void ReportTally::count_suites(const TestCase& test) {
  if (!covered_known_ || covered_suite_ != test.suite ||
      (test.suite.empty() && covered_class_ != test.class_name)) {
    covered_by_.clear();
    for (std::size_t i = 0; i < limits_.suites.size(); ++i) {
      if (covers(limits_.suites[i], test)) covered_by_.push_back(i);
    }
    covered_suite_ = test.suite;
    covered_class_ = test.class_name;
    covered_known_ = true;
  }
  for (const std::size_t i : covered_by_) testing::add(counted_.suites[i], test);
}

void ReportTally::add_claim(Claim claim) {
  testing::add(counted_.totals, claim.totals);
  TestCase stand_in;
  stand_in.suite = claim.suite;
  for (std::size_t i = 0; i < limits_.suites.size(); ++i) {
    if (covers(limits_.suites[i], stand_in)) testing::add(counted_.suites[i], claim.totals);
  }
  for (std::uint64_t* top_suite : top_suites_) {
    if (top_suite != nullptr) *top_suite += claim.totals.decisive();
  }
  if (counted_.claims.size() < kClaims) {
    counted_.claims.push_back(std::move(claim));
  } else {
    testing::add(counted_.claims.back().totals, claim.totals);
  }
}

void ReportTally::enter_top_suite(std::string_view name, std::size_t level) {
  if (name.empty()) {
    top_suites_[level] = nullptr;
    return;
  }
  const auto found = counted_.top_suites.find(name);
  if (found != counted_.top_suites.end()) {
    top_suites_[level] = &found->second;
  } else if (counted_.top_suites.size() < kTopSuites) {
    top_suites_[level] = &counted_.top_suites[std::string{name}];
  } else {
    top_suites_[level] = nullptr;
  }
}

void ReportTally::remark(Remark remark) {
  std::size_t& seen = remarks_of_rule_[remark.rule];
  if (seen < kRemarksOfARule) {
    ++seen;
    counted_.remarks.push_back(std::move(remark));
    return;
  }
  const auto last = std::find_if(counted_.remarks.rbegin(), counted_.remarks.rend(),
                                 [&](const Remark& r) { return r.rule == remark.rule; });
  last->more += 1 + remark.more;
  last->weight = std::max(last->weight, remark.weight);
}

void ReportTally::fail(Fault fault) {
  if (!counted_.fault) counted_.fault = std::move(fault);
}

}  // namespace gate::testing
