#include "server/data/choice.h"

#include <gtest/gtest.h>

namespace server::data {
namespace {

Service service(const char* name, const char* canary) {
  Service made;
  made.name = name;
  made.stable = "http://stable";
  made.canary = canary;
  return made;
}

const DataSettings kNone;
const DataSettings kOne{{service("shop", "http://canary")}, ""};
const DataSettings kTwo{{service("shop", "http://canary"), service("mail", "")}, ""};
const DataSettings kTwoWithDefault{kTwo.services, "mail"};

struct Row {
  const char* name;
  const DataSettings& settings;
  http::Headers headers;
  std::vector<std::string> reach;
  std::variant<Choice, const char*> expected;  // where it goes, or the code and the detail
};

TEST(Choice, FollowsHeadersSettingsAndReach) {
  const Row rows[] = {
      {"no services", kNone, {}, {}, "not_configured: server.toml names no service to forward to"},
      {"the only one", kOne, {}, {}, Choice{0, Track::stable}},
      {"by name", kTwo, {{"x-service", "mail"}}, {}, Choice{1, Track::stable}},
      {"the default", kTwoWithDefault, {}, {}, Choice{1, Track::stable}},
      {"none of two", kTwo, {}, {}, "invalid_request: X-Service must name one of: shop, mail"},
      {"none of two, one in reach", kTwo, {}, {"ma*"}, "invalid_request: X-Service must name one of: mail"},
      {"unknown",
       kTwo,
       {{"x-service", "shops"}},
       {},
       "invalid_request: X-Service names no service: \"shops\" (there are: shop, mail)"},
      {"unknown, and hostile",
       kTwo,
       {{"x-service", "\x1b[2J\""}},
       {},
       "invalid_request: X-Service names no service: \"\\u001b[2J\\\"\" (there are: shop, mail)"},
      {"empty", kTwo, {{"x-service", ""}}, {}, "invalid_request: X-Service must name one of: shop, mail"},
      {"out of reach",
       kTwo,
       {{"x-service", "shop"}},
       {"mail"},
       "forbidden: this key does not reach the service \"shop\""},
      {"the only one, out of reach",
       kOne,
       {},
       {"mail"},
       "forbidden: this key does not reach the service \"shop\""},
      {"out of reach and unknown look the same",
       kTwo,
       {{"x-service", "post"}},
       {"mail"},
       "forbidden: this key does not reach the service \"post\""},
      {"the canary", kOne, {{"x-canary-test", "true"}}, {}, Choice{0, Track::canary}},
      {"the canary, shouted", kOne, {{"x-canary-test", "TRUE"}}, {}, Choice{0, Track::canary}},
      {"not the canary", kOne, {{"x-canary-test", "false"}}, {}, Choice{0, Track::stable}},
      {"neither",
       kOne,
       {{"x-canary-test", "yes"}},
       {},
       "invalid_request: X-Canary-Test must be true or false"},
      {"empty, neither",
       kOne,
       {{"x-canary-test", ""}},
       {},
       "invalid_request: X-Canary-Test must be true or false"},
      {"both in one",
       kOne,
       {{"x-canary-test", "true, false"}},
       {},
       "invalid_request: X-Canary-Test must be true or false"},
      {"no canary",
       kTwo,
       {{"x-service", "mail"}, {"x-canary-test", "true"}},
       {},
       "not_configured: the service mail has no canary"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    api::Call call;
    call.head.headers = row.headers;
    call.caller.services = row.reach;
    const auto chosen = choose(row.settings, call);
    if (const auto* choice = std::get_if<Choice>(&row.expected)) {
      ASSERT_TRUE(std::holds_alternative<Choice>(chosen)) << std::get<api::Problem>(chosen).detail;
      EXPECT_EQ(std::get<Choice>(chosen), *choice);
    } else {
      ASSERT_TRUE(std::holds_alternative<api::Problem>(chosen));
      const auto& problem = std::get<api::Problem>(chosen);
      EXPECT_EQ(std::string{problem.code} + ": " + problem.detail, std::get<const char*>(row.expected));
    }
  }
}

}  // namespace
}  // namespace server::data
