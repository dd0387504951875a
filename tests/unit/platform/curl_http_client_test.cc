#include "gate/platform/curl_http_client.h"

#include <atomic>
#include <chrono>
#include <cstdlib>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/base/parallel.h"
#include "tests/support/gzip.h"
#include "tests/support/loopback_server.h"

namespace gate::platform {
namespace {

using std::chrono::milliseconds;
using test::LoopbackServer;
using test::wire_reply;
using test::WireReply;
using test::WireRequest;
using testing::HasSubstr;
using testing::Not;

ports::HttpRequest get(const std::string& url) {
  ports::HttpRequest request;
  request.url = url;
  request.timeout = milliseconds{5'000};
  return request;
}

// Sets a variable for the length of a test.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) { ::setenv(name, value.c_str(), 1); }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

// The machine's own proxy has no part in these tests.
class CurlHttp : public ::testing::Test {
 protected:
  CurlHttp() {
    for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"})
      ::unsetenv(name);
  }
};

TEST_F(CurlHttp, RefusesRequestsThatAreNone) {
  struct Row {
    const char* name;
    ports::HttpRequest request;
    const char* message;
  };
  const auto with = [](const std::string& url, const std::string& name, const std::string& value) {
    ports::HttpRequest request = get(url);
    request.headers = {{name, value}};
    return request;
  };
  ports::HttpRequest method = get("http://h/");
  method.method = "GET / HTTP/1.1\r\nX:";
  const Row rows[] = {
      {"nothing", get(""), "the URL is none"},
      {"no scheme", get("127.0.0.1:9090/s3cret"), "the URL is none"},
      {"a file", get("file:///etc/s3cret"), "the URL is none"},
      {"ftp", get("ftp://s3cret/"), "the URL is none"},
      {"a user", get("http://s3cret@127.0.0.1/"), "the URL holds a user or a password"},
      {"a password", get("http://ann:s3cret@127.0.0.1/"), "the URL holds a user or a password"},
      {"a space", get("http://a:s3cret b/"), "the URL is none"},
      {"a port beyond all", get("http://h:99999/s3cret"), "the URL is none"},
      {"a NUL", get(std::string{"http://h/\0s3cret", 16}), "the URL is none"},
      {"a line break in a header", with("http://h/?s3cret", "A", "x\r\nB: s3cret"),
       "http://h/: the header A holds"},
      {"a header's name with a colon", with("http://h/", "A: s3cret", "x"), "a header's name is none"},
      {"a method that is more than one", method, "the method is none"},
  };
  const CurlHttpClient http;
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto reply = http.send(row.request);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, ErrorCode::usage);
    EXPECT_THAT(reply.error().message, HasSubstr(row.message));
    EXPECT_THAT(reply.error().message, Not(HasSubstr("s3cret")));
  }
}

TEST_F(CurlHttp, NamesWhatNoWholeReplyIs) {
  using Then = WireReply::Then;
  struct Row {
    const char* name;
    WireReply reply;
    ErrorCode code;
    const char* message;
  };
  const std::string zip_head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n";
  const std::string bomb = test::gzipped(std::string(std::size_t{64} << 20U, 'x'));
  const Row rows[] = {
      {"no reply", {"", Then::close}, ErrorCode::unavailable, "the connection was closed without a reply"},
      {"half a body",
       {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", Then::close},
       ErrorCode::unavailable,
       "the reply ended after 4 bytes"},
      {"half a chunk",
       {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf", Then::close},
       ErrorCode::unavailable,
       "the reply ended after 4 bytes"},
      {"not HTTP", {"SSH-2.0-OpenSSH\r\n", Then::close}, ErrorCode::unavailable, "the reply is not HTTP"},
      {"no answer", {"", Then::stall}, ErrorCode::timeout, "no whole reply within 500 ms"},
      {"a stalled body",
       {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", Then::stall},
       ErrorCode::timeout,
       "no whole reply within 500 ms"},
      {"too long", wire_reply(200, std::string(100'001, 'x')), ErrorCode::budget,
       "the reply is longer than 100,000 bytes"},
      {"too long once unpacked",
       {zip_head + fmt::format("Content-Length: {}\r\n\r\n", bomb.size()) + bomb, Then::close},
       ErrorCode::budget,
       "the reply is longer than 100,000 bytes"},
      {"unpacks to nothing",
       {zip_head + "Content-Length: 4\r\n\r\nnone", Then::close},
       ErrorCode::unavailable,
       "the reply cannot be decompressed"},
      {"endless headers",
       {"HTTP/1.1 200 OK\r\n" +
            [] {
              std::string lines;
              for (int i = 0; i < 20'000; ++i) lines += fmt::format("X-{}: {}\r\n", i, std::string(20, 'x'));
              return lines;
            }(),
        Then::stall},
       ErrorCode::budget,
       "the reply is longer"},
  };
  const CurlHttpClient http;
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const LoopbackServer server{[&](const WireRequest&) { return row.reply; }};
    ports::HttpRequest request = get(server.url() + "/path?token=s3cret");
    request.headers = {{"Authorization", "Bearer s3cret"}};
    request.timeout = row.code == ErrorCode::timeout ? milliseconds{500} : milliseconds{20'000};
    request.reply_limit = 100'000;
    const auto reply = http.send(request);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, row.code) << reply.error().message;
    EXPECT_THAT(reply.error().message, HasSubstr(server.url() + "/path: "));
    EXPECT_THAT(reply.error().message, HasSubstr(row.message));
    EXPECT_THAT(reply.error().message, Not(HasSubstr("s3cret")));
  }
}

TEST_F(CurlHttp, NamesWhoIsNotThere) {
  const CurlHttpClient http;
  const auto refused = http.send(get(fmt::format("http://127.0.0.1:{}/x", test::free_port())));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_THAT(refused.error().message, HasSubstr("connection refused"));

  const auto unknown = http.send(get("http://no-such-host.invalid/"));
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message,
              HasSubstr("http://no-such-host.invalid/: the host's name is not known"));

  ports::HttpRequest late = get("http://127.0.0.1:1/");
  late.timeout = milliseconds{0};
  const auto over = http.send(late);
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, ErrorCode::timeout);
}

TEST_F(CurlHttp, HandsOnWhateverTheServerSays) {
  struct Row {
    const char* name;
    WireReply reply;
    int status;
    const char* body;
  };
  const std::string zipped = test::gzipped("hello");
  const Row rows[] = {
      {"fine", wire_reply(200, "hello"), 200, "hello"},
      {"an error", wire_reply(500, "oops"), 500, "oops"},
      {"a redirect, which is not followed", wire_reply(302, "there", "Location: http://127.0.0.1:1/\r\n"),
       302, "there"},
      {"no body", {"HTTP/1.1 204 None\r\n\r\n", WireReply::Then::keep}, 204, ""},
      {"chunks",
       {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
        WireReply::Then::keep},
       200,
       "hello"},
      {"gzip", wire_reply(200, zipped, "Content-Encoding: gzip\r\n"), 200, "hello"},
      {"after an interim reply",
       {"HTTP/1.1 103 Early Hints\r\nX-A: interim\r\n\r\n" + wire_reply(200, "hello").bytes,
        WireReply::Then::keep},
       200,
       "hello"},
  };
  const CurlHttpClient http;
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const LoopbackServer server{[&](const WireRequest&) { return row.reply; }};
    const auto reply = http.send(get(server.url()));
    ASSERT_TRUE(reply) << reply.error().message;
    EXPECT_EQ(reply->status, row.status);
    EXPECT_EQ(reply->body, row.body);
    EXPECT_EQ(reply->header("x-a"), "");
  }
}

TEST_F(CurlHttp, SendsWhatItIsTold) {
  WireRequest seen;
  const LoopbackServer server{[&](const WireRequest& request) {
    seen = request;
    return wire_reply(200, "", "X-Answer:  Some \r\n");
  }};
  const CurlHttpClient http;
  ports::HttpRequest request = get(server.url() + "/a?b=c%20d");
  request.method = "POST";
  request.headers = {{"Content-Type", "text/plain"}, {"X-Empty", ""}};
  request.body = std::string(2'000'000, 'x');
  const auto reply = http.send(request);
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->header("x-answer"), "Some");
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.target, "/a?b=c%20d");
  EXPECT_EQ(seen.body.size(), 2'000'000U);
  EXPECT_EQ(seen.headers["content-type"], "text/plain");
  EXPECT_TRUE(seen.headers.contains("x-empty"));
  EXPECT_FALSE(seen.headers.contains("expect"));
  EXPECT_THAT(seen.headers["user-agent"], testing::MatchesRegex("release-gate/[0-9]+\\.[0-9]+\\.[0-9]+"));

  request = get(server.url());
  request.method = "DELETE";
  ASSERT_TRUE(http.send(request));
  EXPECT_EQ(seen.method, "DELETE");
  EXPECT_EQ(seen.body, "");
}

TEST_F(CurlHttp, KeepsConnectionsOpenAndIsSharedByThreads) {
  const LoopbackServer server{[](const WireRequest& request) { return wire_reply(200, request.target); }};
  const CurlHttpClient http;
  std::atomic<int> right{0};
  parallel_for(400, 8, [&](std::size_t i) {
    const auto reply = http.send(get(fmt::format("{}/{}", server.url(), i)));
    if (reply && reply->body == fmt::format("/{}", i)) ++right;
  });
  EXPECT_EQ(right, 400);
  EXPECT_LE(server.connections(), 8U);
}

TEST_F(CurlHttp, AsksTheProxyOfTheEnvironment) {
  std::string target;
  const LoopbackServer proxy{[&](const WireRequest& request) {
    target = request.target;
    return wire_reply(200, "by proxy");
  }};
  const LoopbackServer direct{[](const WireRequest&) { return wire_reply(200, "direct"); }};
  const CurlHttpClient http;
  const Variable with{"http_proxy", proxy.url()};
  const auto through = http.send(get("http://metrics.invalid/x"));
  ASSERT_TRUE(through) << through.error().message;
  EXPECT_EQ(through->body, "by proxy");
  EXPECT_EQ(target, "http://metrics.invalid/x");
  const auto home = http.send(get(direct.url()));
  ASSERT_TRUE(home) << home.error().message;
  EXPECT_EQ(home->body, "direct") << "what stays on this machine goes past every proxy";
  const Variable without{"no_proxy", "example.invalid"};
  const auto past = http.send(get(direct.url()));
  ASSERT_TRUE(past) << past.error().message;
  EXPECT_EQ(past->body, "direct");
}

TEST_F(CurlHttp, ShowsNoPasswordOfTheProxy) {
  const Variable with{"http_proxy", fmt::format("http://ann:s3cret@127.0.0.1:{}", test::free_port())};
  const auto reply = CurlHttpClient{}.send(get("http://metrics.invalid/x"));
  ASSERT_FALSE(reply);
  EXPECT_THAT(reply.error().message, HasSubstr("connection refused"));
  EXPECT_THAT(reply.error().message, Not(HasSubstr("s3cret")));
}

TEST_F(CurlHttp, SaysOfAChangeWhetherItMayHaveBeenDone) {
  using Then = WireReply::Then;
  struct Row {
    const char* name;
    WireReply reply;
  };
  const Row rows[] = {
      {"no reply", {"", Then::close}},
      {"a reply cut short", {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", Then::close}},
      {"no answer", {"", Then::stall}},
      {"a reply beyond the limit", wire_reply(200, std::string(2'000, 'x'))},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const LoopbackServer server{[&](const WireRequest&) { return row.reply; }};
    ports::HttpRequest request = get(server.url());
    request.method = "PUT";
    request.body = "{}";
    request.timeout = milliseconds{500};
    request.reply_limit = 1'000;
    request.changes = true;
    const auto reply = CurlHttpClient{}.send(request);
    ASSERT_FALSE(reply.has_value());
    EXPECT_EQ(reply.error().code, ErrorCode::unconfirmed);
  }
  ports::HttpRequest nobody = get(fmt::format("http://127.0.0.1:{}/", test::free_port()));
  nobody.changes = true;
  const auto unsent = CurlHttpClient{}.send(nobody);
  ASSERT_FALSE(unsent.has_value());
  EXPECT_EQ(unsent.error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace gate::platform
