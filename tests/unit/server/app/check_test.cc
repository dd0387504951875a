#include "server/app/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_environment.h"
#include "tests/support/fake_files.h"
#include "tests/support/fake_http.h"
#include "tests/support/fake_random.h"

namespace server::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CheckTest : public ::testing::Test {
 protected:
  std::vector<std::string> said() {
    std::vector<std::string> messages;
    for (const gate::Error& fault : check_files(settings_, {clock_, random_, files_, environment_, http_}))
      messages.push_back(fault.message);
    return messages;
  }

  gate::test::FakeClock clock_;
  gate::test::FakeRandom random_;
  gate::test::FakeFiles files_;
  gate::test::FakeEnvironment environment_;
  gate::test::FakeHttp http_;
  Settings settings_;
};

TEST_F(CheckTest, FindsTheDefaultsInOrder) {
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(CheckTest, LooksAtEveryAddress) {
  settings_.listen = {"127.0.0.1:8080", "localhost"};
  EXPECT_THAT(said(), ElementsAre(HasSubstr("localhost: no address and port")));
  settings_.listen = {"127.0.0.1:8080"};
  settings_.metrics_listen = "garbage";
  EXPECT_THAT(said(), ElementsAre(HasSubstr("garbage: no address and port")));
  settings_.metrics_listen = "127.0.0.1:8080";
  EXPECT_THAT(said(), ElementsAre("127.0.0.1:8080: 127.0.0.1:8080 has that port already"));
  settings_.metrics_listen = "127.0.0.1:9100";
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(CheckTest, LooksIntoTlsFiles) {
  settings_.tls = http::TlsFiles{"no/such.pem", "no/such.key"};
  EXPECT_THAT(said(), ElementsAre(HasSubstr("no/such.pem")));
  // They can be read, and OpenSSL finds nothing.
  files_.add("no/such.pem", "garbage");
  files_.add("no/such.key", "garbage");
  EXPECT_THAT(said(), ElementsAre(HasSubstr("no/such.pem: ")));
}

TEST_F(CheckTest, LooksForTheFolderOfTheLog) {
  settings_.log_file = "no/such/server.log";
  EXPECT_THAT(said(), ElementsAre("no/such/server.log: the log's folder is not there"));
  files_.add_folder("no/such");
  EXPECT_THAT(said(), IsEmpty());
  files_.add_folder("no/such/server.log");
  EXPECT_THAT(said(), ElementsAre("no/such/server.log: the log is a folder"));
  settings_.log_file = "server.log";
  EXPECT_THAT(said(), IsEmpty()) << "the working folder is always there";
}

}  // namespace
}  // namespace server::app
