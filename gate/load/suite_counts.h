#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gate/base/time.h"
#include "gate/load/report_time.h"
#include "gate/load/xml.h"
#include "gate/testing/report_tally.h"

namespace gate::load {

// Follows a report's nested suites: the path of names, what each suite's attributes claim, and what
// its elements really hold. Tells the tally where the two disagree, and how long the report took.
class SuiteCounts {
 public:
  explicit SuiteCounts(testing::ReportTally& tally) : tally_(tally) {}

  // Enters a suite named by its `name` attribute; a wrapper's name (<testsuites>) is no part of the
  // path. `line`: where it stands.
  void enter(const XmlAttributes& attributes, bool wrapper, std::size_t line);
  void leave();

  // A test was counted in the innermost suite.
  void add(testing::Outcome outcome);

  [[nodiscard]] const std::string& path() const { return path_; }
  // The file attribute of the innermost suite that has one.
  [[nodiscard]] const std::string& file() const;
  [[nodiscard]] bool empty() const { return suites_.empty(); }

  // The end of the report.
  void finish();

 private:
  struct Suite {
    std::size_t parent_path = 0;  // length of the path without this suite
    std::size_t line = 0;
    std::size_t filed = 0;  // suites up to the innermost one with a file; 0: none
    std::optional<std::uint64_t> tests, failures, errors, skipped, disabled;  // as claimed
    std::uint64_t direct = 0;                                                 // tests of its own
    std::uint64_t below = 0;                                                  // and of every suite in it
    std::uint64_t not_good = 0;  // of those, failures and expected failures
    std::uint64_t flaky = 0;     // and those that passed on a retry
    std::uint64_t claimed = 0;   // tests that only attributes of suites in it tell of
    std::string file;
  };
  void read_attributes(Suite& suite, const XmlAttributes& attributes);
  void time_suite(std::string_view time, std::string_view timestamp);
  void compare(const Suite& suite);
  std::uint64_t claim(const Suite& suite);

  testing::ReportTally& tally_;
  std::vector<Suite> suites_;
  std::string path_;
  testing::Duration longest_root_{0};     // <testsuites time="…">
  testing::Duration sum_of_suites_{0};    // top-level suites one after another
  std::optional<Timestamp> first_start_;  // of the top-level suites, where all say
  std::optional<Timestamp> last_end_;
  std::optional<Timestamp> zoned_start_;
  bool all_timed_ = true;
};

}  // namespace gate::load
