// The wall clock jumps while the server runs; time that only passes goes on as it did.

#include <chrono>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/base/time.h"
#include "gate/load/json.h"
#include "gate/load/json_fields.h"
#include "tests/integration/server/changes.h"
#include "tests/integration/server/oracles.h"

namespace gate::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

// Under CI=true it must be there.
std::string faketime_library() {
  for (const char* folder : {"x86_64-linux-gnu", "aarch64-linux-gnu"}) {
    std::string path = fmt::format("/usr/lib/{}/faketime/libfaketime.so.1", folder);
    if (fs::exists(path)) return path;
  }
  const char* ci = std::getenv("CI");
  if (ci != nullptr && std::string_view{ci} == "true")
    ADD_FAILURE() << "under CI=true libfaketime must be there: apt-get install libfaketime";
  return {};
}

Value json(const std::string& text) {
  const auto document = load::parse_json(text);
  EXPECT_TRUE(document) << text;
  return document ? load::to_value(document->root) : Value{};
}

// Ages, times left, counts: nothing that is told is less than nothing.
void expect_nothing_negative(const Value& value, const std::string& where) {
  if (const auto* number = value.as_integer()) {
    EXPECT_GE(*number, 0) << where;
  }
  if (const auto* array = value.as_array()) {
    for (const Value& each : *array) expect_nothing_negative(each, where + "/");
  }
  if (const auto* object = value.as_object()) {
    for (const Value::Member& member : *object)
      expect_nothing_negative(member.value, where + "/" + member.name);
  }
}

class ClockJumps : public testing::Test {
 protected:
  void SetUp() override {
    const std::string library = faketime_library();
    if (library.empty()) GTEST_SKIP() << "libfaketime is not there: apt-get install libfaketime";
    jump("+0");
    ASSERT_TRUE(server_.start({"/usr/bin/env", "LD_PRELOAD=" + library,
                               "FAKETIME_TIMESTAMP_FILE=" + offset().string(), "FAKETIME_NO_CACHE=1",
                               "FAKETIME_DONT_FAKE_MONOTONIC=1"}))
        << server_.said();
    key_ = unlimited_key(server_);
  }

  [[nodiscard]] fs::path offset() const { return settings_.path() / "offset"; }

  // "+2y", "-1h": from what the time really is. Commands and their clocks stay where they are.
  void jump(const std::string& by) const { fs::rename(settings_.write("next", by + "\n"), offset()); }

  RealServer::Reply get(const std::string& target) { return server_.ask("GET", target, {}, {}, key_); }

  void expect_sane() {
    for (const char* target :
         {"/api/v1/exemptions/health", "/api/v1/exemptions/expired", "/api/v1/rate-limit/status",
          "/api/v1/rate-limit/events?hours=24", "/api/v1/rate-limit/config", "/api/v1/slo/status",
          "/api/v1/slo/breaches?hours=24", "/api/v1/canary/status", "/api/v1/keys", "/api/v1/audit"}) {
      const auto reply = get(target);
      EXPECT_EQ(reply.status, 200) << target << reply.body;
      expect_nothing_negative(json(reply.body), target);
    }
    EXPECT_EQ(server_.ask("GET", "/health/ready", {}, {}, RealServer::kNoKey).status, 200);
  }

  std::string verdict() {
    const auto reply = get("/api/v1/slo/status");
    const Value body = json(reply.body);
    const Value* told = body.find("verdict");
    return told == nullptr ? reply.body : *told->as_string();
  }

  // Five minutes and more of requests that went well.
  void post_good_samples() {
    const Timestamp now = std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
    std::string samples;
    for (int third = 1'200; third >= 0; --third) {
      samples += fmt::format(R"({}{{"timestamp":"{}","status":200,"latency_ms":5}})",
                             samples.empty() ? "" : ",", to_string(now - milliseconds{third * 333}));
    }
    const auto posted = server_.ask("POST", "/api/v1/slo/samples",
                                    fmt::format(R"({{"service":"demo","samples":[{}]}})", samples), {}, key_);
    EXPECT_EQ(posted.status, 200) << posted.body;
  }

  ScratchFolder settings_;
  RealServer server_{
      {"--demo", "--config", settings_.write("server.toml", "version = 1\n[slo]\ninterval = \"1s\"\n")}};
  std::string key_;
};

TEST_F(ClockJumps, TwoYearsOnKeysAndExemptionsHaveExpired) {
  EXPECT_EQ(get("/api/v1/keys").status, 200);
  EXPECT_THAT(get("/api/v1/exemptions/health").body, HasSubstr("\"in_force\":2"));
  NumberedChanges changes{server_, key_};
  EXPECT_EQ(changes.send(1).status, 200);
  EXPECT_THAT(get("/api/v1/rate-limit/config").body, HasSubstr("\"requests\":1,"));
  jump("+2y");
  const auto refused = get("/api/v1/keys");
  EXPECT_EQ(refused.status, 401);
  EXPECT_THAT(refused.body, HasSubstr("expired"));
  key_ = unlimited_key(server_, "later");
  EXPECT_EQ(get("/api/v1/keys").status, 200) << "whoever owns the machine gets back in";
  EXPECT_TRUE(eventually([&] {
    return get("/api/v1/exemptions/health").body.find("\"in_force\":0") != std::string::npos;
  })) << get("/api/v1/exemptions/health").body;
  EXPECT_THAT(get("/api/v1/exemptions/expired").body, HasSubstr("DEMO-1"));
  EXPECT_THAT(get("/api/v1/rate-limit/config").body, HasSubstr("\"overrides\":[]"));
  EXPECT_NE(verdict(), "passed");
  expect_sane();
  EXPECT_EQ(changes.send(2).status, 401) << "its key has expired";
  EXPECT_EQ(server_.end(), 0);
  expect_whole(server_);
}

TEST_F(ClockJumps, AnHourBackNobodyIsLockedOut) {
  NumberedChanges changes{server_, key_};
  EXPECT_EQ(changes.send(1).status, 200);
  const auto read = [&] { return server_.ask("GET", "/api/v1/slo/status").status; };
  ASSERT_TRUE(eventually([&] { return read() == 429; }));
  jump("-1h");
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(eventually([&] { return read() == 200; }));
  EXPECT_LT(std::chrono::steady_clock::now() - start, seconds{7}) << "longer than a window";
  expect_sane();
  EXPECT_EQ(changes.send(2).status, 200);
  jump("+1h");
  expect_sane();
  EXPECT_EQ(changes.send(3).status, 200);
  changes.check();
  EXPECT_EQ(server_.end(), 0);
  expect_whole(server_);
  ASSERT_TRUE(server_.start()) << "rows of the future: " << server_.said();
  expect_whole(server_);
}

// Samples that a clock has moved out of the window are no data, and no data is no pass.
TEST_F(ClockJumps, NothingPassesForIt) {
  post_good_samples();
  ASSERT_TRUE(eventually([&] { return verdict() == "passed"; })) << get("/api/v1/slo/status").body;
  for (const char* by : {"-1h", "+1h"}) {
    SCOPED_TRACE(by);
    jump(by);
    const std::string before = *json(get("/api/v1/slo/status").body).find("evaluated_at")->as_string();
    EXPECT_TRUE(eventually([&] {
      return *json(get("/api/v1/slo/status").body).find("evaluated_at")->as_string() != before;
    })) << "it evaluates no more";
    EXPECT_EQ(verdict(), "undecided") << get("/api/v1/slo/status").body;
    expect_sane();
  }
  EXPECT_EQ(server_.end(), 0);
}

}  // namespace
}  // namespace gate::test
