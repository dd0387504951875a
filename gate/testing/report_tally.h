#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/time.h"
#include "gate/testing/test_case.h"
#include "gate/testing/totals.h"

namespace gate::testing {

enum class Weight { note, warning, error };

// Something about a report that is no test: a count that does not fit, a replaced character.
struct Remark {
  std::string rule;  // "tests.count_mismatch"
  Weight weight = Weight::note;
  std::string subject;  // a suite's path; empty: the report
  std::string text;
  std::size_t line = 0;
  std::uint64_t more = 0;  // further ones of the same rule, counted only

  bool operator==(const Remark&) const = default;
};

// Why a report could not be read to its end. The tests before it stand.
struct Fault {
  std::string text;
  std::size_t line = 0;    // from 1; 0: unknown
  std::size_t column = 0;  // from 1, in code points; 0: unknown

  bool operator==(const Fault&) const = default;
};

// A suite without test cases, of which only its own attributes tell.
struct Claim {
  std::string suite;
  Totals totals;
  std::size_t line = 0;

  bool operator==(const Claim&) const = default;
};

// An order-free digest of tests: equal for two reports that hold the same tests with the same
// outcomes and times, and additive, so an aggregate's equals the sum of its parts'.
struct Digest {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  bool operator==(const Digest&) const = default;
};
Digest digest_of(const TestCase& test);
Digest operator+(const Digest& a, const Digest& b);

// Of suite, class and name.
std::uint64_t id_hash_of(const TestCase& test);

// What one report holds.
struct CountedReport {
  Totals totals;               // claims included
  std::vector<Totals> suites;  // by TallyLimits::suites
  std::vector<TestCase> cases;
  std::uint64_t omitted_cases = 0;  // not plainly passed, beyond the limits
  std::vector<Claim> claims;
  std::vector<Remark> remarks;
  std::optional<Fault> fault;                                    // the first
  std::map<std::string, std::uint64_t, std::less<>> top_suites;  // name to tests that count in a pass rate
  std::optional<Duration> wall;
  std::optional<Timestamp> started_at;
  Digest digest;
  std::vector<std::uint64_t> passed_ids;  // id_hash_of what plainly passed, as far as it is kept

  bool operator==(const CountedReport&) const = default;
};

// What is kept of a report. Counting has no limits; memory does.
struct TallyLimits {
  bool all_cases = false;           // keep what plainly passed too
  std::vector<std::string> suites;  // globs that are counted apart
  std::size_t failures = 5'000;     // tests kept that count as failures
  std::size_t others = 5'000;       // tests kept that neither failed nor plainly passed
  std::size_t text = 16U << 20U;    // bytes kept of names and messages over all tests
  std::size_t details = 4U << 20U;  // bytes kept of details over all tests
  std::size_t passed_ids = 0;       // tests of which passed_ids are kept

  bool operator==(const TallyLimits&) const = default;
};

// Bytes a test takes of TallyLimits::text and ::details.
std::size_t text_size(const TestCase& test);
std::size_t details_size(const TestCase& test);

// What a report parser fills. Holds no more than its limits allow, whatever the report's size.
class ReportTally {
 public:
  explicit ReportTally(TallyLimits limits);

  // One complete test. Copied only where it is kept, so a parser can reuse one TestCase.
  void add(const TestCase& test);

  // A suite that lists no test but claims counts.
  void add_claim(Claim claim);

  // The tests added from here on stand in the suite of that name: the document's root at level 0, a
  // suite directly below it at level 1.
  void enter_top_suite(std::string_view name, std::size_t level);
  void leave_top_suite(std::size_t level) { top_suites_[level] = nullptr; }

  // Kept where it is one of the first few of its rule, else counted.
  void remark(Remark remark);

  // The first one counts.
  void fail(Fault fault);

  void set_wall(Duration wall) { counted_.wall = wall; }
  void set_started(Timestamp at) { counted_.started_at = at; }

  [[nodiscard]] bool keeps_passed() const { return limits_.all_cases; }
  [[nodiscard]] const Totals& totals() const { return counted_.totals; }
  [[nodiscard]] const std::optional<Fault>& fault() const { return counted_.fault; }

  // Ends the tally.
  [[nodiscard]] CountedReport take() { return std::move(counted_); }

 private:
  void keep(const TestCase& test);
  void keep_details(TestCase& kept);
  void count_suites(const TestCase& test);

  TallyLimits limits_;
  CountedReport counted_;
  std::size_t kept_failures_ = 0;
  std::size_t kept_others_ = 0;
  std::size_t kept_text_ = 0;
  std::size_t kept_details_ = 0;
  std::map<std::string, std::size_t> remarks_of_rule_;
  std::array<std::uint64_t*, 2> top_suites_{};
  std::string covered_suite_;  // the suite and class `covered_by_` was worked out for
  std::string covered_class_;
  std::vector<std::size_t> covered_by_;
  bool covered_known_ = false;
};

}  // namespace gate::testing
