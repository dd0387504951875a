#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/base/text.h"
#include "tests/unit/checks/prometheus_world.h"

namespace gate::checks {
namespace {

using slo::Doubt;
using slo::Events;
using slo::Missing;
using std::chrono::seconds;
using test::prometheus_error;
using test::prometheus_matrix;
using test::prometheus_number;
using test::prometheus_vector;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(MeasurePrometheus, AsksForOneMomentWithTheServersClock) {
  PrometheusWorld world;
  const std::int64_t server = world.now_in_seconds() + 180;
  world.http.answer("query=time()", prometheus_number(fmt::format("{}.25", server)));
  world.http.answer(kTotal, prometheus_number("100"));
  world.measure(over_an_hour(a_ratio()), a_source());
  EXPECT_THAT(world.notes, Contains(HasSubstr("the clock here is 3 min 00 s behind that of the server")));
  const auto texts = world.http.texts();
  ASSERT_GT(texts.size(), 3U);
  for (const std::string& text : texts) {
    if (text.find("query=time()&") != std::string::npos) continue;
    if (text.find("/query_range") != std::string::npos) {
      EXPECT_THAT(text, HasSubstr(fmt::format("&end={}.250", server)));
    } else {
      EXPECT_THAT(text, HasSubstr(fmt::format("&time={}.250", server)));
    }
    EXPECT_THAT(text, HasSubstr("GET http://prom:9090/api/v1/"));
    EXPECT_THAT(text, HasSubstr("&timeout=10000ms"));
  }
}

TEST(MeasurePrometheus, TakesNoOldNowForNow) {
  const struct {
    std::string answer;
    std::optional<Doubt> doubt;
    const char* message;
  } rows[] = {
      {std::to_string(test::kFakeNow - 300), std::nullopt, ""},
      {std::to_string(test::kFakeNow - 301), Doubt::stale,
       "the server's clock says 2026-11-20T04:54:59.000Z, 5 min 01 s behind the clock here"},
      {"0", Doubt::stale, "the server's clock says 1970-01-01T00:00:00.000Z"},
      {"NaN", Doubt::inconclusive, "time() is no moment"},
      {"+Inf", Doubt::inconclusive, "time() is no moment"},
      {"9e99", Doubt::inconclusive, "time() is no moment"},
      {"-1", Doubt::inconclusive, "time() is no moment"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.answer);
    PrometheusWorld world;
    world.http.answer("query=time()", prometheus_number(row.answer));
    world.http.answer(kTotal, prometheus_number("100", test::kFakeNow - 300));
    world.http.answer(kBad, prometheus_number("1", test::kFakeNow - 300));
    world.http.answer("max(timestamp(", prometheus_number("5", test::kFakeNow - 300));
    const auto measurement = world.measure(over_an_hour(a_ratio()), a_source());
    const auto* missing = std::get_if<Missing>(&measurement.windows.at(0).events);
    ASSERT_EQ(missing != nullptr, row.doubt.has_value()) << (missing ? missing->message : "");
    if (missing == nullptr) continue;
    EXPECT_EQ(missing->doubt, row.doubt);
    EXPECT_THAT(missing->message, HasSubstr(row.message));
  }
}

TEST(MeasurePrometheus, AsksForAnotherMomentWhereOneIsNamed) {
  PrometheusWorld world;
  MeasureSettings settings;
  settings.as_of = *parse_timestamp("2026-01-01T00:00:00Z");
  const auto measurement = world.measure(over_an_hour(a_ratio()), a_source(), settings);
  EXPECT_EQ(measurement.at, *settings.as_of);
  EXPECT_THAT(world.http.texts(), Not(Contains(HasSubstr("query=time()&"))));
  EXPECT_THAT(world.http.texts(), Contains(HasSubstr("&time=1767225600.000")));
}

TEST(MeasurePrometheus, SendsLongQueriesAsForms) {
  PrometheusWorld world;
  slo::RatioSli sli = a_ratio();
  sli.total = fmt::format("http_requests_total{{path!=\"{}\"}}", std::string(2'000, 'x'));
  world.measure(over_an_hour(sli), a_source());
  const auto requests = world.http.requests();
  const auto form =
      std::find_if(requests.begin(), requests.end(), [](const auto& r) { return r.method == "POST"; });
  ASSERT_NE(form, requests.end());
  EXPECT_THAT(form->body, HasSubstr("query="));
  EXPECT_THAT(form->headers, Contains(std::pair<std::string, std::string>{
                                 "Content-Type", "application/x-www-form-urlencoded"}));
  for (const auto& request : requests) EXPECT_LT(request.url.size(), 1'700U);
}

TEST(MeasurePrometheus, TriesABrokenConnectionOnceMore) {
  struct Row {
    const char* name;
    test::FakeHttp::Reply reply;
    int times;
    bool answered;
  };
  ports::HttpReply bad_gateway;
  bad_gateway.status = 502;
  const Row rows[] = {
      {"a reset", Error{ErrorCode::unavailable, "connection reset by peer"}, 1, true},
      {"a bad gateway", bad_gateway, 1, true},
      {"two resets", Error{ErrorCode::unavailable, "connection reset by peer"}, 2, false},
      {"a timeout is none", Error{ErrorCode::timeout, "no whole reply within 10.0 s"}, 1, false},
      {"too large is none", Error{ErrorCode::budget, "the reply is longer"}, 1, false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    PrometheusWorld world;
    world.http.answer(kTotal, prometheus_number("100"));
    world.http.answer(kBad, prometheus_number("1"));
    for (int i = 0; i < row.times; ++i) world.http.answer_once(kBad, row.reply);
    MeasureSettings settings;
    settings.with_course = false;
    const auto measurement = world.measure(over_an_hour(a_ratio()), a_source(), settings);
    EXPECT_EQ(std::holds_alternative<Events>(measurement.windows.at(0).events), row.answered);
  }
}

TEST(MeasurePrometheus, SaysThatNobodyAnswers) {
  PrometheusWorld world;
  world.http.answer("", Error{ErrorCode::unavailable, "http://prom:9090: connection refused"});
  world.http.answer("query=time()", Error{ErrorCode::unavailable, "http://prom:9090: connection refused"});
  slo::Objective objective = over_an_hour(a_ratio());
  objective.span = slo::Period{std::chrono::hours{24 * 30}, {}};
  const auto measurement = world.measure(objective, a_source());
  EXPECT_GT(measurement.windows.size(), 5U);
  for (const slo::Window& window : measurement.windows) {
    EXPECT_EQ(std::get<Missing>(window.events),
              (Missing{Doubt::unreachable, "http://prom:9090: connection refused"}));
  }
  EXPECT_LE(world.http.requests().size(), 2U);
}

TEST(MeasurePrometheus, StopsAskingAServerThatDied) {
  PrometheusWorld world;
  world.http.answer("&time=", Error{ErrorCode::timeout, "no whole reply"});
  world.http.answer("&start=", Error{ErrorCode::timeout, "no whole reply"});
  std::vector<slo::Objective> objectives;
  for (int i = 0; i < 40; ++i) {
    slo::RatioSli sli = a_ratio();
    sli.total = fmt::format("http_requests_total{{i=\"{}\"}}", i);
    objectives.push_back(over_an_hour(sli));
    objectives.back().span = slo::Period{std::chrono::hours{24 * 30}, {}};
  }
  const auto measurements = measure_prometheus(a_source(), objectives, {}, world.source_world());
  ASSERT_TRUE(measurements);
  EXPECT_LT(world.http.requests().size(), 40U);
  for (const auto& measurement : measurements->of) {
    for (const slo::Window& window : measurement.windows)
      EXPECT_EQ(std::get<Missing>(window.events).doubt, Doubt::unreachable);
  }
}

TEST(MeasurePrometheus, EndsAtTheDeadline) {
  PrometheusWorld world;
  world.http.decide([&](const std::string& text) -> std::optional<test::FakeHttp::Reply> {
    if (text.find("query=time()&") == std::string::npos) world.clock.sleep(std::chrono::milliseconds{9'000});
    return std::nullopt;
  });
  slo::Objective objective = over_an_hour(a_ratio());
  objective.span = slo::Period{std::chrono::hours{24 * 30}, {}};
  MeasureSettings settings;
  settings.deadline = std::chrono::milliseconds{30'000};
  const auto measurement = world.measure(objective, a_source(), settings);
  EXPECT_THAT(std::get<Missing>(measurement.windows.back().events).message,
              HasSubstr("the 30.0 s for all queries are over"));
  for (const auto& request : world.http.requests()) EXPECT_LE(request.timeout.count(), 10'000);
  EXPECT_LE(world.http.requests().size(), 14U);
}

TEST(MeasurePrometheus, CutsLongRangesIntoPieces) {
  PrometheusWorld world;
  std::vector<std::pair<std::int64_t, std::int64_t>> pieces;
  world.http.decide([&](const std::string& text) -> std::optional<test::FakeHttp::Reply> {
    const std::size_t start = text.find("&start=");
    if (start == std::string::npos) return std::nullopt;
    const auto number = [&](const char* name) {
      return std::stoll(text.substr(text.find(name) + std::string_view{name}.size()));
    };
    EXPECT_EQ(number("&step="), 60);
    pieces.emplace_back(number("&start="), number("&end="));
    ports::HttpReply reply;
    reply.status = 200;
    reply.body = prometheus_matrix({{static_cast<double>(pieces.back().first), "10"}});
    return reply;
  });
  slo::Objective objective = over_an_hour(a_ratio());
  objective.span = slo::Period{std::chrono::hours{24 * 30}, {}};
  objective.budgeting = slo::Budgeting::timeslices;
  objective.slice = seconds{60};
  MeasureSettings settings;
  settings.with_course = false;
  const auto measurement = world.measure(objective, a_source(), settings);
  ASSERT_EQ(pieces.size(), 8U);  // 43,200 slices of bad events and of all
  std::sort(pieces.begin(), pieces.end());
  std::int64_t steps = 0;
  for (const auto& [start, end] : pieces) {
    EXPECT_LT((end - start) / 60, 11'000);
    steps += (end - start) / 60 + 1;
  }
  EXPECT_EQ(steps, 2 * 43'200);
  const auto& slices = std::get<std::vector<slo::Slice>>(measurement.slices);
  EXPECT_EQ(slices.size(), 4U);
  EXPECT_EQ(slices.front().events, (Events{10, 10, 10}));
}

TEST(MeasurePrometheus, HandsOnWarnings) {
  PrometheusWorld world;
  std::string partial = prometheus_number("100");
  partial.insert(1, R"("warnings":["store a is down"],"infos":["might be no counter"],)");
  world.http.answer(kTotal, partial);
  const auto measurement = world.measure(over_an_hour(a_ratio()), a_source());
  EXPECT_THAT(measurement.warnings, testing::ElementsAre("store a is down"));
  EXPECT_THAT(world.notes, Contains("might be no counter"));
}

// Everything a measurement says, in one text.
std::string all_text(const slo::Measurement& measurement) {
  std::vector<std::string> parts = measurement.warnings;
  for (const slo::QueryRecord& record : measurement.queries)
    parts.push_back(record.query + " " + record.answer);
  for (const slo::Window& window : measurement.windows) {
    if (const auto* missing = std::get_if<Missing>(&window.events)) parts.push_back(missing->message);
  }
  return join(parts, "\n");
}

TEST(MeasurePrometheus, ShowsNoSecret) {
  PrometheusWorld world;
  world.environment.set("TOKEN", " s3cret-token\n");
  world.environment.set("PASSWORD", "p4ssword");
  slo::PrometheusSource with_token = a_source();
  with_token.token_env = "TOKEN";
  with_token.headers = {{"X-Scope-OrgID", "tenant-42"}};
  slo::PrometheusSource with_user = a_source();
  with_user.user = "ann";
  with_user.password_env = "PASSWORD";
  const std::string echo = "no access with s3cret-token tenant-42 p4ssword YW5uOnA0c3N3b3Jk";
  for (const std::string& body :
       {prometheus_error("unauthorized", echo), echo, prometheus_vector({{"\"a\":\"" + echo + "\"", "1"}})}) {
    for (const int status : {200, 403}) {
      world.http.answer(kTotal, body, status);
      const std::string by_token = all_text(world.measure(over_an_hour(a_ratio()), with_token));
      EXPECT_THAT(by_token, Not(HasSubstr("s3cret-token")));
      EXPECT_THAT(by_token, Not(HasSubstr("tenant-42")));
      const std::string by_user = all_text(world.measure(over_an_hour(a_ratio()), with_user));
      EXPECT_THAT(by_user, Not(HasSubstr("p4ssword")));
      EXPECT_THAT(by_user, Not(HasSubstr("YW5uOnA0c3N3b3Jk")));
    }
  }
  const auto requests = world.http.requests();
  EXPECT_THAT(requests.front().headers,
              Contains(std::pair<std::string, std::string>{"Authorization", "Bearer s3cret-token"}));
  EXPECT_THAT(requests.back().headers,
              Contains(std::pair<std::string, std::string>{"Authorization", "Basic YW5uOnA0c3N3b3Jk"}));
}

TEST(MeasurePrometheus, RefusesCredentialsThatItCannotUse) {
  struct Row {
    const char* name;
    void (*change)(slo::PrometheusSource&);
    ErrorCode code;
    const char* message;
  };
  const Row rows[] = {
      {"a password in the URL", [](auto& s) { s.url = "http://ann:s3cret@prom"; }, ErrorCode::usage,
       "url: it holds"},
      {"a token in the URL", [](auto& s) { s.url = "http://prom?token=s3cret"; }, ErrorCode::usage,
       "url: a query"},
      {"another scheme", [](auto& s) { s.url = "ftp://s3cret"; }, ErrorCode::usage, "url: http://"},
      {"no host", [](auto& s) { s.url = "http:///s3cret"; }, ErrorCode::usage, "url: it names no host"},
      {"no variable", [](auto& s) { s.token_env = "NONE"; }, ErrorCode::usage,
       "the variable NONE is not set"},
      {"an empty variable", [](auto& s) { s.token_env = "EMPTY"; }, ErrorCode::usage, "EMPTY is empty"},
      {"no password", [](auto& s) { s.user = "ann"; }, ErrorCode::usage, "password_env"},
      {"no token file", [](auto& s) { s.token_file = "none"; }, ErrorCode::not_found, "token_file: none"},
      {"an empty token file", [](auto& s) { s.token_file = "empty"; }, ErrorCode::usage, "empty is empty"},
      {"two tokens",
       [](auto& s) {
         s.token_file = "empty";
         s.token_env = "EMPTY";
       },
       ErrorCode::usage, "one of them"},
      {"a token and a user",
       [](auto& s) {
         s.user = "ann";
         s.token_env = "EMPTY";
       },
       ErrorCode::usage, "one of them"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    PrometheusWorld world;
    world.environment.set("EMPTY", " \n");
    world.files.add("empty", "\n");
    slo::PrometheusSource source = a_source();
    row.change(source);
    const auto measurements = measure_prometheus(source, {}, {}, world.source_world());
    ASSERT_FALSE(measurements);
    EXPECT_EQ(measurements.error().code, row.code);
    EXPECT_THAT(measurements.error().message, HasSubstr(row.message));
    EXPECT_THAT(measurements.error().message, Not(HasSubstr("s3cret")));
    EXPECT_THAT(world.http.requests(), IsEmpty());
  }
}

}  // namespace
}  // namespace gate::checks
