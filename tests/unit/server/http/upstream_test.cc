#include "server/http/upstream.h"

#include <atomic>
#include <cstdlib>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/http/upstream_wire.h"
#include "tests/support/loopback_server.h"
#include "tests/unit/server/http/server_world.h"

namespace server::http {
namespace {

using namespace std::chrono_literals;
using gate::ErrorCode;
using gate::test::LoopbackServer;
using gate::test::wire_reply;
using gate::test::WireReply;
using gate::test::WireRequest;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

UpstreamRequest request_to(const std::string& url, const std::string& method = "GET") {
  UpstreamRequest request;
  request.url_base = url;
  request.method = method;
  request.target = "/x";
  return request;
}

gate::Result<Response> ask(Upstream& upstream, UpstreamRequest request) {
  std::promise<gate::Result<Response>> promise;
  upstream.send(std::move(request),
                [&](gate::Result<Response> result) { promise.set_value(std::move(result)); });
  return promise.get_future().get();
}

ErrorCode code_of(const gate::Result<Response>& result) {
  EXPECT_FALSE(result);
  return result ? ErrorCode::usage : result.error().code;
}

TEST(Upstream, PassesOnWhatIsMeantForTheOtherEnd) {
  std::map<std::string, std::string> seen;
  LoopbackServer server{[&](const WireRequest& request) {
    seen = request.headers;
    return wire_reply(
        201, "made " + request.method + " " + request.target + " " + request.body,
        "Content-Type: text/plain\r\nX-End: to-end\r\nX-Hop: b\r\nConnection: keep-alive, X-Hop\r\n"
        "Keep-Alive: timeout=5\r\nUpgrade: h2c\r\n");
  }};
  const auto upstream = Upstream::make();
  UpstreamRequest request = request_to(server.url(), "POST");
  request.target = "/a?b=c";
  request.body = "body";
  request.headers = {{"x-own", "1"},     {"connection", "close, x-gone"}, {"x-gone", "2"},
                     {"te", "trailers"}, {"host", "elsewhere"},           {"transfer-encoding", "chunked"},
                     {"upgrade", "h2c"}};
  const auto reply = ask(*upstream, std::move(request));
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->status, 201);
  EXPECT_EQ(reply->body, "made POST /a?b=c body");
  EXPECT_EQ(reply->content_type, "text/plain");
  EXPECT_EQ(reply->headers, (Headers{{"x-end", "to-end"}}));
  EXPECT_THAT(seen, Contains(Pair("x-own", "1")));
  EXPECT_THAT(seen, Contains(Pair("content-length", "4")));
  EXPECT_THAT(seen, Contains(Pair("host", server.url().substr(7))));
  for (const char* gone : {"connection", "x-gone", "te", "transfer-encoding", "upgrade"})
    EXPECT_FALSE(seen.contains(gone)) << gone;
}

TEST(Upstream, KeepsItsConnections) {
  LoopbackServer server{[](const WireRequest&) { return wire_reply(200, "ok"); }};
  const auto upstream = Upstream::make();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(ask(*upstream, request_to(server.url())));
  EXPECT_EQ(server.connections(), 1U);
}

TEST(Upstream, AsksManyAtOnce) {
  LoopbackServer server{
      [](const WireRequest& request) { return wire_reply(200, request.headers.at("x-number")); }};
  const auto upstream = Upstream::make();
  std::vector<std::promise<gate::Result<Response>>> promises(50);
  for (std::size_t i = 0; i < promises.size(); ++i) {
    UpstreamRequest request = request_to(server.url());
    request.headers = {{"x-number", std::to_string(i)}};
    upstream->send(std::move(request), [&promise = promises[i]](gate::Result<Response> result) {
      promise.set_value(std::move(result));
    });
  }
  for (std::size_t i = 0; i < promises.size(); ++i) {
    const auto reply = promises[i].get_future().get();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->body, std::to_string(i));
  }
}

TEST(Upstream, TakesRepliesOfEveryKind) {
  struct Row {
    const char* name;
    WireReply reply;
    int status;
    std::string body;
  };
  const Row rows[] = {
      {"a length", {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", WireReply::Then::stall}, 200, "ab"},
      {"chunks",
       {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", WireReply::Then::stall},
       200,
       "ab"},
      {"the end of the connection", {"HTTP/1.1 200 OK\r\n\r\nab", WireReply::Then::close}, 200, "ab"},
      {"HTTP/1.0", {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab", WireReply::Then::close}, 200, "ab"},
      {"no body", {"HTTP/1.1 204 No Content\r\n\r\n", WireReply::Then::stall}, 204, ""},
      {"an interim reply first",
       {"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nab",
        WireReply::Then::stall},
       404,
       "ab"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    LoopbackServer server{[&](const WireRequest&) { return row.reply; }};
    const auto reply = ask(*Upstream::make(), request_to(server.url()));
    ASSERT_TRUE(reply) << reply.error().message;
    EXPECT_EQ(reply->status, row.status);
    EXPECT_EQ(reply->body, row.body);
  }
}

TEST(Upstream, RefusesRepliesThatTwoReadersWouldEndDifferently) {
  struct Row {
    const char* name;
    std::string bytes;
    ErrorCode code = ErrorCode::unconfirmed;
  };
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const Row rows[] = {
      {"length and chunks", ok + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"chunks and length", ok + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n"},
      {"two lengths", ok + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc"},
      {"two equal lengths", ok + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nab"},
      {"a list of lengths", ok + "Content-Length: 2, 2\r\n\r\nab"},
      {"another coding", ok + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
      {"an unknown coding", ok + "Transfer-Encoding: xchunked\r\nContent-Length: 2\r\n\r\nab"},
      {"an ill-formed chunk", ok + "Transfer-Encoding: chunked\r\n\r\nxx\r\n"},
      {"an upgrade", "HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n\r\n"},
      {"a status of no class", "HTTP/1.1 999 Strange\r\nContent-Length: 0\r\n\r\n"},
      {"no HTTP", "SSH-2.0-OpenSSH\r\n\r\n"},
      {"a reply that is cut", ok + "Content-Length: 20\r\n\r\nab"},
      {"a chunk that is cut", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nab"},
      {"a head that is cut", ok + "Content-Le"},
      {"nothing", ""},
      {"a value beyond ASCII", ok + "X: caf\xc3\xa9\r\nContent-Length: 0\r\n\r\n"},
      {"interim replies without end",
       [] {
         std::string many;
         for (int i = 0; i < 20; ++i) many += "HTTP/1.1 100 Continue\r\n\r\n";
         return many;
       }()},
      {"a header without end", ok + "X: " + std::string(100'000, 'a')},
      {"a body over the limit", ok + "Content-Length: 101\r\n\r\n", ErrorCode::budget},
      {"chunks over the limit", ok + "Transfer-Encoding: chunked\r\n\r\n65\r\n", ErrorCode::budget},
      {"a body without length over the limit", ok + "\r\n" + std::string(101, 'a'), ErrorCode::budget},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    LoopbackServer server{[&](const WireRequest&) { return WireReply{row.bytes, WireReply::Then::close}; }};
    UpstreamRequest request = request_to(server.url(), "POST");
    request.reply_limit = 100;
    EXPECT_EQ(code_of(ask(*Upstream::make(), std::move(request))), row.code);
  }
}

TEST(Upstream, GivesNobodyTheReplyToAnother) {
  LoopbackServer server{[](const WireRequest& request) {
    WireReply reply = wire_reply(200, request.target);
    reply.bytes += "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
    return reply;
  }};
  const auto upstream = Upstream::make();
  for (int i = 0; i < 3; ++i) {
    const auto reply = ask(*upstream, request_to(server.url()));
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->body, "/x");
  }
  EXPECT_EQ(server.connections(), 3U);
}

TEST(Upstream, RepeatsOnADeadConnectionWhatMayBeRepeated) {
  std::atomic<int> asked{0};
  // Every second request on a connection finds it closed.
  LoopbackServer server{[&](const WireRequest& request) {
    ++asked;
    if (request.headers.contains("x-second")) return WireReply{"", WireReply::Then::close};
    return wire_reply(200, "ok");
  }};
  const auto upstream = Upstream::make();
  for (const char* method : {"GET", "POST"}) {
    ASSERT_TRUE(ask(*upstream, request_to(server.url())));
    asked = 0;
    UpstreamRequest second = request_to(server.url(), method);
    second.headers = {{"x-second", "1"}};
    EXPECT_EQ(code_of(ask(*upstream, std::move(second))), ErrorCode::unconfirmed);
    EXPECT_EQ(asked, method == std::string{"GET"} ? 2 : 1) << method;
  }
}

TEST(Upstream, EndsAtItsDeadline) {
  LoopbackServer silent{[](const WireRequest&) { return WireReply{"", WireReply::Then::stall}; }};
  LoopbackServer slow{[](const WireRequest&) {
    return WireReply{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", WireReply::Then::stall};
  }};
  const auto upstream = Upstream::make();
  for (const std::string& url : {silent.url(), slow.url()}) {
    UpstreamRequest request = request_to(url);
    request.deadline = 100ms;
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(code_of(ask(*upstream, std::move(request))), ErrorCode::timeout);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 2s);
  }
}

TEST(Upstream, SaysThatNobodyIsThere) {
  const auto upstream = Upstream::make();
  const auto refused =
      ask(*upstream, request_to("http://127.0.0.1:" + std::to_string(gate::test::free_port())));
  EXPECT_EQ(code_of(refused), ErrorCode::unavailable);
  EXPECT_EQ(refused.error().message, "connection refused");
}

TEST(Upstream, SendsNothingThatIsNoRequest) {
  const auto upstream = Upstream::make();
  for (const char* url :
       {"", "127.0.0.1:80", "ftp://x", "http://", "http://me:secret@x", "http://x/path", "http://x:y"}) {
    const auto result = ask(*upstream, request_to(url));
    EXPECT_EQ(code_of(result), ErrorCode::usage) << url;
    EXPECT_THAT(result.error().message, Not(HasSubstr("secret")));
  }
  UpstreamRequest target = request_to("http://127.0.0.1:1");
  target.target = "/x HTTP/1.1\r\nX: y";
  EXPECT_EQ(code_of(ask(*upstream, target)), ErrorCode::usage);
  UpstreamRequest header = request_to("http://127.0.0.1:1");
  header.headers = {{"x", "a\r\nb: c"}};
  EXPECT_EQ(code_of(ask(*upstream, header)), ErrorCode::usage);
}

TEST(Upstream, CallsNobodyBackAfterItsEnd) {
  LoopbackServer silent{[](const WireRequest&) { return WireReply{"", WireReply::Then::stall}; }};
  std::atomic<int> called{0};
  {
    const auto upstream = Upstream::make();
    upstream->send(request_to(silent.url()), [&](const gate::Result<Response>&) { ++called; });
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_EQ(called, 0);
}

TEST(ParseUpstreamAddress, TakesAddressesOfEveryKind) {
  EXPECT_EQ(*parse_upstream_address("http://x"), (UpstreamAddress{false, "x", "80", "x"}));
  EXPECT_EQ(*parse_upstream_address("https://x/"), (UpstreamAddress{true, "x", "443", "x"}));
  EXPECT_EQ(*parse_upstream_address("http://[::1]:8080"),
            (UpstreamAddress{false, "::1", "8080", "[::1]:8080"}));
}

}  // namespace
}  // namespace server::http
