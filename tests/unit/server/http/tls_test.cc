#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/platform/curl_http_client.h"
#include "gate/platform/posix_process.h"
#include "server/http/check.h"
#include "server/http/upstream.h"
#include "tests/support/programs.h"
#include "tests/unit/server/http/server_world.h"

namespace server::http {
namespace {

using gate::test::get;
using gate::test::RawClient;
using gate::test::ScratchFolder;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Runs `openssl` with those arguments and gives what it said, in both streams.
std::string openssl(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "openssl");
  const gate::platform::PosixProcess process;
  const auto outcome = process.run({std::move(arguments), std::chrono::milliseconds{20'000}, 1U << 20U});
  return outcome ? outcome->output + outcome->diagnostics : outcome.error().message;
}

// A certificate of its own for 127.0.0.1, and its key.
TlsFiles make_certificate(const ScratchFolder& folder, const std::string& name) {
  TlsFiles files{folder.path() / (name + ".pem"), folder.path() / (name + ".key")};
  openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
           "2", "-subj", "/CN=" + name, "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", files.key,
           "-out", files.certificate});
  return files;
}

class TlsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!gate::test::find_program("openssl", "openssl")) GTEST_SKIP() << "apt-get install openssl";
    files = make_certificate(folder, "one");
    world.settings.tls = files;
    world.start();
  }

  [[nodiscard]] gate::Result<gate::ports::HttpReply> ask(const std::string& path) const {
    gate::ports::HttpRequest request;
    request.url = "https://" + world.address() + path;
    request.ca_file = files.certificate;
    return gate::platform::CurlHttpClient{}.send(request);
  }

  // What the server says to a handshake with those options of `openssl s_client`.
  [[nodiscard]] std::string shake_hands(const std::vector<std::string>& options) const {
    std::vector<std::string> arguments{"s_client", "-connect", world.address()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return openssl(arguments);
  }

  ScratchFolder folder;
  TlsFiles files;
  ServerWorld world;
};

TEST_F(TlsTest, Answers) {
  const auto reply = ask("/secret");
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->body, "GET /secret");
}

TEST_F(TlsTest, SpeaksNoVersionBefore12) {
  EXPECT_THAT(shake_hands({"-tls1_2"}), HasSubstr("New, TLSv1.2"));
  EXPECT_THAT(shake_hands({"-tls1_3"}), HasSubstr("New, TLSv1.3"));
  for (const char* version : {"-tls1", "-tls1_1"}) {
    EXPECT_THAT(shake_hands({version, "-cipher", "ALL:@SECLEVEL=0"}), HasSubstr("alert protocol version"))
        << version;
  }
}

TEST_F(TlsTest, AgreesOnNoWeakCipher) {
  EXPECT_THAT(shake_hands({"-tls1_2", "-cipher", "AES128-SHA:ECDHE-ECDSA-AES128-SHA"}),
              HasSubstr("alert handshake failure"));
}

TEST_F(TlsTest, RunsNothingThatComesInTheClear) {
  RawClient client = world.client();
  client.send(get("/in-the-clear"));
  EXPECT_THAT(client.rest(), Not(HasSubstr("HTTP")));
  EXPECT_TRUE(client.is_ended());
  EXPECT_THAT(world.application.log(), IsEmpty());
}

TEST_F(TlsTest, EndsAHandshakeThatTakesTooLong) {
  Limits limits;
  limits.header_deadline = std::chrono::milliseconds{100};
  ServerWorld impatient{limits};
  impatient.settings.tls = files;
  impatient.start();
  RawClient client = impatient.client();
  client.send("\x16\x03\x01");
  EXPECT_TRUE(client.is_ended());
  EXPECT_EQ(impatient.server->counts().timed_out, 1U);
}

TEST_F(TlsTest, ReadsItsFilesAnewAndKeepsTheOldOnesOnAnError) {
  const TlsFiles other = make_certificate(folder, "two");
  std::filesystem::copy_file(other.certificate, files.certificate,
                             std::filesystem::copy_options::overwrite_existing);
  const auto half = world.server->reload_tls();
  ASSERT_FALSE(half);
  EXPECT_EQ(half.error().code, gate::ErrorCode::usage);
  EXPECT_THAT(shake_hands({}), HasSubstr("CN = one"));
  std::filesystem::copy_file(other.key, files.key, std::filesystem::copy_options::overwrite_existing);
  ASSERT_TRUE(world.server->reload_tls());
  EXPECT_THAT(shake_hands({}), HasSubstr("CN = two"));
}

TEST_F(TlsTest, ChecksFilesAsTheServerTakesThem) {
  const TlsFiles other = make_certificate(folder, "two");
  const std::string garbage = folder.path() / "garbage.pem";
  std::ofstream{garbage} << "garbage";
  EXPECT_TRUE(check_tls(files));
  for (const TlsFiles& wrong :
       {TlsFiles{files.certificate, other.key}, TlsFiles{files.key, files.certificate},
        TlsFiles{garbage, files.key}, TlsFiles{files.certificate, garbage},
        TlsFiles{files.certificate, folder.path() / "none.key"}}) {
    const auto checked = check_tls(wrong);
    ASSERT_FALSE(checked) << wrong.certificate << " " << wrong.key;
    ServerWorld second;
    second.settings.tls = wrong;
    const auto opened = Server::open(second.settings, second.application, second.clock, second.random);
    ASSERT_FALSE(opened);
    EXPECT_EQ(checked.error().message, opened.error().message);
  }
}

TEST_F(TlsTest, ChecksThatACertificateIsValidNow) {
  const auto said = [&](std::chrono::hours later) {
    const auto checked = check_validity(files, world.clock.now() + later);
    return checked ? std::string{} : checked.error().message;
  };
  EXPECT_EQ(said(std::chrono::hours{47}), "");
  EXPECT_EQ(said(std::chrono::hours{49}), files.certificate + ": the certificate has expired");
  EXPECT_EQ(said(std::chrono::hours{-1}), files.certificate + ": the certificate is not valid yet");
}

// Who is trusted comes from the environment, as OpenSSL has it.
class Trusting {
 public:
  explicit Trusting(const std::string& certificate) { ::setenv("SSL_CERT_FILE", certificate.c_str(), 1); }
  ~Trusting() { ::unsetenv("SSL_CERT_FILE"); }
  Trusting(const Trusting&) = delete;
  Trusting& operator=(const Trusting&) = delete;
};

gate::Result<Response> ask_upstream(const std::string& url_base) {
  UpstreamRequest request;
  request.url_base = url_base;
  request.method = "GET";
  request.target = "/forwarded";
  std::promise<gate::Result<Response>> promise;
  const auto upstream = Upstream::make();
  upstream->send(std::move(request),
                 [&](gate::Result<Response> result) { promise.set_value(std::move(result)); });
  return promise.get_future().get();
}

TEST_F(TlsTest, LetsAnUpstreamBeWhoItsCertificateSaysAlone) {
  const std::string port = world.address().substr(world.address().rfind(':'));
  EXPECT_FALSE(ask_upstream("https://127.0.0.1" + port)) << "nobody vouches for it";
  const Trusting trusting{files.certificate};
  const auto reply = ask_upstream("https://127.0.0.1" + port);
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->body, "GET /forwarded");
  EXPECT_FALSE(ask_upstream("https://localhost" + port)) << "the certificate names another";
  EXPECT_EQ(world.application.log().size(), 1U);
}

TEST_F(TlsTest, SaysWhichFileIsWrong) {
  const auto fault_of = [&](const TlsFiles& wrong) {
    const auto opened =
        Server::open({{"127.0.0.1:0"}, {}, wrong, {}, 1}, world.application, world.clock, world.random);
    return opened ? std::string{"it listens"} : opened.error().message;
  };
  const std::string nothing = folder.path() / "nothing.pem";
  const std::string text = folder.write("text.pem", "no certificate");
  const std::string locked = folder.path() / "locked.key";
  openssl({"pkcs8", "-topk8", "-in", files.key, "-out", locked, "-passout", "pass:word"});
  EXPECT_THAT(fault_of({nothing, files.key}), HasSubstr(nothing + ": "));
  EXPECT_THAT(fault_of({text, files.key}), HasSubstr(text + ": "));
  EXPECT_THAT(fault_of({files.certificate, text}), HasSubstr(text + ": "));
  EXPECT_THAT(fault_of({files.certificate, locked}), HasSubstr(locked + ": "));
  EXPECT_THAT(fault_of({files.certificate, make_certificate(folder, "two").key}), HasSubstr("two.key: "));
}

}  // namespace
}  // namespace server::http
