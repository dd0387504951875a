// Our source of telemetry against servers that are none, over real connections.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/prometheus/real_prometheus.h"
#include "tests/support/loopback_server.h"
#include "tests/support/prometheus_answers.h"

namespace gate::test {
namespace {

using slo::Doubt;
using slo::Missing;
using std::chrono::milliseconds;
using testing::HasSubstr;

slo::Objective an_objective() {
  slo::Objective objective;
  objective.name = "shop";
  objective.sli = slo::RatioSli{"", "bad_total", "all_total", true, true};
  objective.target = *Decimal::parse("0.99");
  objective.span = slo::Threshold{"error_rate_percent", "1", std::chrono::seconds{60}};
  return objective;
}

constexpr std::int64_t kMoment = 1'800'000'000;

TEST(BrokenUpstream, IsNeverAPass) {
  using Then = WireReply::Then;
  const LoopbackServer elsewhere{
      [](const WireRequest&) { return wire_reply(200, prometheus_number("100")); }};
  struct Row {
    const char* name;
    WireReply reply;
    Doubt doubt;
    const char* message;
  };
  const std::string answer = prometheus_number("100");
  const Row rows[] = {
      {"half a body",
       {fmt::format("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{}", answer), Then::close},
       Doubt::unreachable,
       "the reply ended after"},
      {"half a body that looks whole", wire_reply(200, answer.substr(0, 60)), Doubt::unreachable,
       "not whole JSON"},
      {"a proxy's page", wire_reply(200, "<html>\n<title>Log in</title>"), Doubt::unreachable, "\"<html>\""},
      {"a redirect", wire_reply(307, "", "Location: " + elsewhere.url() + "/\r\n"), Doubt::unreachable,
       "HTTP 307"},
      {"no answer", {"", Then::stall}, Doubt::unreachable, "no whole reply within"},
      {"a body that stalls",
       {"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{", Then::stall},
       Doubt::unreachable,
       "no whole reply within"},
      {"broken", wire_reply(500, "oops"), Doubt::unreachable, "HTTP 500"},
      {"busy", wire_reply(429, "slow down"), Doubt::unreachable, "HTTP 429"},
      {"refused", wire_reply(422, prometheus_error("execution", "too many samples")), Doubt::inconclusive,
       "HTTP 422: execution: too many samples"},
      {"another time", wire_reply(200, answer), Doubt::inconclusive, "of another time than was asked for"},
      {"NaN", wire_reply(200, prometheus_number("NaN", kMoment)), Doubt::no_data, "NaN"},
  };
  const RealWorld world;
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const LoopbackServer server{[&](const WireRequest&) { return row.reply; }};
    slo::PrometheusSource source;
    source.url = server.url();
    source.timeout = milliseconds{300};
    checks::MeasureSettings settings;
    settings.as_of = Timestamp{std::chrono::seconds{kMoment}};
    settings.deadline = milliseconds{2'000};
    const std::vector<slo::Objective> objectives{an_objective()};
    const auto start = world.clock.elapsed();
    const auto measurements = checks::measure_prometheus(source, objectives, settings, world.source());
    EXPECT_LT(world.clock.elapsed() - start, std::chrono::seconds{4});
    ASSERT_TRUE(measurements) << measurements.error().message;
    const auto* missing = std::get_if<Missing>(&measurements->of.at(0).windows.at(0).events);
    ASSERT_NE(missing, nullptr);
    EXPECT_EQ(missing->doubt, row.doubt) << missing->message;
    EXPECT_THAT(missing->message, HasSubstr(row.message));
  }
  EXPECT_EQ(elsewhere.connections(), 0U) << "a redirect was followed";
}

TEST(BrokenUpstream, IsNotTrustedWithoutItsCertificate) {
  REQUIRE_PROGRAM(openssl, "openssl", "openssl");
  const ScratchFolder folder;
  const std::string key = (folder.path() / "key.pem").string();
  const std::string certificate = (folder.path() / "certificate.pem").string();
  ChildProcess make{
      {openssl.string(), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
       "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate},
      folder.path() / "log"};
  ASSERT_EQ(make.wait(), 0);
  const int port = free_port();
  const ChildProcess server{{openssl.string(), "s_server", "-accept", fmt::format("127.0.0.1:{}", port),
                             "-key", key, "-cert", certificate, "-www", "-quiet"},
                            folder.path() / "log"};
  const RealWorld world;
  ports::HttpRequest request;
  request.url = fmt::format("https://127.0.0.1:{}/", port);
  request.ca_file = certificate;
  auto trusted = world.http.send(request);
  for (int i = 0; i < 100 && !trusted; ++i) {
    world.clock.sleep(milliseconds{50});
    trusted = world.http.send(request);
  }
  ASSERT_TRUE(trusted) << trusted.error().message;
  EXPECT_EQ(trusted->status, 200);

  request.ca_file.clear();
  const platform::CurlHttpClient other;
  const auto refused = other.send(request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_THAT(refused.error().message, HasSubstr("not trusted: "));

  request.ca_file = (folder.path() / "none.pem").string();
  const auto no_file = other.send(request);
  ASSERT_FALSE(no_file);
  EXPECT_EQ(no_file.error().code, ErrorCode::usage);
}

}  // namespace
}  // namespace gate::test
