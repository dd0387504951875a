#include "gate/checks/test_reports.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "gate/base/hash.h"
#include "gate/base/parallel.h"
#include "gate/load/test_reports.h"
#include "gate/testing/attempts.h"

namespace gate::checks {
namespace {

// Reports read before what they hold is taken off the limits: bounds the memory of one round.
constexpr std::size_t kRound = 64;

// A stream that never ends must not hold up a release. The largest heap of reports heard of is 6.3 GB.
constexpr std::uint64_t kLongestReport = std::uint64_t{8} << 30U;

Result<TestReport> read_one(const std::string& path, const testing::TallyLimits& limits,
                            const ports::Files& files) {
  auto stream = files.open(path);
  if (!stream) return stream.error();
  Sha256 hash;
  load::TestReportReader reader{limits};
  TestReport report;
  report.path = path;
  for (;;) {
    const auto chunk = (*stream)->next();
    if (!chunk) return chunk.error();
    if (chunk->empty() || report.bytes > kLongestReport) break;
    report.bytes += chunk->size();
    hash.update(*chunk);
    reader.feed(*chunk);
  }
  report.sha256 = hash.hex();
  load::ReadReport read = reader.finish();
  report.format = read.format;
  report.other_document = read.other_document;
  report.counted = std::move(read.counted);
  if (report.bytes > kLongestReport && !report.counted.fault) {
    report.counted.fault = testing::Fault{"longer than 8 GiB: not read to its end", 0, 0};
  }
  return report;
}

// Of the tests that passed in the last of several attempts, over all reports: 8 MB.
constexpr std::size_t kPassedIds = 1'000'000;

// The reports that have earlier attempts beside them.
std::set<std::string> reports_tried_before(const std::vector<std::string>& paths) {
  std::set<std::string> last;
  for (const std::string& path : paths) {
    if (auto report = testing::report_of_attempt(path)) last.insert(std::move(*report));
  }
  return last;
}

void take(std::size_t& budget, std::size_t used) {
  budget -= std::min(budget, used);
}

void take_off(testing::TallyLimits& limits, const testing::CountedReport& counted) {
  take(limits.passed_ids, counted.passed_ids.size());
  for (const testing::TestCase& test : counted.cases) {
    if (test.outcome != testing::Outcome::passed)
      take(is_failure(test.outcome) ? limits.failures : limits.others, 1);
    take(limits.text, text_size(test));
    take(limits.details, details_size(test));
  }
}

// The limits of one report out of `count` that are read at once.
testing::TallyLimits share_of(const testing::TallyLimits& limits, std::size_t count) {
  constexpr std::size_t kLeastText = std::size_t{256} * 1024;
  constexpr std::size_t kLeastDetails = std::size_t{64} * 1024;
  testing::TallyLimits share = limits;
  share.passed_ids = limits.passed_ids / count;
  if (count == 1) return share;
  share.text = std::min(limits.text, std::max(limits.text / count, kLeastText));
  share.details = std::min(limits.details, std::max(limits.details / count, kLeastDetails));
  return share;
}

// Within a round every report may keep as many tests as are left; the surplus is dropped here.
void fit(testing::CountedReport& counted, const testing::TallyLimits& limits) {
  if (limits.all_cases) return;
  std::size_t failures = limits.failures;
  std::size_t others = limits.others;
  const auto surplus = [&](const testing::TestCase& test) {
    std::size_t& left = is_failure(test.outcome) ? failures : others;
    if (left == 0) return true;
    --left;
    return false;
  };
  const auto end = std::remove_if(counted.cases.begin(), counted.cases.end(), surplus);
  counted.omitted_cases += static_cast<std::uint64_t>(counted.cases.end() - end);
  counted.cases.erase(end, counted.cases.end());
}

}  // namespace

Result<std::vector<TestReport>> read_test_reports(const std::vector<std::string>& paths,
                                                  testing::TallyLimits limits, const ports::Files& files,
                                                  std::size_t jobs) {
  std::vector<TestReport> reports;
  const std::set<std::string> tried = reports_tried_before(paths);
  limits.passed_ids = tried.empty() ? 0 : kPassedIds;
  for (std::size_t from = 0; from < paths.size(); from += kRound) {
    const std::size_t count = std::min(kRound, paths.size() - from);
    const testing::TallyLimits share = share_of(limits, count);
    std::vector<std::optional<Result<TestReport>>> round(count);
    parallel_for(count, jobs, [&](std::size_t i) {
      testing::TallyLimits own = share;
      if (tried.count(paths[from + i]) == 0) own.passed_ids = 0;
      round[i] = read_one(paths[from + i], own, files);
    });
    for (std::optional<Result<TestReport>>& read : round) {
      if (!*read) return read->error();
      fit((*read)->counted, limits);
      take_off(limits, (*read)->counted);
      reports.push_back(std::move(**read));
    }
  }
  return reports;
}

void fold_attempts(std::vector<TestReport>& reports, const std::vector<std::string>& suites) {
  std::map<std::string, std::size_t> by_path;
  for (std::size_t i = 0; i < reports.size(); ++i) by_path.emplace(reports[i].path, i);
  for (auto attempt = reports.rbegin(); attempt != reports.rend(); ++attempt) {
    const auto path = testing::report_of_attempt(attempt->path);
    const auto last = path ? by_path.find(*path) : by_path.end();
    if (last == by_path.end()) continue;
    attempt->is_attempt = true;
    testing::fold_attempt(reports[last->second].counted, attempt->counted, suites);
  }
}

}  // namespace gate::checks
