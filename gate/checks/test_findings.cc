#include "gate/checks/test_findings.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/testing/suites.h"

namespace gate::checks {
namespace {

using policy::Finding;
using policy::Severity;
using testing::Outcome;

Finding at(Finding finding, std::string file, std::size_t line, std::size_t column = 0) {
  finding.location = policy::Location{std::move(file), line, column, {}};
  return finding;
}

Finding finding_of(const testing::Remark& remark, const TestReport& report) {
  const std::string& subject = remark.subject.empty() ? report.path : remark.subject;
  std::string message = remark.text;
  if (remark.more > 0) message += fmt::format(" (and {} more of the kind)", grouped(remark.more));
  Finding found =
      remark.weight == testing::Weight::note
          ? policy::note(remark.rule, subject, std::move(message))
          : policy::violation(remark.rule,
                              remark.weight == testing::Weight::error ? Severity::error : Severity::warning,
                              subject, std::move(message));
  found.key = report.path;
  return at(std::move(found), report.path, remark.line);
}

Finding malformed(const TestReport& report, const testing::Fault& fault) {
  const std::uint64_t whole = report.counted.totals.total();
  const std::string salvaged =
      whole == 0 ? "" : fmt::format("; {} before it counted", counted(whole, "test"));
  return at(policy::violation("tests.malformed_report", Severity::error, report.path, fault.text + salvaged),
            report.path, fault.line, fault.column);
}

Finding without_tests(const TestReport& report, bool allow_empty) {
  const char* text = "the report holds no test";
  return allow_empty ? policy::note("tests.empty_report", report.path, text)
                     : policy::violation("tests.empty_report", Severity::error, report.path, text);
}

Finding only_claimed(const TestReport& report) {
  testing::Totals totals;
  for (const testing::Claim& claim : report.counted.claims) testing::add(totals, claim.totals);
  return at(policy::violation("tests.counted_by_attributes", Severity::error, report.path,
                              fmt::format("{} only in the attributes of suites that list none",
                                          counted(totals.total(), "test stands", "tests stand"))),
            report.path, report.counted.claims.front().line);
}

std::string message_about(const testing::TestCase& test) {
  if (test.outcome == Outcome::not_run)
    return test.message.empty() ? "did not run" : "did not run: " + test.message;
  if (test.outcome != Outcome::flaky) return test.message;
  const std::size_t failures = test.attempts.empty() ? 1 : test.attempts.size() - 1;
  const std::string tries = fmt::format("passed after {}", counted(failures, "failed attempt"));
  return test.message.empty() ? tries : tries + ": " + test.message;
}

std::string over(std::string_view what, std::uint64_t count, std::uint64_t most) {
  return fmt::format("{} {}, at most {} allowed", grouped(count), what, grouped(most));
}

std::string subject_of(const AppliedLimits& limits, const std::string& subject) {
  return limits.suite.empty() ? subject : limits.suite;
}

}  // namespace

const std::string& SourceFiles::in_repository(const std::string& spelled) {
  const auto known = known_.find(spelled);
  if (known != known_.end()) return known->second;
  return known_.emplace(spelled, find(spelled)).first->second;
}

std::string SourceFiles::find(std::string_view spelled) const {
  std::string path = replace_all(spelled, "\\", "/");
  while (path.compare(0, 2, "./") == 0) path.erase(0, 2);
  const auto exists = [&](const std::string& candidate) {
    return files_.status(candidate).kind == ports::FileKind::regular;
  };
  if (path.empty() || path[0] != '/') {
    if (path.size() < 2 || path[1] != ':' || exists(path)) return path;
  }
  constexpr int kFolders = 40;
  std::size_t cut = path.find('/');
  for (int i = 0; i < kFolders && cut != std::string::npos; ++i, cut = path.find('/', cut + 1)) {
    if (std::string end = path.substr(cut + 1); !end.empty() && exists(end)) return end;
  }
  return path;
}

std::vector<Finding> find_report_faults(const std::vector<TestReport>& reports,
                                        const std::vector<bool>& named, bool allow_empty) {
  std::vector<Finding> found;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const TestReport& report = reports[i];
    const auto& fault = report.counted.fault;
    if (report.is_attempt) continue;  // the last attempt decides
    if (fault && report.other_document && !named[i]) {
      found.push_back(policy::note("tests.no_report", report.path, fault->text));
      continue;
    }
    if (fault) found.push_back(malformed(report, *fault));
    if (!fault && report.counted.totals.total() == 0) found.push_back(without_tests(report, allow_empty));
    if (!report.counted.claims.empty()) found.push_back(only_claimed(report));
    for (const testing::Remark& remark : report.counted.remarks) found.push_back(finding_of(remark, report));
  }
  return found;
}

std::vector<Finding> find_copied(const std::vector<TestReport>& reports,
                                 const std::vector<testing::Copy>& copies) {
  std::vector<Finding> found;
  for (const testing::Copy& copy : copies) {
    const TestReport& report = reports[copy.report];
    if (report.counted.totals.total() == 0 && !report.counted.fault) continue;
    const std::string why =
        copy.original ? fmt::format("the same bytes as {}: counted once", reports[*copy.original].path)
        : copy.folder.empty()
            ? std::string{"sums up the other reports: counted through them"}
            : fmt::format("sums up the other reports in {}: counted through them", copy.folder);
    found.push_back(policy::violation("tests.duplicate_report", Severity::warning, report.path, why));
  }
  return found;
}

std::vector<Finding> find_missing_parts(const std::vector<std::string>& names, const testing::Parts& parts) {
  std::vector<Finding> found;
  for (const testing::Ambiguity& ambiguity : parts.ambiguities) {
    found.push_back(policy::violation(
        "tests.ambiguous_part", Severity::error, ambiguity.path,
        "the path names several expected parts, so it delivers none: " + join(ambiguity.parts, ", ")));
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (parts.states[i] == testing::PartState::delivered) continue;
    found.push_back(policy::violation("tests.missing_part", Severity::error, names[i],
                                      parts.states[i] == testing::PartState::missing
                                          ? "this part is expected and no report delivers it"
                                          : "this part is expected and its reports hold no test that ran"));
  }
  return found;
}

std::vector<Finding> find_zero_tests(const std::vector<AppliedLimits>& limits, const std::string& subject,
                                     bool allow_empty) {
  std::vector<Finding> found;
  for (const AppliedLimits& limit : limits) {
    if (limit.totals.decisive() > 0) continue;
    const std::string why = limit.totals.total() == 0
                                ? std::string{"no test was found"}
                                : fmt::format("none of {} ran", counted(limit.totals.total(), "test"));
    found.push_back(allow_empty
                        ? policy::note("tests.zero", subject_of(limit, subject), why)
                        : policy::violation("tests.zero", Severity::error, subject_of(limit, subject), why));
  }
  return found;
}

std::vector<Finding> find_lost_tests(const testing::Totals& totals, const testing::Totals& baseline,
                                     std::uint64_t allowed, const std::string& subject) {
  std::vector<Finding> found;
  const auto compare = [&](const char* what, std::uint64_t now, std::uint64_t before, Severity severity) {
    if (now >= before || before - now <= allowed) return;
    found.push_back(
        policy::violation("tests.below_baseline", severity, subject,
                          fmt::format("lost {} of {} {} since the baseline, at most {} allowed",
                                      grouped(before - now), grouped(before), what, grouped(allowed))));
    found.back().key = what;
  };
  compare("tests", totals.total(), baseline.total(), Severity::error);
  if (found.empty()) compare("tests that ran", totals.decisive(), baseline.decisive(), Severity::warning);
  return found;
}

std::vector<Finding> find_over_limits(const std::vector<AppliedLimits>& limits, const std::string& subject) {
  std::vector<Finding> found;
  for (const AppliedLimits& limit : limits) {
    const std::string about = subject_of(limit, subject);
    if (limit.skipped_exceeded()) {
      found.push_back(
          policy::violation("tests.max_skipped", Severity::error, about,
                            over("skipped", limit.totals[Outcome::skipped], *limit.limits.max_skipped)));
    }
    if (limit.failures_exceeded()) {
      found.push_back(
          policy::note("tests.max_failed", about,
                       over("failed", limit.totals.failures(), *limit.limits.max_failed) + ": each counts"));
    }
    if (limit.pass_rate_missed()) {
      found.push_back(policy::note(
          "tests.pass_rate", about,
          fmt::format("{}% passed, at least {}% asked: each failure counts",
                      testing::pass_rate(limit.totals).value_or("0.00"), *limit.limits.min_pass_rate)));
    }
    if (limit.flaky_exceeded()) {
      found.push_back(policy::note(
          "tests.max_flaky", about,
          over("flaky", limit.totals[Outcome::flaky], *limit.limits.max_flaky) + ": each counts"));
    }
  }
  return found;
}

Finding finding_about(const testing::TestCase& test, const std::vector<AppliedLimits>& limits,
                      SourceFiles& sources) {
  const bool flaky = test.outcome == Outcome::flaky;
  const bool counts = flaky ? is_one_flaky_too_many(limits, test) : !is_tolerated(limits, test);
  Finding found = policy::violation(fmt::format("tests.{}", name_of(test.outcome)),
                                    counts ? Severity::error : Severity::warning, testing::test_id(test),
                                    message_about(test));
  if (test.file.empty()) return found;
  return at(std::move(found), sources.in_repository(test.file), test.line);
}

Finding finding_about(const testing::Claim& claim, const std::string& report,
                      const std::vector<AppliedLimits>& limits) {
  testing::TestCase stand_in;
  stand_in.suite = claim.suite;
  stand_in.outcome = claim.totals[Outcome::failed] > 0 ? Outcome::failed : Outcome::errored;
  Finding found =
      policy::violation(fmt::format("tests.{}", name_of(stand_in.outcome)),
                        is_tolerated(limits, stand_in) ? Severity::warning : Severity::error,
                        claim.suite.empty() ? report : claim.suite,
                        fmt::format("{} of {} failed, by the suite's attributes; it lists none",
                                    claim.totals.failures(), counted(claim.totals.total(), "test")));
  return at(std::move(found), report, claim.line);
}

}  // namespace gate::checks
