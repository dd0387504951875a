#include "gate/checks/samples_source.h"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/base/hash.h"
#include "gate/checks/sample_files.h"
#include "tests/support/fake_files.h"
#include "tests/support/gzip.h"

namespace gate::checks {
namespace {

using policy::FindingKind;
using slo::Track;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string line(int second, int status = 200, std::string_view more = "") {
  return fmt::format(R"({{"timestamp":{},"latency_ms":5,"status":{}{}}})"
                     "\n",
                     1'795'150'800 + second, status, more);
}

struct Read {
  std::vector<std::string> samples;  // "second track client"
  policy::Evidence evidence;
};

std::vector<std::string> drain(SampleStream& stream) {
  std::vector<std::string> rows;
  for (;;) {
    const auto samples = stream.next();
    if (!samples) {
      rows.push_back(samples.error().message);
      return rows;
    }
    if (samples->empty()) return rows;
    for (const slo::Sample& s : *samples) {
      const auto second = s.at.time_since_epoch() / std::chrono::seconds{1} - 1'795'150'800;
      rows.push_back(fmt::format("{}{} {}", second, s.track == Track::canary ? "c" : "", s.client));
    }
  }
}

Read read(const test::FakeFiles& files, const std::vector<std::string>& patterns) {
  auto stream = SampleFiles::open(patterns, files);
  if (!stream) return {{stream.error().message}, {}};
  auto rows = drain(**stream);
  return {std::move(rows), (*stream)->evidence()};
}

std::vector<std::string> findings(const policy::Evidence& evidence) {
  std::vector<std::string> lines;
  for (const policy::Finding& f : evidence.findings)
    lines.push_back(
        fmt::format("{} {}:{}:{}: {}", f.rule, f.subject, f.location.line, f.location.column, f.message));
  return lines;
}

TEST(SampleFiles, HandOnWhatFilesHoldInTheirOrder) {
  test::FakeFiles files{{"b.jsonl", line(1) + line(2)},
                        {"logs/a.csv", "timestamp,status,latency_ms\n1795150803,200,5\n"},
                        {"logs/b.jsonl.gz", test::gzipped(line(4, 200, R"(,"client":"x")"))},
                        {"logs/readme.txt", "not one of them"}};
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{7}, std::size_t{65'536}}) {
    files.set_chunk(chunk);
    const Read all = read(files, {"b.jsonl", "logs"});
    EXPECT_THAT(all.samples, ElementsAre("1 ", "2 ", "3 ", "4 x"));
    EXPECT_THAT(all.evidence.findings, IsEmpty());
    EXPECT_THAT(all.evidence.examined,
                ElementsAre(policy::Examined{"samples", 4}, policy::Examined{"files", 3}));
    ASSERT_THAT(all.evidence.inputs, SizeIs(3));
    EXPECT_EQ(all.evidence.inputs[0].sha256, sha256_hex(line(1) + line(2)));
  }
}

TEST(SampleFiles, FindWhatIsMalformed) {
  const test::FakeFiles files{{"a.jsonl", line(1) + line(2, 99) + line(3)}};
  const Read all = read(files, {"a.jsonl"});
  EXPECT_THAT(all.samples, ElementsAre("1 ", "3 "));
  EXPECT_THAT(
      findings(all.evidence),
      ElementsAre("slo.samples.malformed a.jsonl:2:49: status is 99, not 0 or a number from 100 to 599"));
  EXPECT_EQ(all.evidence.findings[0].kind, FindingKind::violation);
  EXPECT_EQ(all.evidence.findings[0].severity, policy::Severity::error);
}

TEST(SampleFiles, CountEveryMalformedLineAndKeepTheFirst) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "{}\n";
  const Read all = read(test::FakeFiles{{"a.jsonl", text}}, {"a.jsonl"});
  EXPECT_THAT(all.evidence.findings, SizeIs(20));
  EXPECT_EQ(all.evidence.omitted.errors, 30U);
}

TEST(SampleFiles, NoSampleIsNoData) {
  const test::FakeFiles files{{"empty.jsonl", ""}, {"header.csv", "timestamp,latency_ms,status\n"}};
  for (const std::string path : {"empty.jsonl", "header.csv"}) {
    const Read all = read(files, {path});
    ASSERT_THAT(all.evidence.findings, SizeIs(1));
    EXPECT_EQ(all.evidence.findings[0].rule, "slo.no_data");
    EXPECT_EQ(all.evidence.findings[0].reason, policy::Reason::no_data);
  }
  EXPECT_THAT(findings(read(files, {"*.log"}).evidence), ElementsAre(HasSubstr("inputs.no_match")));
  EXPECT_THAT(read(files, {"gone.jsonl"}).samples, ElementsAre(HasSubstr("gone.jsonl")));
}

TEST(SampleFiles, DamageIsAFindingAndAnUnreadableFileAnError) {
  std::string gzip = test::gzipped(line(1) + line(2));
  gzip.resize(gzip.size() - 4);
  test::FakeFiles files{{"cut.jsonl.gz", gzip}, {"a.jsonl", line(1)}};
  const Read cut = read(files, {"cut.jsonl.gz"});
  EXPECT_THAT(findings(cut.evidence), ElementsAre(HasSubstr("slo.samples.malformed cut.jsonl.gz")));
  files.fail_reading("a.jsonl", Error{ErrorCode::io, "a.jsonl: broken disk"});
  EXPECT_THAT(read(files, {"a.jsonl"}).samples, ElementsAre("a.jsonl: broken disk"));
}

TEST(SampleFiles, AGzipBombIsGivenUp) {
  const std::string zeros = test::gzipped(std::string(std::size_t{64} << 20U, '\0'));
  const Read bomb = read(test::FakeFiles{{"bomb.jsonl.gz", zeros}}, {"bomb.jsonl.gz"});
  EXPECT_THAT(findings(bomb.evidence), ElementsAre(HasSubstr("longer than 64 KiB")));
  ASSERT_THAT(bomb.evidence.inputs, SizeIs(1));
  EXPECT_EQ(bomb.evidence.inputs[0].sha256, "");
}

// A copy, a link, a file that two names lead to.
TEST(SampleFiles, SayWhatIsThereTwice) {
  const test::FakeFiles files{
      {"a.jsonl", line(1)}, {"b.jsonl", line(2)}, {"c.jsonl", line(1)}, {"d.jsonl", ""}, {"e.jsonl", ""}};
  auto evidence = read(files, {"a.jsonl", "b.jsonl", "c.jsonl"}).evidence;
  const std::string twice =
      "slo.inconclusive c.jsonl:0:0: a.jsonl and c.jsonl hold the same bytes: requests are counted twice";
  EXPECT_THAT(findings(evidence), ElementsAre(twice));
  doubt_same_bytes(evidence);
  EXPECT_THAT(findings(evidence), ElementsAre(twice)) << "said once";
  policy::merge(evidence, read(files, {"b.jsonl"}).evidence);
  doubt_same_bytes(evidence);
  EXPECT_THAT(findings(evidence), SizeIs(2)) << "of the other side";
  EXPECT_THAT(findings(read(files, {"d.jsonl", "e.jsonl"}).evidence), Each(HasSubstr("slo.no_data")));
}

TEST(SampleFiles, NoteSamplesOutOfOrder) {
  const Read all =
      read(test::FakeFiles{{"a.jsonl", line(5) + line(5) + line(2) + line(6) + line(1)}}, {"a.jsonl"});
  EXPECT_THAT(
      findings(all.evidence),
      ElementsAre("slo.samples.out_of_order a.jsonl:0:0: 2 of 5 samples are older than one before them, by "
                  "up to 5.0 s"));
  EXPECT_EQ(all.evidence.findings[0].kind, FindingKind::note);
}

TEST(MergedSamples, ComeByTime) {
  test::FakeFiles files{{"control.jsonl", line(1) + line(3) + line(5) + line(9)},
                        {"canary.jsonl", line(2) + line(3, 200, R"(,"client":"x")") + line(4)}};
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{60}, std::size_t{65'536}}) {
    files.set_chunk(chunk);
    auto control = SampleFiles::open({"control.jsonl"}, files, Track::baseline);
    auto canary = SampleFiles::open({"canary.jsonl"}, files, Track::canary);
    MergedSamples merged{**control, **canary};
    EXPECT_THAT(drain(merged), ElementsAre("1 ", "2c ", "3 ", "3c x", "4c ", "5 ", "9 "));
  }
}

TEST(MergedSamples, OneSideMayBeEmpty) {
  const test::FakeFiles files{{"control.jsonl", ""}, {"canary.jsonl", line(2)}};
  auto control = SampleFiles::open({"control.jsonl"}, files, Track::baseline);
  auto canary = SampleFiles::open({"canary.jsonl"}, files, Track::canary);
  MergedSamples merged{**control, **canary};
  EXPECT_THAT(drain(merged), ElementsAre("2c "));
  EXPECT_THAT(findings((*control)->evidence()), ElementsAre(HasSubstr("slo.no_data")));
}

TEST(MeasureSamples, AnswersEveryObjectiveInOnePass) {
  test::FakeFiles files{{"a.jsonl", line(0) + line(1, 500) + line(2, 503) + line(3)}};
  std::vector<slo::Objective> objectives(2);
  objectives[0].sli = slo::RequestSli{slo::RequestSli::Kind::errors, {}};
  objectives[0].span = slo::Threshold{"error_rate_percent", "1", std::chrono::seconds{0}};
  objectives[1].sli = slo::RequestSli{slo::RequestSli::Kind::availability, {}};
  objectives[1].span = slo::Threshold{"availability_percent", "99", std::chrono::minutes{5}};
  const Timestamp now{std::chrono::seconds{1'795'150'802}};
  const auto measured = measure_samples({{"a.jsonl"}, {}}, objectives, std::nullopt, now, files);
  ASSERT_TRUE(measured.has_value());
  const auto& of = measured->measurements.of;
  ASSERT_THAT(of, SizeIs(2));
  EXPECT_EQ(std::get<slo::Events>(of[0].windows.at(0).events), (slo::Events{4, 2, 2}));
  EXPECT_EQ(std::get<slo::Events>(of[1].windows.at(0).events), (slo::Events{4, 1, 1}));
  EXPECT_EQ(of[1].queries.at(0).query, "no answer, or status 502, 503 or 504 over 5m");
  EXPECT_EQ(of[1].queries.at(0).answer, "1 of 4 requests");
  EXPECT_THAT(measured->measurements.notes, ElementsAre("the newest sample is 1.0 s ahead of the clock"));
  EXPECT_THAT(files.reads(), SizeIs(1));
  const auto earlier =
      measure_samples({{"a.jsonl"}, {}}, objectives, now, now + std::chrono::hours{5}, files);
  EXPECT_EQ(earlier->measurements.of[0].newest_age, std::chrono::seconds{0});
  EXPECT_EQ(std::get<slo::Events>(earlier->measurements.of[0].windows.at(0).events), (slo::Events{3, 2, 2}));
  EXPECT_THAT(earlier->measurements.notes,
              ElementsAre("1 sample after the moment of evaluation count nowhere"));
}

}  // namespace
}  // namespace gate::checks
