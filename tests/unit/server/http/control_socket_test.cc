#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/platform/curl_http_client.h"
#include "tests/support/programs.h"
#include "tests/unit/server/http/server_world.h"

namespace server::http {
namespace {

using gate::test::get;
using gate::test::RawClient;
using ::testing::HasSubstr;

struct ControlWorld : ServerWorld {
  ControlWorld() { settings.control_socket = path; }

  [[nodiscard]] std::string fault() {
    const auto opened = Server::open(settings, application, clock, random);
    return opened ? "" : opened.error().message;
  }

  gate::test::ScratchFolder folder;
  std::string path = folder.path() / "control";
};

TEST(ControlSocket, TellsWhoIsThere) {
  ControlWorld world;
  world.start();
  RawClient client = RawClient::on_path(world.path);
  client.send(get("/local"));
  ASSERT_TRUE(client.reply());
  RawClient remote = world.client();
  remote.send(get("/remote"));
  ASSERT_TRUE(remote.reply());
  const auto heads = world.application.heads();
  EXPECT_TRUE(heads[0].peer.is_local_owner);
  EXPECT_EQ(heads[0].peer.uid, ::geteuid());
  EXPECT_EQ(heads[0].peer.address, "");
  EXPECT_FALSE(heads[1].peer.is_local_owner);
}

TEST(ControlSocket, IsTheOwnersAloneWhateverTheUmask) {
  ControlWorld world;
  const mode_t before = ::umask(0);
  world.start();
  ::umask(before);
  struct stat file {};
  ASSERT_EQ(::stat(world.path.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777U, 0600U);
}

TEST(ControlSocket, IsReachedByOurClient) {
  ControlWorld world;
  world.start();
  gate::ports::HttpRequest request;
  request.url = "http://gate-server/keys?all=1";
  request.unix_socket = world.path;
  const auto reply = gate::platform::CurlHttpClient{}.send(request);
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->body, "GET /keys?all=1");
  EXPECT_EQ(world.application.heads().front().header("host"), "gate-server");
}

TEST(ControlSocket, StaysReachableWhereEveryPlaceIsTaken) {
  ControlWorld world;
  world.settings.limits.connections = 0;
  world.start();
  RawClient client = RawClient::on_path(world.path);
  client.send(get("/local"));
  EXPECT_EQ(client.reply().value_or(gate::test::RawReply{}).status, 200);
}

TEST(ControlSocket, IsGoneWithItsServer) {
  ControlWorld world;
  world.start();
  world.server->stop(std::chrono::milliseconds{0});
  EXPECT_FALSE(std::filesystem::exists(world.path));
}

TEST(ControlSocket, ReplacesThatOfADeadServer) {
  ControlWorld world;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy(world.path.begin(), world.path.end(), address.sun_path);
  const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::bind(dead, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(dead);
  ASSERT_TRUE(std::filesystem::exists(world.path));
  world.start();
  RawClient client = RawClient::on_path(world.path);
  client.send(get("/local"));
  EXPECT_TRUE(client.reply());
}

TEST(ControlSocket, TakesNothingFromTheLivingNorFromFiles) {
  ControlWorld world;
  world.start();
  EXPECT_EQ(world.fault(), world.path + ": another server listens there");
  EXPECT_TRUE(std::filesystem::exists(world.path)) << "it is the living server's";
  world.settings.control_socket = world.folder.write("a-file", "mine");
  EXPECT_THAT(world.fault(), HasSubstr("a file that is no socket is in the way"));
  EXPECT_TRUE(std::filesystem::exists(world.settings.control_socket));
  world.settings.control_socket = world.folder.path() / std::string(108, 'a');
  EXPECT_THAT(world.fault(), HasSubstr("the path is longer than the 107 bytes"));
  world.settings.control_socket = world.folder.path() / "no-folder/control";
  EXPECT_THAT(world.fault(), HasSubstr("no such file or directory"));
}

}  // namespace
}  // namespace server::http
