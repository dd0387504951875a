#include "gate/checks/slo_canary.h"

#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "gate/checks/slo_doubt.h"
#include "gate/load/canary_state_json.h"
#include "gate/slo/canary_wording.h"
#include "gate/slo/reasons.h"

namespace gate::checks {
namespace {

using policy::Evidence;
using policy::Finding;
using slo::CanaryDecision;
using slo::CanaryTest;
using slo::CanaryVerdict;

constexpr std::string_view kRule = "slo.canary";
constexpr std::uint64_t kLargestState = std::uint64_t{16} << 20U;

using slo::Arm;

// Samples of one arm that are taken for those that were judged before.
struct Past {
  std::uint64_t wanted = 0;  // how many there are to be, and their checksum
  std::uint64_t wanted_checksum = 0;
  std::uint64_t count = 0;
  std::uint64_t checksum = 0;

  [[nodiscard]] bool differs() const { return count > 0 && (count != wanted || checksum != wanted_checksum); }
};

// What was seen besides what was judged.
struct Seen {
  std::uint64_t without_track = 0;
  slo::PerArm<Past> past;

  [[nodiscard]] std::uint64_t judged_before() const { return past.baseline.count + past.canary.count; }
};

Seen start_of(const slo::CanaryState& state) {
  Seen seen;
  const slo::PerArm<std::uint64_t> taken = samples_taken(state);
  for (const Arm arm : {Arm::baseline, Arm::canary}) seen.past[arm] = {taken[arm], state.checksum[arm], 0, 0};
  return seen;
}

// Whether it is one of those that were judged before; counts it then.
bool take_past(const slo::Sample& sample, Timestamp newest, Seen& seen) {
  Past& past = seen.past[sample.track == slo::Track::canary ? Arm::canary : Arm::baseline];
  if (sample.at > newest || past.count == past.wanted) return false;
  ++past.count;
  past.checksum += slo::sample_hash(sample);
  return true;
}

Result<Seen> feed(SampleStream& samples, slo::CanaryJudge& judge) {
  const Timestamp newest = judge.state().newest;
  Seen seen = start_of(judge.state());
  for (;;) {
    const auto some = samples.next();
    if (!some) return some.error();
    if (some->empty()) return seen;
    for (const slo::Sample& sample : *some) {
      if (sample.track == slo::Track::none) {
        ++seen.without_track;
      } else if (!take_past(sample, newest, seen)) {
        judge.add(sample);
      }
    }
  }
}

std::string_view name_of(CanaryTest::Outcome outcome) {
  switch (outcome) {
    case CanaryTest::Outcome::open: return "open";
    case CanaryTest::Outcome::bad: return "bad";
    case CanaryTest::Outcome::safe: return "safe";
  }
  return "?";
}

// Evidence to four digits after the point: more mean nothing.
double rounded(double log10) {
  return std::round(log10 * 1e4) / 1e4;
}

Value test_row(const CanaryTest& test) {
  return Value::object({{"name", test.name},
                        {"outcome", name_of(test.outcome)},
                        {"log10_e", rounded(test.log10_e)},
                        {"log10_safe", test.log10_safe ? Value{rounded(*test.log10_safe)} : Value{}},
                        {"alpha", test.alpha},
                        {"message", test.message}});
}

Value arm_row(const slo::ArmCounts& counts) {
  return Value::object(
      {{"requests", counts.requests}, {"bad", counts.bad}, {"failing_clients", counts.failing_clients}});
}

Value events_row(const slo::EventCounts& events) {
  return Value::object({{"name", events.name},
                        {"baseline", arm_row(events.arms.baseline)},
                        {"canary", arm_row(events.arms.canary)}});
}

Value decided_row(const std::optional<slo::DecidedAt>& decided) {
  if (!decided) return {};
  return Value::object({{"at", to_string(decided->at)},
                        {"requests", decided->requests},
                        {"canary_requests", decided->canary_requests}});
}

Value result_of(const CanaryVerdict& verdict, const slo::CanaryJudge& judge, const Seen& seen) {
  Value result = Value::object({{"verdict", slo::name_of(verdict.decision)},
                                {"why", verdict.why},
                                {"decided", decided_row(verdict.decided)},
                                {"alpha", judge.settings().alpha},
                                {"design_effect", verdict.design_effect},
                                {"clients_known", verdict.clients_known}});
  Value tests = Value::array();
  for (const CanaryTest& test : verdict.tests) tests.push(test_row(test));
  result.set("tests", std::move(tests));
  Value events = Value::array();
  for (const slo::EventCounts& counts : verdict.counts) events.push(events_row(counts));
  result.set("events", std::move(events));
  result.set("requests", Value::object({{"baseline", verdict.requests.baseline},
                                        {"canary", verdict.requests.canary},
                                        {"waiting", judge.state().block.size()},
                                        {"without_track", seen.without_track},
                                        {"judged_before", seen.judged_before()}}));
  return result;
}

// The test that failed the canary: other tests' findings are other findings.
std::string key_of(const CanaryVerdict& verdict) {
  for (const CanaryTest& test : verdict.tests) {
    if (test.outcome == CanaryTest::Outcome::bad) return test.name;
  }
  return "";
}

Finding undecided(const CanaryVerdict& verdict, const CanaryCheck& check, const Seen& seen) {
  std::string message = verdict.why;
  if (verdict.doubt->doubt == slo::Doubt::no_data && seen.without_track > 0) {
    message += fmt::format("; {} of no track", counted(seen.without_track, "sample"));
  }
  return policy::undecided(slo::rule_of(verdict.doubt->doubt), reason_of(verdict.doubt->doubt), check.subject,
                           std::move(message));
}

Finding finding_about(const CanaryVerdict& verdict, const CanaryCheck& check, const Seen& seen) {
  switch (verdict.decision) {
    case CanaryDecision::passed: return policy::note(std::string{kRule}, check.subject, verdict.why);
    case CanaryDecision::undecided: return undecided(verdict, check, seen);
    case CanaryDecision::failed: break;
  }
  Finding finding =
      policy::violation(std::string{kRule}, policy::Severity::error, check.subject, verdict.why);
  finding.key = key_of(verdict);
  return finding;
}

// Samples that were passed over and are not what was judged: of another file, or come late.
void add_doubt_of_past(const Seen& seen, const CanaryCheck& check, Evidence& evidence) {
  std::uint64_t others = 0;
  for (const Arm arm : {Arm::baseline, Arm::canary}) {
    if (seen.past[arm].differs()) others += seen.past[arm].count;
  }
  if (others == 0) return;
  evidence.findings.push_back(policy::undecided(
      "slo.inconclusive", policy::Reason::inconclusive, check.subject,
      fmt::format("{} not newer than what was judged before and {} not the same: {} not judged",
                  others == 1 ? "1 sample is" : grouped(others) + " samples are", others == 1 ? "is" : "are",
                  others == 1 ? "it was" : "they were")));
}

// A canary that failed by a share that is not its own.
void add_doubt_of_failure(const CanaryVerdict& verdict, const CanaryCheck& check,
                          const slo::CanaryJudge& judge, Evidence& evidence) {
  if (verdict.decision != CanaryDecision::failed) return;
  const auto other = slo::other_share(verdict.requests, judge.settings().share);
  if (!other) return;
  evidence.findings.push_back(
      policy::undecided(slo::rule_of(other->doubt), reason_of(other->doubt), check.subject, other->message));
}

}  // namespace

Result<slo::CanaryJudge> open_canary(const slo::CanarySettings& settings,
                                     const std::optional<std::string>& state, const ports::Files& files) {
  if (!state || files.status(*state).kind == ports::FileKind::missing)
    return slo::CanaryJudge::make(settings);
  const auto text = files.read(*state, kLargestState);
  if (!text) return text.error();
  auto judge = load::resume_canary(*text, settings);
  if (!judge) return judge.error().within(*state);
  return judge;
}

Status save_canary(const slo::CanaryJudge& judge, const std::string& state, const ports::Files& files) {
  return files.write(state, to_json(saved_value(judge.settings(), judge.state())) + "\n");
}

Result<Evidence> check_canary(SampleStream& samples, const CanaryCheck& check, slo::CanaryJudge& judge) {
  const auto seen = feed(samples, judge);
  if (!seen) return seen.error();
  if (!check.more_to_come) judge.close();
  const CanaryVerdict verdict = judge.verdict();
  Evidence evidence;
  policy::count(evidence, "requests", verdict.requests.baseline + verdict.requests.canary);
  evidence.findings.push_back(finding_about(verdict, check, *seen));
  add_doubt_of_past(*seen, check, evidence);
  add_doubt_of_failure(verdict, check, judge, evidence);
  evidence.results.set("canary", result_of(verdict, judge, *seen));
  return evidence;
}

}  // namespace gate::checks
