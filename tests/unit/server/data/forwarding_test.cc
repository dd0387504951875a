#include "server/data/forwarding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace server::data {
namespace {

using testing::ElementsAre;
using testing::Pair;
using testing::UnorderedElementsAre;

TEST(ForwardedHeaders, LeaveOutWhatIsOursOrOfOneConnection) {
  http::Head head;
  head.correlation_id = "c-1";
  for (const char* name : {"x-api-key",
                           "authorization",
                           "proxy-authorization",
                           "cookie",
                           "host",
                           "connection",
                           "keep-alive",
                           "te",
                           "trailer",
                           "transfer-encoding",
                           "content-length",
                           "upgrade",
                           "expect",
                           "x-forwarded-for",
                           "forwarded",
                           "x-service",
                           "x-canary-test",
                           "x-correlation-id",
                           "traceparent",
                           "tracestate",
                           "accept-encoding",
                           "range"})
    head.headers.emplace_back(name, "secret");
  EXPECT_THAT(forwarded_headers(head), ElementsAre(Pair("x-correlation-id", "c-1")));
}

TEST(ForwardedHeaders, KeepWhatContentAndTracesNeed) {
  http::Head head;
  head.correlation_id = "c-1";
  head.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  head.headers = {{"accept", "text/csv"},        {"content-type", "application/json"},
                  {"user-agent", "curl/7.88.1"}, {"idempotency-key", "k-1"},
                  {"if-match", "\"7\""},         {"tracestate", "a=b"},
                  {"accept-language", "x\ny"}};
  EXPECT_THAT(forwarded_headers(head),
              UnorderedElementsAre(Pair("accept", "text/csv"), Pair("content-type", "application/json"),
                                   Pair("user-agent", "curl/7.88.1"), Pair("idempotency-key", "k-1"),
                                   Pair("if-match", "\"7\""), Pair("x-correlation-id", "c-1"),
                                   Pair("traceparent", head.traceparent), Pair("tracestate", "a=b")));
}

TEST(ForwardedAnswer, PassesOnNoHeaderThatIsNotKnownToBeSafe) {
  Service service;
  service.canary_version = "v42";
  http::Response reply;
  reply.status = 201;
  reply.body = "<script>";
  reply.content_type = "text/html";
  reply.headers = {{"set-cookie", "a=b"},
                   {"location", "/a\r\nset-cookie: a=b"},
                   {"access-control-allow-origin", "*"},
                   {"connection", "close"},
                   {"etag", "\"1\""},
                   {"retry-after", "3"},
                   {"allow", "GET\r\nx: y"},
                   {"x-served-by", "stable"}};
  const http::Response answer = forwarded_answer(reply, service, Track::canary);
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, "<script>");
  EXPECT_EQ(answer.content_type, "text/html");
  EXPECT_THAT(answer.headers, ElementsAre(Pair("etag", "\"1\""), Pair("retry-after", "3"),
                                          Pair("content-security-policy", "sandbox"),
                                          Pair("x-served-by", "canary"), Pair("x-served-version", "v42")));
}

TEST(ForwardedAnswer, SaysHowItsBodyIsEncodedAndWhereElseToLook) {
  const std::string place = "/orders/" + std::string(1'000, '7');
  http::Response reply;
  reply.status = 307;
  reply.body = "\x1f\x8b";
  reply.headers = {{"content-encoding", "gzip"}, {"location", place}};
  const http::Response answer = forwarded_answer(reply, {}, Track::stable);
  EXPECT_EQ(answer.body, "\x1f\x8b");
  EXPECT_THAT(answer.headers,
              ElementsAre(Pair("content-encoding", "gzip"), Pair("location", place),
                          Pair("content-security-policy", "sandbox"), Pair("x-served-by", "stable")));
}

TEST(ForwardedAnswer, TrustsNoContentTypeThatIsNone) {
  for (const char* type : {"", "text/html\r\nx: y", "\xff"}) {
    http::Response reply;
    reply.content_type = type;
    const http::Response answer = forwarded_answer(reply, {}, Track::stable);
    EXPECT_EQ(answer.content_type, "application/octet-stream");
    EXPECT_THAT(answer.headers,
                ElementsAre(Pair("content-security-policy", "sandbox"), Pair("x-served-by", "stable")));
  }
}

}  // namespace
}  // namespace server::data
