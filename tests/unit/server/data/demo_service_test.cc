#include "server/data/demo_service.h"

#include <optional>

#include <gtest/gtest.h>

namespace server::data {
namespace {

http::Response ask(const std::string& method, const std::string& path) {
  DemoService demo{"v42"};
  http::Head head;
  head.method = method;
  head.path = path;
  auto admitted = demo.admit(head);
  if (auto* refused = std::get_if<http::Response>(&admitted)) return *refused;
  std::optional<http::Response> answer;
  std::get<http::Admitted>(admitted).run("", http::Responder{[&](http::Response given) { answer = given; }});
  return answer.value_or(http::Response{});
}

TEST(DemoService, SaysWhichVersionItIs) {
  EXPECT_EQ(ask("GET", "/health").body, "{\"status\":\"ok\",\"version\":\"v42\"}\n");
}

TEST(DemoService, HasSymbols) {
  const http::Response answer = ask("GET", "/symbols");
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(
      answer.body.starts_with(R"({"data":[{"symbol":"ALDR","name":"Alder Shipping","currency":"EUR"},)"))
      << answer.body;
  EXPECT_TRUE(answer.body.ends_with("],\"version\":\"v42\"}\n")) << answer.body;
}

TEST(DemoService, SaysWhatItDoesNotHave) {
  EXPECT_EQ(ask("GET", "/").status, 404);
  const http::Response posted = ask("POST", "/symbols");
  EXPECT_EQ(posted.status, 405);
  EXPECT_EQ(posted.headers, (http::Headers{{"allow", "GET"}}));
}

}  // namespace
}  // namespace server::data
