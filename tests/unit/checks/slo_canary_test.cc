#include "gate/checks/slo_canary.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/base/json_text.h"
#include "tests/support/fake_files.h"

namespace gate::checks {
namespace {

using policy::FindingKind;
using policy::Reason;
using ::testing::HasSubstr;

// One request every 10 ms from `first` on; a bad one where `bad_every` divides its number.
std::string requests(int first, int count, int bad_every, std::string_view more = "") {
  std::string lines;
  for (int i = first; i < first + count; ++i) {
    const bool bad = bad_every > 0 && i % bad_every == 0;
    lines += fmt::format(R"({{"timestamp":{}.{:03},"latency_ms":5,"status":{},"client":"c{}"{}}})"
                         "\n",
                         1'795'150'800 + i / 100, i % 100 * 10, bad ? 500 : 200, i, more);
  }
  return lines;
}

struct Judged {
  policy::Evidence evidence;
  std::string state;
};

Judged judge_files(const test::FakeFiles& files, const std::optional<std::string>& state = std::nullopt,
                   const slo::CanarySettings& settings = {}) {
  auto control = SampleFiles::open({"control.jsonl"}, files, slo::Track::baseline);
  auto canary = SampleFiles::open({"canary.jsonl"}, files, slo::Track::canary);
  MergedSamples both{**control, **canary};
  auto judge = open_canary(settings, state, files);
  EXPECT_TRUE(judge) << judge.error().message;
  auto evidence = check_canary(both, {"checkout", state.has_value()}, *judge);
  EXPECT_TRUE(evidence);
  if (state) {
    EXPECT_TRUE(save_canary(*judge, *state, files));
  }
  return {std::move(*evidence), state ? files.content(*state) : ""};
}

TEST(CheckCanary, FailsTheWorseOneAndSaysByWhatNumbers) {
  const test::FakeFiles files{{"control.jsonl", requests(0, 4000, 100)},
                              {"canary.jsonl", requests(0, 4000, 5)}};
  const auto [evidence, state] = judge_files(files);
  ASSERT_EQ(evidence.findings.size(), 1U);
  const policy::Finding& finding = evidence.findings[0];
  EXPECT_EQ(finding.rule, "slo.canary");
  EXPECT_EQ(finding.kind, FindingKind::violation);
  EXPECT_EQ(finding.subject, "checkout");
  EXPECT_EQ(finding.key, "errors.worse");
  EXPECT_EQ(finding.message, "error rate 20.3 % > 1.56 % of the baseline (e = 145 after 64 canary requests)");
  const Value* canary = evidence.results.find("canary");
  ASSERT_NE(canary, nullptr);
  EXPECT_EQ(*canary->find("verdict"), Value{"failed"});
  EXPECT_EQ(*canary->find("clients_known"), Value{true});
  EXPECT_EQ(canary->find("tests")->as_array()->size(), 1U);
}

TEST(CheckCanary, PassesNothingForWantOfNumbers) {
  struct Row {
    const char* name;
    std::string control;
    std::string canary;
    Reason reason;
    const char* says;
  };
  const Row rows[] = {
      {"no canary", requests(0, 500, 0), "", Reason::no_data, "there are no canary requests"},
      {"no baseline", "", requests(0, 9000, 0), Reason::no_data, "there are no baseline requests"},
      {"few", requests(0, 500, 0), requests(0, 40, 0), Reason::low_traffic,
       "40 canary requests, fewer than 100"},
      {"of another day", requests(0, 9000, 0), requests(8'640'000, 9000, 0), Reason::inconclusive,
       "no requests at the same time"},
      {"like each other", requests(0, 500, 200), requests(0, 500, 200), Reason::inconclusive,
       "not decided after 500 canary requests: errors.worse"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const test::FakeFiles files{{"control.jsonl", row.control}, {"canary.jsonl", row.canary}};
    const auto judged = judge_files(files);
    ASSERT_EQ(judged.evidence.findings.size(), 1U);
    EXPECT_EQ(judged.evidence.findings[0].kind, FindingKind::undecided);
    EXPECT_EQ(judged.evidence.findings[0].reason, row.reason);
    EXPECT_THAT(judged.evidence.findings[0].message, HasSubstr(row.says));
  }
}

TEST(CheckCanary, SaysThatSamplesNameNoTrack) {
  const test::FakeFiles files{{"both.jsonl", requests(0, 500, 0)}};
  auto stream = SampleFiles::open({"both.jsonl"}, files);
  auto judge = slo::CanaryJudge::make({});
  const auto evidence = check_canary(**stream, {}, *judge);
  ASSERT_TRUE(evidence);
  EXPECT_EQ(evidence->findings[0].message, "there are no canary requests; 500 samples of no track");
}

TEST(CheckCanary, NotesWhatPassedIt) {
  const test::FakeFiles files{{"control.jsonl", requests(0, 20'000, 0)},
                              {"canary.jsonl", requests(0, 20'000, 0)}};
  const auto judged = judge_files(files);
  EXPECT_EQ(judged.evidence.findings[0].kind, FindingKind::note);
  EXPECT_EQ(judged.evidence.findings[0].rule, "slo.canary");
}

// A file that grows between runs is judged as if it had been read at once.
TEST(CheckCanary, GoesOnFromItsState) {
  slo::CanarySettings settings;
  settings.early_pass = false;
  test::FakeFiles files;
  std::string state;
  for (const int count : {333, 700, 1501}) {
    files.add("control.jsonl", requests(0, count, 40));
    files.add("canary.jsonl", requests(0, count, 40));
    state = judge_files(files, "canary.state", settings).state;
  }
  EXPECT_EQ(state, judge_files(files, "other.state", settings).state);
}

// What follows a first run over requests 0 to 999 of both sides, a bad one in forty.
struct SecondRun {
  const char* name;
  std::string control;
  std::string canary;
  std::uint64_t judged;  // requests of both sides, after it
  const char* doubt;     // empty: none
};

TEST(CheckCanary, PassesOverOnlyWhatItHasJudged) {
  const std::string before = requests(0, 1000, 40);
  const std::string late = requests(500, 64, 1);
  const SecondRun rows[] = {
      {"the same", before, before, 1984, ""},
      {"what is new", requests(1000, 64, 0), requests(1000, 64, 0), 2112, ""},
      {"a file of another host", requests(1, 500, 1), before, 1984,
       "500 samples are not newer than what was judged before and are not the same: they were not judged"},
      {"the same but one", before, requests(0, 999, 40) + requests(999, 1, 1), 1984,
       "1,000 samples are not newer than what was judged before and are not the same: they were not judged"},
      {"late lines", before, before + late, 2048, ""},
      {"one side is ahead", requests(0, 1064, 40), before, 2048, ""},
      {"an old line in front of what is new", requests(3, 1, 0) + requests(1000, 64, 0), "", 2048,
       "1 sample is not newer than what was judged before and is not the same: it was not judged"},
  };
  slo::CanarySettings settings;
  settings.early_pass = false;
  for (const SecondRun& row : rows) {
    SCOPED_TRACE(row.name);
    test::FakeFiles files{{"control.jsonl", before}, {"canary.jsonl", before}};
    judge_files(files, "canary.state", settings);
    files.add("control.jsonl", row.control);
    files.add("canary.jsonl", row.canary);
    const auto judged = judge_files(files, "canary.state", settings);
    EXPECT_EQ(judged.evidence.examined.at(0).count, row.judged);
    std::string doubt;
    for (const policy::Finding& finding : judged.evidence.findings) {
      if (finding.message.find("judged before") != std::string::npos) doubt = finding.message;
    }
    EXPECT_EQ(doubt, row.doubt);
  }
}

TEST(OpenCanary, RefusesAStateThatIsNotItsOwn) {
  test::FakeFiles files{{"cut.state", R"({"release_gate_canary_state": 2, "sett)"}};
  const auto cut = open_canary({}, "cut.state", files);
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, ErrorCode::malformed);
  EXPECT_THAT(cut.error().message, HasSubstr("cut.state:1:"));

  const auto judge = open_canary({}, "new.state", files);
  ASSERT_TRUE(judge && save_canary(*judge, "new.state", files));
  slo::CanarySettings other;
  other.alpha = 0.05;
  EXPECT_THAT(open_canary(other, "new.state", files).error().message,
              HasSubstr("new.state: /settings/alpha: is 0.01 in the state, 0.05 is asked for"));
}

}  // namespace
}  // namespace gate::checks
