#include "server/data/data_service.h"

#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_files.h"
#include "tests/support/fake_random.h"

namespace server::data {
namespace {

using std::chrono::milliseconds;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

// Requests to forward never touch the store.
class NoStore final : public store::Store {
 public:
  void write(store::Work, store::Done) override { FAIL() << "it wrote"; }
  void read(store::Work, store::Done) override { FAIL() << "it read"; }
  [[nodiscard]] bool is_writable() const override { return false; }
};

class RecordingLog final : public observe::Log {
 public:
  explicit RecordingLog(std::vector<std::string>& lines) : lines_(lines) {}
  void write(observe::Level level, std::string_view event, observe::Fields fields) override {
    lines_.push_back(observe::log_line({}, level, event, fields));
  }
  gate::Status reopen() override { return gate::done(); }
  [[nodiscard]] std::uint64_t dropped() const override { return 0; }
  void flush() override {}

 private:
  std::vector<std::string>& lines_;
};

using Reply = gate::Result<http::Response>;

// Answers at once with what the test set, and keeps what was sent.
class FakeUpstream final : public http::Upstream {
 public:
  FakeUpstream(std::vector<http::UpstreamRequest>& sent, Reply& reply) : sent_(sent), reply_(reply) {}
  void send(http::UpstreamRequest request, std::function<void(Reply)> done) override {
    sent_.push_back(std::move(request));
    done(reply_);
  }

 private:
  std::vector<http::UpstreamRequest>& sent_;
  Reply& reply_;
};

DataSettings shop() {
  Service service;
  service.name = "shop";
  service.stable = "http://127.0.0.1:9001";
  service.canary = "http://127.0.0.1:9002";
  service.stable_version = "v41";
  service.deadline = milliseconds{700};
  return {{service}, ""};
}

class DataServiceTest : public ::testing::Test {
 protected:
  http::Response ask(const std::string& method, const std::string& rest, const http::Headers& headers = {},
                     const std::string& query = "") {
    api::Call call;
    call.head.method = method;
    call.head.path = "/api/v1/data/" + rest;
    call.head.target = call.head.path + query;
    call.head.headers = headers;
    call.head.correlation_id = "c-1";
    call.rest = rest;
    call.body = method == "GET" ? "" : "{}";
    std::optional<http::Response> answer;
    for (const api::Route& route : routes_) {
      if (route.method == method)
        route.handler(call, http::Responder{[&](http::Response given) { answer = std::move(given); }});
    }
    EXPECT_TRUE(answer) << "no answer";
    return answer.value_or(http::Response{});
  }

  gate::test::FakeClock clock_;
  gate::test::FakeRandom random_;
  gate::test::FakeFiles files_;
  NoStore store_;
  std::vector<std::string> lines_;
  RecordingLog log_{lines_};
  std::unique_ptr<observe::Metrics> metrics_ = observe::Metrics::make();
  std::vector<http::UpstreamRequest> sent_;
  Reply reply_ = http::Response{200, R"({"status":"ok"})", "application/json", {}, false};
  DataService service_{{store_, clock_, random_, files_, log_, *metrics_},
                       std::make_unique<FakeUpstream>(sent_, reply_),
                       shop()};
  std::vector<api::Route> routes_ = service_.routes();
};

TEST_F(DataServiceTest, HasRowsThatTheServerTakes) {
  const auto checked = api::check_routes(routes_);
  EXPECT_TRUE(checked) << checked.error().message;
  for (const api::Route& route : routes_) {
    const bool reads = route.method == "GET";
    EXPECT_EQ(std::get<auth::Scope>(route.access), reads ? auth::Scope::read : auth::Scope::canary_write)
        << route.name;
  }
}

TEST_F(DataServiceTest, SendsARequestAsItCame) {
  const http::Response answer =
      ask("PATCH", "a/b", {{"content-type", "text/csv"}, {"x-api-key", "rgk_secret"}}, "?q=%20");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"status":"ok"})");
  EXPECT_THAT(answer.headers, Contains(Pair("x-served-by", "stable")));
  EXPECT_THAT(answer.headers, Contains(Pair("x-served-version", "v41")));
  ASSERT_THAT(sent_, SizeIs(1));
  EXPECT_EQ(sent_[0].url_base, "http://127.0.0.1:9001");
  EXPECT_EQ(sent_[0].method, "PATCH");
  EXPECT_EQ(sent_[0].target, "/a/b?q=%20");
  EXPECT_EQ(sent_[0].body, "{}");
  EXPECT_EQ(sent_[0].deadline, milliseconds{700});
  EXPECT_EQ(sent_[0].headers, (http::Headers{{"content-type", "text/csv"}, {"x-correlation-id", "c-1"}}));
}

TEST_F(DataServiceTest, GoesToTheCanaryWhereThatIsAsked) {
  const http::Response answer = ask("GET", "symbols", {{"x-canary-test", "true"}});
  EXPECT_EQ(sent_.at(0).url_base, "http://127.0.0.1:9002");
  EXPECT_THAT(answer.headers, Contains(Pair("x-served-by", "canary")));
}

TEST_F(DataServiceTest, RefusesBeforeItSends) {
  EXPECT_EQ(ask("GET", "a/%2e%2e/b").status, 400);
  EXPECT_EQ(ask("GET", "symbols", {{"x-service", "mail"}}).status, 422);
  EXPECT_THAT(sent_, IsEmpty());
}

TEST_F(DataServiceTest, TellsFailuresApart) {
  struct Row {
    const char* name;
    Reply reply;
    int status;
    const char* part;
    const char* outcome;
  };
  const Row rows[] = {
      {"unreachable", gate::Error{gate::ErrorCode::unavailable, "10.0.0.1: refused"}, 502,
       R"("detail":"stable of the service shop could not be reached")", "unreachable"},
      {"got it, half an answer", gate::Error{gate::ErrorCode::unconfirmed, "10.0.0.1: cut"}, 502,
       R"("detail":"stable of the service shop was sent the request and gave no whole answer")", "failed"},
      {"late", gate::Error{gate::ErrorCode::timeout, "10.0.0.1: late"}, 504,
       R"("detail":"stable of the service shop did not answer within 700 ms")", "timed_out"},
      {"too much", gate::Error{gate::ErrorCode::budget, "10.0.0.1: much"}, 502,
       R"("detail":"stable of the service shop answered more than may be passed on")", "too_large"},
      {"its own 503", http::Response{503, "resting", "text/plain", {}, false}, 503, "resting", "failed"},
      {"its own 500", http::Response{500, "bug", "text/plain", {}, false}, 500, "bug", "answered"},
      {"its own 404", http::Response{404, "none", "text/plain", {}, false}, 404, "none", "answered"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const std::string series = std::string{R"(release_gate_forwarded_requests_total{outcome=")"} +
                               row.outcome + R"(",track="stable"} )";
    reply_ = row.reply;
    const auto before = metrics_->text();
    const http::Response answer = ask("GET", "symbols");
    EXPECT_EQ(answer.status, row.status);
    EXPECT_THAT(answer.body, HasSubstr(row.part));
    EXPECT_EQ(answer.body.find("10.0.0.1"), std::string::npos) << "it names a host";
    EXPECT_THAT(before, HasSubstr(series));
    const std::string old_value = before.substr(before.find(series), series.size() + 1);
    EXPECT_THAT(metrics_->text(), testing::Not(HasSubstr(old_value))) << "it was not counted";
  }
}

TEST_F(DataServiceTest, SaysWhatMayHaveBeenDone) {
  struct Row {
    gate::ErrorCode code;
    bool is_in_doubt;
  };
  const Row rows[] = {{gate::ErrorCode::unavailable, false},
                      {gate::ErrorCode::unconfirmed, true},
                      {gate::ErrorCode::timeout, true},
                      {gate::ErrorCode::budget, true}};
  for (const Row& row : rows) {
    SCOPED_TRACE(static_cast<int>(row.code));
    reply_ = gate::Error{row.code, "10.0.0.1: cut"};
    const auto says_so = HasSubstr("; it may have been done\"");
    EXPECT_THAT(ask("GET", "symbols").body, testing::Not(says_so));
    const std::string body = ask("POST", "symbols").body;
    EXPECT_EQ(body.find("; it may have been done\"") != std::string::npos, row.is_in_doubt) << body;
    EXPECT_EQ(body.find("could not be reached") != std::string::npos, !row.is_in_doubt) << body;
    reply_ = http::Response{200, "", "text/plain", {}, false};
    ask("GET", "symbols");  // so that no breaker opens
  }
}

TEST_F(DataServiceTest, RestsAServiceThatFailsAndTriesAgain) {
  reply_ = gate::Error{gate::ErrorCode::unavailable, "refused"};
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask("GET", "symbols").status, 502);
  const http::Response resting = ask("GET", "symbols");
  EXPECT_EQ(resting.status, 503);
  EXPECT_THAT(resting.body, HasSubstr(R"("code":"upstream_unavailable")"));
  EXPECT_THAT(resting.headers, Contains(Pair("retry-after", "1")));
  EXPECT_THAT(sent_, SizeIs(5));
  EXPECT_THAT(metrics_->text(), HasSubstr("release_gate_breaker_open{track=\"stable\"} 1\n"));
  EXPECT_THAT(metrics_->text(),
              HasSubstr("release_gate_forwarded_requests_total{outcome=\"rejected\",track=\"stable\"} 1\n"));

  reply_ = http::Response{200, "canary", "text/plain", {}, false};
  EXPECT_EQ(ask("GET", "symbols", {{"x-canary-test", "true"}}).status, 200) << "the canary has its own";
  clock_.advance(milliseconds{1'000});
  EXPECT_EQ(ask("GET", "symbols").status, 200);
  EXPECT_THAT(metrics_->text(), HasSubstr("release_gate_breaker_open{track=\"stable\"} 0\n"));
  ASSERT_THAT(lines_, SizeIs(2));
  EXPECT_THAT(
      lines_[0],
      HasSubstr(R"("event":"data.breaker_opened","service":"shop","track":"stable","rests_ms":1000)"));
  EXPECT_THAT(lines_[1], HasSubstr(R"("event":"data.breaker_closed")"));
}

}  // namespace
}  // namespace server::data
