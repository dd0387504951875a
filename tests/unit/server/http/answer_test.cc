#include "server/http/answer.h"

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace server::http {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;
using ::testing::Not;

const AnswerFrame kFrame{"id-1", "", "Sun, 06 Nov 1994 08:49:37 GMT", false, false};

Response with_header(const std::string& name, const std::string& value) {
  return {200, "{}", "application/json", {{name, value}}, false};
}

TEST(IsSendable, HoldsBackWhatWouldAddALine) {
  struct Row {
    const char* name;
    Response response;
    bool is_sendable;
  };
  const Row rows[] = {
      {"a plain header", with_header("x-a", "b c\td"), true},
      {"a line break in a value", with_header("x-a", "b\r\nSet-Cookie: c"), false},
      {"a bare LF in a value", with_header("x-a", "b\nc"), false},
      {"a bare CR in a value", with_header("x-a", "b\rc"), false},
      {"a NUL in a value", with_header("x-a", "b\0c"s), false},
      {"a value beyond ASCII", with_header("x-a", "caf\xc3\xa9"), false},
      {"a line break in a name", with_header("x\r\na", "b"), false},
      {"a colon in a name", with_header("x:a", "b"), false},
      {"no name", with_header("", "b"), false},
      {"a line break in the content type", {200, {}, "a\r\nb: c", {}, false}, false},
      {"an interim status", {100, {}, "text/plain", {}, false}, false},
      {"a status of no class", {600, {}, "text/plain", {}, false}, false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(is_sendable(row.response), row.is_sendable);
  }
}

TEST(WireForm, IsTheWholeAnswer) {
  AnswerFrame frame = kFrame;
  frame.traceparent = "00-1-2-3";
  frame.closes = true;
  const Response response{429, "{\"a\":1}", "application/problem+json", {{"retry-after", "5"}}, false};
  EXPECT_EQ(
      wire_form(response, frame),
      "HTTP/1.1 429 Too Many Requests\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: gate-server\r\n"
      "Content-Type: application/problem+json\r\nContent-Length: 7\r\nX-Content-Type-Options: nosniff\r\n"
      "X-Correlation-Id: id-1\r\ntraceparent: 00-1-2-3\r\nConnection: close\r\nretry-after: 5\r\n"
      "Cache-Control: no-store\r\n\r\n{\"a\":1}");
}

TEST(WireForm, LeavesOutWhatWouldFrameItAnew) {
  for (const char* name : {"content-length", "Content-Length", "transfer-encoding", "connection", "date",
                           "server", "x-correlation-id", "content-type", "upgrade"}) {
    EXPECT_THAT(wire_form(with_header(name, "marked"), kFrame), Not(HasSubstr("marked"))) << name;
  }
}

TEST(WireForm, SaysOnceWhetherItMayBeStored) {
  const std::string stored = wire_form(with_header("cache-control", "max-age=60"), kFrame);
  EXPECT_THAT(stored, HasSubstr("cache-control: max-age=60\r\n"));
  EXPECT_THAT(stored, Not(HasSubstr("no-store")));
}

TEST(WireForm, HasNoBodyWhereNoneMayBe) {
  AnswerFrame head = kFrame;
  head.without_body = true;
  EXPECT_THAT(wire_form({405, "body", "text/plain", {}, false}, head), HasSubstr("Content-Length: 4\r\n"));
  for (const std::string& wire : {wire_form({405, "body", "text/plain", {}, false}, head),
                                  wire_form({204, "body", "text/plain", {}, false}, kFrame),
                                  wire_form({304, "body", "text/plain", {}, false}, kFrame)}) {
    EXPECT_TRUE(wire.ends_with("\r\n\r\n")) << wire;
  }
  EXPECT_THAT(wire_form({204, {}, "text/plain", {}, false}, kFrame), Not(HasSubstr("Content-Length")));
}

TEST(HttpDate, IsImfFixdate) {
  using namespace std::chrono;
  EXPECT_EQ(http_date(sys_days{year{1994} / 11 / 6} + 8h + 49min + 37s + 999ms),
            "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(sys_days{year{2028} / 2 / 29}), "Tue, 29 Feb 2028 00:00:00 GMT");
}

}  // namespace
}  // namespace server::http
