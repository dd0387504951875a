#include "server/http/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/loopback_server.h"
#include "tests/unit/server/http/server_world.h"

namespace server::http {
namespace {

using ::testing::StartsWith;

TEST(CheckAddresses, RefusesWhatCannotBeListenedOn) {
  for (const char* address : {"localhost", "localhost:8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999",
                              "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1", "127.0.0.1:http",
                              "300.0.0.1:1", "::1:80", "[127.0.0.1]:1", ":80", "metrics", ""}) {
    const auto checked = check_addresses({"127.0.0.1:0", address});
    ASSERT_FALSE(checked) << address;
    EXPECT_EQ(checked.error().code, gate::ErrorCode::usage);
    EXPECT_THAT(checked.error().message, StartsWith(std::string{address} + ": no address and port"));
    ServerWorld world;
    world.settings.listen = {"127.0.0.1:0", address};
    EXPECT_THROW(world.start(), std::runtime_error) << address;
  }
}

TEST(CheckAddresses, RefusesWhatAnotherOneHasAlready) {
  const auto said = [](const std::vector<std::string>& addresses) {
    const auto checked = check_addresses(addresses);
    return checked ? std::string{} : checked.error().message;
  };
  EXPECT_EQ(said({"127.0.0.1:80", "127.0.0.1:81", "127.0.0.1:80"}),
            "127.0.0.1:80: 127.0.0.1:80 has that port already");
  EXPECT_EQ(said({"0.0.0.0:80", "127.0.0.1:80"}), "127.0.0.1:80: 0.0.0.0:80 has that port already");
  EXPECT_EQ(said({"127.0.0.1:80", "0.0.0.0:080"}), "0.0.0.0:080: 127.0.0.1:80 has that port already");
  EXPECT_EQ(said({"[::1]:80", "[0:0::1]:80"}), "[0:0::1]:80: [::1]:80 has that port already");
  EXPECT_EQ(said({"[::]:80", "10.0.0.1:80"}), "10.0.0.1:80: [::]:80 has that port already");
  EXPECT_EQ(said({"[::ffff:10.0.0.1]:80", "10.0.0.1:80"}),
            "10.0.0.1:80: [::ffff:10.0.0.1]:80 has that port already");
  EXPECT_EQ(said({"127.0.0.1:80", "127.0.0.2:80", "[::1]:80", "127.0.0.1:81"}), "");
  EXPECT_EQ(said({"0.0.0.0:80", "[::1]:80"}), "");
  EXPECT_EQ(said({"127.0.0.1:0", "127.0.0.1:0"}), "");
}

TEST(CheckAddresses, SaysWhatTheServerSays) {
  const std::string port = std::to_string(gate::test::free_port());
  const std::vector<std::string> sets[] = {
      {"127.0.0.1:" + port, "127.0.0.1:" + port},
      {"0.0.0.0:" + port, "127.0.0.1:" + port},
      {"127.0.0.1:" + port, "0.0.0.0:" + port},
      {"127.0.0.1:" + port, "127.0.0.2:" + port},
      {"127.0.0.1:0", "127.0.0.1:0"},
  };
  for (const auto& listen : sets) {
    ServerWorld world;
    world.settings.listen = listen;
    const auto opened = Server::open(world.settings, world.application, world.clock, world.random);
    EXPECT_EQ(static_cast<bool>(check_addresses(listen)), static_cast<bool>(opened))
        << listen[0] << " " << listen[1];
  }
}

TEST(CheckAddresses, BindsNothing) {
  ServerWorld world;
  world.start();
  EXPECT_TRUE(check_addresses(world.server->addresses()));
}

}  // namespace
}  // namespace server::http
