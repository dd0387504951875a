#include "gate/load/haproxy_log.h"

#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/read_samples.h"

namespace gate::load {
namespace {

using slo::Track;
using test::read_samples;
using test::ReadSamples;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view kRequest =
    R"(10.0.1.2:33317 [20/Nov/2026:05:01:23.123] http-in app/web1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {a b} "GET / HTTP/1.1")";

// The request with one of its parts replaced.
std::string with(std::string_view part, std::string_view by) {
  std::string line{kRequest};
  return line.replace(line.find(part), part.size(), by);
}

TEST(HaproxyLog, IsReadWithAndWithoutSyslogInFront) {
  struct Row {
    const char* name;
    std::string_view prefix;
    std::string_view at;
  };
  const Row rows[] = {
      {"nothing", "", "2026-11-20T05:01:23.123Z"},
      {"RFC 3164", "Nov 20 05:01:23 lb1 haproxy[14389]: ", "2026-11-20T05:01:23.123Z"},
      {"RFC 3164 with priority", "<134>Nov 20 05:01:23 haproxy[14389]: ", "2026-11-20T05:01:23.123Z"},
      {"ISO", "2026-11-20T05:01:23.232000+02:00 lb1 haproxy[14389]: ", "2026-11-20T03:01:23.123Z"},
      {"ISO in UTC", "2026-11-20T05:01:23.232Z lb1 haproxy[14389]: ", "2026-11-20T05:01:23.123Z"},
      {"RFC 5424", "<134>1 2026-11-20T05:01:23.232000-05:30 lb1 haproxy 14389 - - ",
       "2026-11-20T10:31:23.123Z"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const ReadSamples read = read_samples(fmt::format("{}{}\n", row.prefix, kRequest));
    ASSERT_THAT(read.rows, SizeIs(1));
    EXPECT_EQ(read.rows[0],
              (ReadSamples::Row{*parse_timestamp(row.at), 109, 200, Track::baseline, "10.0.1.2"}));
  }
}

TEST(HaproxyLog, TellsStatusTrackAndClient) {
  struct Row {
    const char* name;
    std::string line;
    int status;
    Track track;
    const char* client;
  };
  const Row rows[] = {
      {"no answer", with(" 200 ", " -1 "), 0, Track::baseline, "10.0.1.2"},
      {"no answer, the client left", with("200 2750 - - ----", "-1 0 - - CH--"), 0, Track::baseline,
       "10.0.1.2"},
      {"the server broke it off", with(" ---- ", " SD-- "), 0, Track::baseline, "10.0.1.2"},
      {"the server was too slow with it", with(" ---- ", " sD-- "), 0, Track::baseline, "10.0.1.2"},
      {"no server could be reached", with("200 2750 - - ----", "503 0 - - SC--"), 503, Track::baseline,
       "10.0.1.2"},
      {"the client left within it", with(" ---- ", " CD-- "), 200, Track::baseline, "10.0.1.2"},
      {"canary server", with("web1", "web1-Canary"), 200, Track::canary, "10.0.1.2"},
      {"canary backend", with("app/web1", "app_canary/<NOSRV>"), 200, Track::canary, "10.0.1.2"},
      {"no server", with("web1 10/0/30/69/109 200", "<NOSRV> 0/-1/-1/-1/0 503"), 503, Track::none,
       "10.0.1.2"},
      {"IPv6", with("10.0.1.2", "2001:db8::1"), 200, Track::baseline, "2001:db8::1"},
      {"TLS frontend, more behind", with("http-in", "https~") + " 0/0/0/0/0 example.com/TLSv1.3/x", 200,
       Track::baseline, "10.0.1.2"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const ReadSamples read = read_samples(row.line);
    ASSERT_THAT(read.rows, SizeIs(1));
    EXPECT_EQ(read.rows[0].status, row.status);
    EXPECT_EQ(read.rows[0].track, row.track);
    EXPECT_EQ(read.rows[0].client, row.client);
  }
}

TEST(HaproxyLog, AnAssignedTrackHoldsForOtherServers) {
  EXPECT_EQ(read_samples(kRequest, 100, Track::canary).rows.at(0).track, Track::canary);
  EXPECT_THAT(read_samples(with("web1", "canary"), 100, Track::baseline).faults, SizeIs(1));
}

TEST(HaproxyLog, CountsWhatIsNoRequest) {
  const std::string first = std::string{kRequest} + "\n";
  const std::string lines[] = {
      "Nov 20 05:01:23 lb1 haproxy[14389]: Server app/web1 is DOWN, reason: Layer4 timeout",
      "Nov 20 05:01:23 lb1 haproxy[14389]: backend app has no server available!",
      "Proxy http-in started.",
      "10.0.1.2:33317 [20/Nov/2026:05:01:23.123] http-in/1: SSL handshake failure",
      with("app/web1 10/0/30/69/109 200 2750 - - ----", "http-in/<NOSRV> -1/-1/-1/-1/0 -1 0 - - CR--"),
  };
  for (const std::string& line : lines) {
    SCOPED_TRACE(line);
    const ReadSamples read = read_samples(first + line + "\n");
    EXPECT_EQ(read.other_lines, 1U);
    EXPECT_THAT(read.faults, IsEmpty());
    EXPECT_THAT(read.rows, SizeIs(1));
  }
}

TEST(HaproxyLog, NothingMalformedIsGuessed) {
  struct Row {
    std::string line;
    const char* fault;
  };
  const std::string whole{kRequest};
  const Row rows[] = {
      {"sshd[1]: Accepted publickey", "neither a request of HAProxy's HTTP log nor"},
      {with("10/0/30/69/109", "0/1/109"), "not the five timers"},
      {with("10/0/30/69/109", "10/0/x/69/109"), "not the five timers"},
      {with("/109", "/+109"), "option logasap"},
      {with("/109", "/-1"), "no total time"},
      {with(" 200 ", " 99 "), "status is neither -1 nor from 100 to 599"},
      {with(" 200 ", " 2000 "), "status is neither"},
      {with(" 200 ", " \"GET "), "status is neither"},
      {with("20/Nov", "31/Nov"), "not a date"},
      {with("Nov", "Nox"), "not a date"},
      {with("10.0.1.2:33317 ", ""), "no client"},
      {with("----", "--"), "termination state"},
      {whole.substr(0, whole.find(" 0/0")), "the line is cut off"},
      {whole.substr(0, whole.find("/1/1/1/0")), "the line is cut off"},
      {whole.substr(0, whole.find("00 2750")), "status is neither"},
      {with("GET", "\xff"), "not UTF-8"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.line);
    const ReadSamples read = read_samples(whole + "\n" + row.line);
    EXPECT_THAT(read.rows, SizeIs(1));
    ASSERT_THAT(read.faults, SizeIs(1));
    EXPECT_EQ(read.faults[0].line, 2U);
    EXPECT_THAT(read.faults[0].message, HasSubstr(row.fault));
  }
}

}  // namespace
}  // namespace gate::load
