#include "server/http/framing.h"

#include <set>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/http/syntax.h"
#include "tests/unit/server/http/malformed_heads.h"

namespace server::http {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

const Limits kLimits;

// What a connection would say of bytes that came all at once.
Refusal refusal_of(const std::string& bytes) {
  const HeadEnd end = find_head_end(bytes, 0);
  if (end.state == HeadEnd::State::malformed) return {400, "malformed"};
  if (end.state == HeadEnd::State::incomplete) return too_long(bytes, kLimits);
  const auto checked = check_head(std::string_view{bytes}.substr(0, end.bytes), kLimits);
  const auto* refusal = std::get_if<Refusal>(&checked);
  return refusal == nullptr ? Refusal{200, "taken"} : *refusal;
}

CheckedHead taken(const std::string& bytes) {
  auto checked = check_head(bytes, kLimits);
  if (const auto* refusal = std::get_if<Refusal>(&checked)) {
    ADD_FAILURE() << "refused: " << refusal->why << "\n" << bytes;
    return {};
  }
  return std::get<CheckedHead>(checked);
}

std::string head_with(const std::string& headers) {
  return "GET /a HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
}

TEST(CheckHead, RefusesEveryMalformedHead) {
  std::set<std::string> names;
  for (const MalformedHead& head : malformed_heads()) {
    SCOPED_TRACE(head.name);
    EXPECT_EQ(refusal_of(head.bytes).status, head.status);
    EXPECT_TRUE(names.insert(head.name).second) << "two rows of one name";
  }
  EXPECT_GE(names.size(), 80U);
}

TEST(CheckHead, RefusesEveryControlCharacterWhereverItStands) {
  const std::string whole = head_with("X: yy\r\n");
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int c = 0; c < 256; ++c) {
      if (c == '\t' || c == '\r' || c == '\n' || (c >= ' ' && c <= '~')) continue;
      std::string spoilt = whole;
      spoilt[at] = static_cast<char>(c);
      EXPECT_EQ(find_head_end(spoilt, 0).state, HeadEnd::State::malformed) << c << " at " << at;
    }
  }
}

TEST(CheckHead, TakesNothingButOneWholeHead) {
  const std::string whole = head_with({});
  EXPECT_TRUE(std::holds_alternative<CheckedHead>(check_head(whole, kLimits)));
  EXPECT_TRUE(std::holds_alternative<Refusal>(check_head(whole + "x", kLimits)));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_TRUE(std::holds_alternative<Refusal>(check_head(whole.substr(0, length), kLimits))) << length;
  }
}

TEST(CheckHead, SaysNothingOfWhatWasSent) {
  const auto refusal = refusal_of(head_with("X-Secret\x01: s3cret\r\n"));
  EXPECT_EQ(refusal.why.find("ecret"), std::string_view::npos);
}

TEST(CheckHead, ReadsARequest) {
  const CheckedHead checked = taken(
      "POST /api/v1/x?hours=1&to=a%20b+c&flag HTTP/1.1\r\nHost: gate.example:8080\r\nX-Thing: \t one  two "
      "\t\r\n"
      "Content-Length: 12\r\nEmpty:\r\n\r\n");
  EXPECT_EQ(checked.head.method, "POST");
  EXPECT_EQ(checked.head.target, "/api/v1/x?hours=1&to=a%20b+c&flag");
  EXPECT_EQ(checked.head.path, "/api/v1/x");
  EXPECT_THAT(checked.head.query, ElementsAre(Pair("hours", "1"), Pair("to", "a b c"), Pair("flag", "")));
  EXPECT_THAT(checked.head.headers,
              ElementsAre(Pair("host", "gate.example:8080"), Pair("x-thing", "one  two"),
                          Pair("content-length", "12"), Pair("empty", "")));
  EXPECT_TRUE(checked.head.has_body);
  EXPECT_EQ(checked.head.content_length, 12U);
  EXPECT_TRUE(checked.keeps_alive);
  EXPECT_FALSE(checked.is_chunked);
  EXPECT_FALSE(checked.expects_continue);
}

TEST(CheckHead, ReadsTheFraming) {
  struct Row {
    const char* name;
    const char* headers;
    bool has_body;
    bool is_chunked;
    bool keeps_alive;
    bool expects_continue;
  };
  const Row rows[] = {
      {"nothing", "", false, false, true, false},
      {"a length of zero", "Content-Length: 0\r\n", false, false, true, false},
      {"a length with zeros in front", "Content-Length: 007\r\n", true, false, true, false},
      {"chunks", "Transfer-Encoding: chunked\r\n", true, true, true, false},
      {"chunks in other letters", "Transfer-Encoding: Chunked\r\n", true, true, true, false},
      {"chunks with padding", "transfer-encoding: \t chunked \r\n", true, true, true, false},
      {"close", "Connection: close\r\n", false, false, false, false},
      {"close in a list", "Connection: keep-alive, CLOSE\r\n", false, false, false, false},
      {"close in the second of two", "Connection: keep-alive\r\nConnection: close\r\n", false, false, false,
       false},
      {"keep-alive", "Connection: Keep-Alive\r\n", false, false, true, false},
      {"continue", "Expect: 100-Continue\r\nContent-Length: 1\r\n", true, false, true, true},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const CheckedHead checked = taken(head_with(row.headers));
    EXPECT_EQ(checked.head.has_body, row.has_body);
    EXPECT_EQ(checked.is_chunked, row.is_chunked);
    EXPECT_EQ(checked.keeps_alive, row.keeps_alive);
    EXPECT_EQ(checked.expects_continue, row.expects_continue);
  }
}

TEST(CheckHead, TakesHostsOfEveryKind) {
  for (const char* host : {"x", "gate.example", "gate-server_2:8080", "127.0.0.1", "127.0.0.1:0", "[::1]",
                           "[::]:1", "[2001:db8::1]:65535", "[::ffff:127.0.0.1]:80"}) {
    EXPECT_TRUE(is_host(host)) << host;
  }
}

TEST(CheckHead, TakesTargetsOfEveryKind) {
  for (const char* target : {"/", "//", "/a/b/", "/a.b/..c/d..", "/...", "/%41%2f", "/a?", "/a?b=c&d=%20e",
                             "/a?b=../c", "/~a/:b@c;d=e,f!$&'()*+", "/a?/?/"}) {
    EXPECT_TRUE(is_origin_form(target)) << target;
  }
}

TEST(CheckHead, TakesTheClientsIdsOnlyWhereTheyAreFit) {
  struct Row {
    const char* name;
    std::string headers;
    std::string correlation_id;
    std::string traceparent;
  };
  const std::string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const Row rows[] = {
      {"none", "", "", ""},
      {"both", "X-Correlation-Id: a.B_c-9\r\nTraceparent: " + trace + "\r\n", "a.B_c-9", trace},
      {"an id with a space", "X-Correlation-Id: a b\r\n", "", ""},
      {"an id with a slash", "X-Correlation-Id: a/b\r\n", "", ""},
      {"an id of 64", "X-Correlation-Id: " + std::string(64, 'a') + "\r\n", std::string(64, 'a'), ""},
      {"an id of 65", "X-Correlation-Id: " + std::string(65, 'a') + "\r\n", "", ""},
      {"an empty id", "X-Correlation-Id:\r\n", "", ""},
      {"two ids", "X-Correlation-Id: a\r\nX-Correlation-Id: a\r\n", "", ""},
      {"a trace in capitals", "Traceparent: 00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01\r\n", "",
       ""},
      {"a trace of zeros", "Traceparent: 00-" + std::string(32, '0') + "-00f067aa0ba902b7-01\r\n", "", ""},
      {"a parent of zeros",
       "Traceparent: 00-" + std::string(32, '1') + "-" + std::string(16, '0') + "-01\r\n", "", ""},
      {"a trace of version ff", "Traceparent: ff" + trace.substr(2) + "\r\n", "", ""},
      {"a trace that is cut", "Traceparent: " + trace.substr(0, 54) + "\r\n", "", ""},
      {"two traces", "Traceparent: " + trace + "\r\nTraceparent: " + trace + "\r\n", "", ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const Head head = taken(head_with(row.headers)).head;
    EXPECT_EQ(head.correlation_id, row.correlation_id);
    EXPECT_EQ(head.traceparent, row.traceparent);
  }
}

TEST(CheckHead, HoldsTheLimitsToTheByte) {
  Limits limits;
  limits.header_fields = 2;
  const std::string head = head_with("A: b\r\n");
  limits.header_bytes = head.size();
  limits.target_bytes = 2;
  EXPECT_TRUE(std::holds_alternative<CheckedHead>(check_head(head, limits)));
  --limits.header_bytes;
  EXPECT_EQ(std::get<Refusal>(check_head(head, limits)).status, 431);
  ++limits.header_bytes;
  limits.header_fields = 1;
  EXPECT_EQ(std::get<Refusal>(check_head(head, limits)).status, 431);
  limits.header_fields = 2;
  limits.target_bytes = 1;
  EXPECT_EQ(std::get<Refusal>(check_head(head, limits)).status, 414);
}

TEST(FindHeadEnd, FindsItWhereverTheBytesAreSplit) {
  const std::string bytes = head_with("A: b\r\n") + "GET";
  for (std::size_t first = 0; first <= bytes.size(); ++first) {
    const HeadEnd early = find_head_end(std::string_view{bytes}.substr(0, first), 0);
    if (first < bytes.size() - 3) {
      EXPECT_EQ(early.state, HeadEnd::State::incomplete) << first;
      EXPECT_EQ(find_head_end(bytes, first).bytes, bytes.size() - 3) << first;
    } else {
      EXPECT_EQ(early.bytes, bytes.size() - 3) << first;
    }
  }
}

}  // namespace
}  // namespace server::http
