#include "server/slo/batch.h"

#include <string>

#include <gtest/gtest.h>

namespace server::slo {
namespace {

using gate::Timestamp;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Timestamp kNow = Timestamp{gate::Date{std::chrono::year{2026} / 11 / 20}} + hours{5};
const Era kEra{kNow, hours{24 * 30}};

std::string body_with(const std::string& samples) {
  return R"({"service":"shop","samples":[)" + samples + "]}";
}

std::string sample_with(const std::string& timestamp,
                        const std::string& rest = R"("latency_ms":1,"status":200)") {
  return R"({"timestamp":)" + timestamp + "," + rest + "}";
}

std::variant<std::monostate, api::Problem> read(const std::string& text, Batch& batch) {
  const auto document = gate::load::parse_json(text);
  EXPECT_TRUE(document) << text;
  return read_batch(*document, kEra, batch);
}

// The first error as "pointer: message", or empty.
std::string first_error(const std::string& text) {
  Batch batch;
  const auto result = read(text, batch);
  const auto* problem = std::get_if<api::Problem>(&result);
  if (problem == nullptr) return {};
  EXPECT_EQ(problem->code, "invalid_request");
  return problem->errors.at(0).pointer + ": " + problem->errors.at(0).message;
}

TEST(Batch, RefusesWhatIsNone) {
  const std::string at = R"("2026-11-20T05:00:00Z")";
  const struct {
    const char* name;
    std::string text;
    std::string error;
  } rows[] = {
      {"null", "null", ": must be a JSON object"},
      {"an array", "[]", ": must be a JSON object"},
      {"nothing", "{}", "/service: is required"},
      {"no samples", R"({"service":"shop"})", "/samples: is required"},
      {"empty", body_with(""), "/samples: must not be empty"},
      {"samples in an object", R"({"service":"shop","samples":{}})", "/samples: must be an array"},
      {"service is a number", R"({"service":1,"samples":[]})", "/service: must be a string"},
      {"service with a line feed", R"({"service":"a\nb","samples":[]})",
       "/service: is not a name of at most 100 bytes"},
      {"service is long", R"({"samples":[],"service":")" + std::string(101, 'x') + "\"}",
       "/samples: must not be empty"},
      {"a mistyped member", R"({"service":"shop","sample":[]})",
       "/sample: is not known (did you mean \"samples\"?)"},
      {"a hostile member", R"({"a/b~c":1,"service":"shop","samples":[]})", "/a~1b~0c: is not known"},
      {"a sample is a number", body_with("7"), "/samples/0: a sample must be an object"},
      {"a sample is empty", body_with("{}"), "/samples/0: timestamp is missing"},
      {"no status", body_with(sample_with(at, R"("latency_ms":1)")), "/samples/0: status is missing"},
      {"a mistyped field", body_with(sample_with(at, R"("latency_ms":1,"status":200,"latencyms":2)")),
       "/samples/0/latencyms: is not known (did you mean \"latency_ms\"?)"},
      {"negative latency", body_with(sample_with(at, R"("latency_ms":-0.1,"status":200)")),
       "/samples/0/latency_ms: latency_ms is -0.1, not a number of milliseconds from 0 to 10^12"},
      {"a latency beyond all doubles", body_with(sample_with(at, R"("latency_ms":1e400,"status":200)")),
       "/samples/0/latency_ms: latency_ms is 1e400, not a number of milliseconds from 0 to 10^12"},
      {"a latency beyond 64 bits",
       body_with(sample_with(at, R"("latency_ms":18446744073709551615,"status":200)")),
       "/samples/0/latency_ms: latency_ms is 18446744073709551615, not a number of milliseconds from 0 to "
       "10^12"},
      {"latency is text", body_with(sample_with(at, R"("latency_ms":"12","status":200)")),
       "/samples/0/latency_ms: latency_ms is \"12\", not a number of milliseconds from 0 to 10^12"},
      {"latency is NaN as text", body_with(sample_with(at, R"("latency_ms":"NaN","status":200)")),
       "/samples/0/latency_ms: latency_ms is \"NaN\", not a number of milliseconds from 0 to 10^12"},
      {"latency is null", body_with(sample_with(at, R"("latency_ms":null,"status":200)")),
       "/samples/0/latency_ms: latency_ms is null, not a number of milliseconds from 0 to 10^12"},
      {"half a status", body_with(sample_with(at, R"("latency_ms":1,"status":200.5)")),
       "/samples/0/status: status is 200.5, not 0 or a number from 100 to 599"},
      {"status 600", body_with(sample_with(at, R"("latency_ms":1,"status":600)")),
       "/samples/0/status: status is 600, not 0 or a number from 100 to 599"},
      {"status true", body_with(sample_with(at, R"("latency_ms":1,"status":true)")),
       "/samples/0/status: status is true, not 0 or a number from 100 to 599"},
      {"an unknown track", body_with(sample_with(at, R"("latency_ms":1,"status":200,"track":"cnary")")),
       "/samples/0/track: track is \"cnary\", not canary, experiment, baseline, control or stable"},
      {"client is an object", body_with(sample_with(at, R"("latency_ms":1,"status":200,"client":{})")),
       "/samples/0/client: client is an object, not a text or a number"},
      {"a minute and a second ahead", body_with(sample_with(R"("2026-11-20T05:01:01Z")")),
       "/samples/0/timestamp: 1 min 1 s ahead of the server's clock, 1 min at most"},
      {"a year ahead", body_with(sample_with(R"("2027-11-20T05:00:00Z")")),
       "/samples/0/timestamp: 365 d ahead of the server's clock, 1 min at most"},
      {"older than the retention", body_with(sample_with(R"("2026-10-21T04:59:59Z")")),
       "/samples/0/timestamp: 30 d old, 30 d at most"},
      {"the year 0", body_with(sample_with("0")), "/samples/0/timestamp: over 10 years old, 30 d at most"},
      {"a negative moment", body_with(sample_with("-1")),
       "/samples/0/timestamp: timestamp is -1, not a moment from 1970 to 9999 such as "
       "\"2026-11-20T05:01:23Z\" or 1795150883.5"},
      {"a moment beyond all", body_with(sample_with("1e300")),
       "/samples/0/timestamp: timestamp is 1e300, not a moment from 1970 to 9999 such as "
       "\"2026-11-20T05:01:23Z\" or 1795150883.5"},
      {"the second is bad", body_with(sample_with(at) + "," + sample_with("true")),
       "/samples/1/timestamp: timestamp is true, not a moment from 1970 to 9999 such as "
       "\"2026-11-20T05:01:23Z\" or 1795150883.5"},
  };
  for (const auto& row : rows) EXPECT_EQ(first_error(row.text), row.error) << row.name;
}

TEST(Batch, ReadsFieldsAsFilesOfSamplesHaveThem) {
  Batch batch;
  const auto result = read(
      body_with(R"({"timestamp":"2026-11-20T06:00:59.5+01:00","latency_ms":12.5,"status":0,"track":"canary",)"
                R"("client":"c1"},)"
                R"({"timestamp":1795150740.25,"latency_ms":1e2,"status":2e2,"track":"stable","client":7},)"
                R"({"timestamp":1795150740000,"latency_ms":0,"status":599,"track":null,"client":null})"),
      batch);
  ASSERT_TRUE(std::holds_alternative<std::monostate>(result));
  ASSERT_EQ(batch.samples.size(), 3U);
  EXPECT_EQ(batch.service, "shop");
  using gate::slo::Track;
  EXPECT_EQ(batch.samples[0],
            (gate::slo::Sample{kNow + std::chrono::milliseconds{59'500}, 12.5, 0, Track::canary, "c1"}));
  EXPECT_EQ(batch.samples[1], (gate::slo::Sample{kNow - seconds{60} + std::chrono::milliseconds{250}, 100,
                                                 200, Track::baseline, "7"}));
  EXPECT_EQ(batch.samples[2], (gate::slo::Sample{kNow - seconds{60}, 0, 599, Track::none, ""}));
}

TEST(Batch, TakesTenThousandAndNoMore) {
  const std::string one = sample_with("1795150800");
  std::string samples = one;
  for (int i = 1; i < 10'000; ++i) samples += "," + one;
  Batch batch;
  EXPECT_TRUE(std::holds_alternative<std::monostate>(read(body_with(samples), batch)));
  EXPECT_EQ(batch.samples.size(), 10'000U);
  EXPECT_EQ(first_error(body_with(samples + "," + one)), "/samples: holds 10,001 samples, 10,000 at most");
}

TEST(Batch, TellsTheFirstTwentyAndCountsTheRest) {
  std::string samples = "1";
  for (int i = 1; i < 25; ++i) samples += ",1";
  Batch batch;
  const auto result = read(body_with(samples), batch);
  const auto& problem = std::get<api::Problem>(result);
  EXPECT_EQ(problem.errors.size(), 20U);
  EXPECT_EQ(problem.errors.back().pointer, "/samples/19");
  EXPECT_EQ(problem.detail, "/samples/0: a sample must be an object (and 24 more)");
}

}  // namespace
}  // namespace server::slo
