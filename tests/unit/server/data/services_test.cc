#include "server/data/services.h"

#include <functional>

#include <gtest/gtest.h>

namespace server::data {
namespace {

DataSettings two_services() {
  Service shop;
  shop.name = "shop";
  shop.stable = "http://127.0.0.1:9001";
  shop.canary = "https://canary.example:9443";
  shop.stable_version = "v41";
  Service mail;
  mail.name = "mail";
  mail.stable = "http://[::1]:9002";
  return {{shop, mail}, "mail"};
}

TEST(DataSettings, MayHoldNothing) {
  EXPECT_TRUE(check_settings({}));
  EXPECT_TRUE(check_settings(two_services()));
}

TEST(DataSettings, SayWhatIsWrong) {
  struct Row {
    const char* name;
    std::function<void(DataSettings&)> break_it;
    const char* message;
  };
  const char* kStable =
      R"(service "shop": stable must be http:// or https:// with a host and a port, and no path)";
  const Row rows[] = {
      {"no name", [](auto& s) { s.services[0].name.clear(); },
       R"(service "": its name must be 1 to 64 letters, digits, `-`, `_` or `.`)"},
      {"a name with a line feed", [](auto& s) { s.services[0].name = "a\n"; },
       "service \"a\n\": its name must be 1 to 64 letters, digits, `-`, `_` or `.`"},
      {"a name twice", [](auto& s) { s.services[1].name = "shop"; },
       R"(service "shop": another service has its name)"},
      {"no address", [](auto& s) { s.services[0].stable.clear(); }, kStable},
      {"another scheme", [](auto& s) { s.services[0].stable = "file:///etc"; }, kStable},
      {"a path", [](auto& s) { s.services[0].stable = "http://a:1/b"; }, kStable},
      {"a password", [](auto& s) { s.services[0].stable = "http://u:p@a:1"; }, kStable},
      {"a query", [](auto& s) { s.services[0].stable = "http://a:1?b"; }, kStable},
      {"no host", [](auto& s) { s.services[0].stable = "http://"; }, kStable},
      {"a canary that is none", [](auto& s) { s.services[0].canary = "canary"; },
       R"(service "shop": canary must be http:// or https:// with a host and a port, and no path)"},
      {"a version with a blank", [](auto& s) { s.services[0].canary_version = "v 1"; },
       R"(service "shop": a version must be 1 to 64 letters, digits, `-`, `_` or `.`)"},
      {"no deadline", [](auto& s) { s.services[0].deadline = std::chrono::milliseconds{0}; },
       R"(service "shop": its deadline must be from 1 ms to 25 s)"},
      {"a deadline beyond our own", [](auto& s) { s.services[0].deadline = std::chrono::seconds{26}; },
       R"(service "shop": its deadline must be from 1 ms to 25 s)"},
      {"another default", [](auto& s) { s.default_service = "post"; },
       R"(default_service "post": there is no such service)"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    DataSettings settings = two_services();
    row.break_it(settings);
    const auto checked = check_settings(settings);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, gate::ErrorCode::malformed);
    EXPECT_EQ(checked.error().message, row.message);
  }
}

}  // namespace
}  // namespace server::data
