#include "server/data/demo.h"

#include <future>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/platform/system.h"
#include "server/http/upstream.h"

namespace server::data {
namespace {

using testing::HasSubstr;

gate::Result<http::Response> ask(http::Upstream& upstream, const std::string& url,
                                 const std::string& target) {
  http::UpstreamRequest request;
  request.url_base = url;
  request.method = "GET";
  request.target = target;
  std::promise<gate::Result<http::Response>> replied;
  upstream.send(request, [&](gate::Result<http::Response> reply) { replied.set_value(std::move(reply)); });
  return replied.get_future().get();
}

TEST(Demo, AnswersAsTwoVersionsOverHttp) {
  const gate::platform::SystemClock clock;
  const gate::platform::SystemRandom random;
  auto demo = Demo::open(clock, random);
  ASSERT_TRUE(demo) << demo.error().message;
  (*demo)->start();
  const DataSettings settings = (*demo)->settings();
  ASSERT_EQ(settings.services.size(), 1U);
  EXPECT_EQ(settings.default_service, settings.services[0].name);
  const Service& service = settings.services[0];
  const auto upstream = http::Upstream::make();
  const auto stable = ask(*upstream, service.stable, "/health");
  ASSERT_TRUE(stable) << stable.error().message;
  EXPECT_EQ(stable->status, 200);
  EXPECT_THAT(stable->body, HasSubstr(service.stable_version));
  const auto canary = ask(*upstream, service.canary, "/symbols");
  ASSERT_TRUE(canary) << canary.error().message;
  EXPECT_THAT(canary->body, HasSubstr(service.canary_version));
  EXPECT_EQ(ask(*upstream, service.stable, "/none")->status, 404);

  (*demo)->stop();
  const auto gone = ask(*upstream, service.stable, "/health");
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, gate::ErrorCode::unavailable);
}

}  // namespace
}  // namespace server::data
