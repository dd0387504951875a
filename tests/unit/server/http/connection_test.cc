#include "server/http/connection.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_random.h"
#include "tests/support/raw_client.h"
#include "tests/unit/server/http/recording_application.h"

namespace server::http {
namespace {

using namespace std::chrono_literals;
using gate::test::get;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// What the other side sends and sees, without a socket.
struct Wire {
  std::string to_server;
  std::string from_server;
  std::optional<std::span<char>> reading;
  bool is_writing = false;
  bool takes_writes = true;
  bool is_finishing = false;
  bool is_closed = false;
};

class FakeStream final : public Stream {
 public:
  explicit FakeStream(Wire& wire) : wire_(wire) {}

  void open(StreamUser& user) override { user.on_open(); }
  void read(std::span<char> into) override {
    EXPECT_FALSE(wire_.reading) << "two reads at once";
    wire_.reading = into;
  }
  void write(std::string_view bytes) override {
    EXPECT_FALSE(wire_.is_writing) << "two writes at once";
    wire_.from_server += bytes;
    wire_.is_writing = true;
  }
  void finish() override { wire_.is_finishing = true; }
  void close() override { wire_.is_closed = true; }
  [[nodiscard]] bool is_busy() const override { return false; }
  [[nodiscard]] bool has_unread() const override { return !wire_.to_server.empty(); }

 private:
  Wire& wire_;
};

// One connection, its client and its time.
class ConnectionTest : public ::testing::Test {
 protected:
  void SetUp() override { begin(); }
  void TearDown() override { kept.clear(); }

  void begin() {
    wire = {};
    kept.clear();
    connection.emplace(world, std::make_unique<FakeStream>(wire), Peer{"10.0.0.1", false, 0}, Lease{},
                       [this](std::uint64_t number) {
                         return Responder{[this, number](Response response) {
                           connection->deliver(number, std::move(response));
                         }};
                       });
    connection->start();
  }

  // Lets everything happen that can.
  void pump() {
    while (!wire.is_closed) {
      if (wire.is_writing && wire.takes_writes) {
        wire.is_writing = false;
        connection->on_written();
      } else if (wire.reading && !wire.to_server.empty() && !wire.is_finishing) {
        const std::span<char> into = *std::exchange(wire.reading, std::nullopt);
        const std::size_t count = std::min(into.size(), wire.to_server.size());
        std::copy_n(wire.to_server.begin(), count, into.begin());
        wire.to_server.erase(0, count);
        connection->on_read(count);
      } else {
        return;
      }
    }
  }

  void send(std::string_view bytes) {
    wire.to_server += bytes;
    pump();
  }

  void pass(std::chrono::milliseconds time) {
    clock.advance(time);
    connection->look_at_clock(clock.elapsed());
    pump();
  }

  // Keeps answers back until the test gives them.
  void keep_answers() {
    application.handle = [this](const Head&, const std::string&, const Responder& respond) {
      kept.push_back(respond);
    };
  }

  RecordingApplication application;
  Limits limits;
  gate::test::FakeClock clock;
  gate::test::FakeRandom random;
  ServerCounts counts;
  const ConnectionWorld world{application, limits, clock, random, counts};
  Wire wire;
  std::vector<Responder> kept;
  std::optional<Connection> connection;
};

const char kThree[] =
    "POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nfirst"
    "POST /d HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nsec\r\n3\r\nond\r\n0\r\n\r\n"
    "GET /e HTTP/1.1\r\nHost: x\r\n\r\n";

TEST_F(ConnectionTest, RunsPipelinedRequestsInOrderWhereverTheBytesAreSplit) {
  const std::string bytes = kThree;
  for (std::size_t split = 0; split <= bytes.size(); ++split) {
    SCOPED_TRACE(split);
    const std::size_t before = application.log().size();
    begin();
    send(bytes.substr(0, split));
    send(bytes.substr(split));
    auto log = application.log();
    log.erase(log.begin(), log.begin() + static_cast<std::ptrdiff_t>(before));
    EXPECT_THAT(log, ElementsAre("POST /a?b=c first", "POST /d second", "GET /e"));
    EXPECT_LT(wire.from_server.find("/a?b=c first"), wire.from_server.find("/d second"));
    EXPECT_LT(wire.from_server.find("/d second"), wire.from_server.find("GET /e"));
    EXPECT_FALSE(wire.is_closed);
  }
}

TEST_F(ConnectionTest, RunsThemByteByByte) {
  for (const char c : std::string{kThree}) send({&c, 1});
  EXPECT_THAT(application.log(), ElementsAre("POST /a?b=c first", "POST /d second", "GET /e"));
}

TEST_F(ConnectionTest, LooksAtTheNextRequestOnlyOnceTheAnswerIsWritten) {
  wire.takes_writes = false;
  send(kThree);
  EXPECT_THAT(application.log(), ElementsAre("POST /a?b=c first"));
  wire.takes_writes = true;
  pump();
  EXPECT_EQ(application.log().size(), 3U);
}

TEST_F(ConnectionTest, RunsNothingBehindARefusal) {
  for (const char* refused : {"POST /x HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
                              "POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
                              "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                              "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n",
                              "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n"}) {
    SCOPED_TRACE(refused);
    begin();
    send(std::string{refused} + get("/behind"));
    EXPECT_THAT(application.log(), IsEmpty());
    EXPECT_THAT(wire.from_server, HasSubstr("Connection: close\r\n"));
    EXPECT_TRUE(wire.is_finishing);
  }
}

TEST_F(ConnectionTest, StaysOpenBehindARefusalWithoutBody) {
  send(get("/refused") + get("/behind"));
  EXPECT_THAT(application.log(), ElementsAre("GET /behind"));
  EXPECT_THAT(wire.from_server, Not(HasSubstr("Connection: close")));
}

TEST_F(ConnectionTest, RefusesABodyThatIsTooLongBeforeItComes) {
  send("POST /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n");
  EXPECT_THAT(wire.from_server, HasSubstr("HTTP/1.1 413 "));
  EXPECT_THAT(wire.from_server, Not(HasSubstr("100 Continue")));
  application.body_limit = 0;
  begin();
  send("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n");
  EXPECT_THAT(wire.from_server, HasSubstr("HTTP/1.1 413 "));
}

TEST_F(ConnectionTest, TakesABodyOfExactlyTheLimit) {
  const std::string body(1'000, 'a');
  send("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + body);
  send("POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + body + "\r\n0\r\n\r\n");
  EXPECT_THAT(application.log(), ElementsAre("POST /x " + body, "POST /x " + body));
}

TEST_F(ConnectionTest, AsksForABodyThatWaitsToBeAskedFor) {
  const std::string head = "POST /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";
  send(head);
  EXPECT_EQ(wire.from_server, "HTTP/1.1 100 Continue\r\n\r\n");
  send("abc");
  EXPECT_THAT(application.log(), ElementsAre("POST /x abc"));
  begin();
  send(head + "abc");
  EXPECT_THAT(wire.from_server, Not(HasSubstr("100 Continue"))) << "it is there already";
}

TEST_F(ConnectionTest, EndsEachWaitAtItsDeadline) {
  struct Row {
    const char* name;
    const char* sent;
    std::chrono::milliseconds deadline;
    const char* answer;  // nullptr: none
  };
  const Row rows[] = {
      {"nothing", "", limits.idle, nullptr},
      {"half a head", "GET /x HT", limits.header_deadline, "HTTP/1.1 408 "},
      {"half a body", "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nab", limits.request_deadline,
       "HTTP/1.1 408 "},
      {"half a chunk", "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
       limits.request_deadline, "HTTP/1.1 408 "},
      {"no answer", "GET /x HTTP/1.1\r\nHost: x\r\n\r\n", limits.answer_deadline, "HTTP/1.1 504 "},
  };
  keep_answers();
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    begin();
    send(row.sent);
    pass(row.deadline - 1ms);
    EXPECT_FALSE(wire.is_closed);
    EXPECT_EQ(wire.from_server, "");
    pass(1ms);
    if (row.answer != nullptr) {
      EXPECT_THAT(wire.from_server, HasSubstr(row.answer));
      EXPECT_TRUE(wire.is_finishing);
      pass(1s);
    }
    EXPECT_TRUE(wire.is_closed);
  }
}

TEST_F(ConnectionTest, LetsNoByteMoveADeadline) {
  for (const char c : std::string{"GET /a-long-way HTTP/1.1\r\n"}) {
    send({&c, 1});
    pass(limits.header_deadline / 20);
  }
  EXPECT_THAT(wire.from_server, HasSubstr("HTTP/1.1 408 "));
}

TEST_F(ConnectionTest, DropsWhatComesWhileItSaysThatItWasTooLate) {
  send("GET /x HT");
  wire.takes_writes = false;
  pass(limits.header_deadline);
  send("TP/1.1\r\nHost: x\r\n\r\n");
  wire.takes_writes = true;
  pump();
  EXPECT_THAT(application.log(), IsEmpty());
  EXPECT_TRUE(wire.is_finishing);
}

TEST_F(ConnectionTest, CutsOffAClientThatDoesNotRead) {
  wire.takes_writes = false;
  send(get("/x"));
  pass(limits.write_deadline - 1ms);
  EXPECT_FALSE(wire.is_closed);
  pass(1ms);
  EXPECT_TRUE(wire.is_closed);
  EXPECT_EQ(counts.timed_out, 1U);
}

TEST_F(ConnectionTest, TakesTheFirstAnswerAlone) {
  application.handle = [](const Head&, const std::string&, const Responder& respond) {
    respond({200, "one", "text/plain", {}, false});
    respond({200, "two", "text/plain", {}, false});
  };
  send(get("/x"));
  EXPECT_THAT(wire.from_server, HasSubstr("one"));
  EXPECT_THAT(wire.from_server, Not(HasSubstr("two")));
}

TEST_F(ConnectionTest, GivesAnAnswerToNoOtherRequest) {
  keep_answers();
  send(get("/x"));
  pass(limits.answer_deadline);
  kept.front()({200, "late", "text/plain", {}, false});
  pump();
  EXPECT_THAT(wire.from_server, Not(HasSubstr("late")));
}

TEST_F(ConnectionTest, AnswersWhatEverybodyForgot) {
  keep_answers();
  send(get("/x"));
  EXPECT_EQ(wire.from_server, "");
  kept.clear();
  pump();
  EXPECT_THAT(wire.from_server, HasSubstr("HTTP/1.1 500 "));
  EXPECT_THAT(application.refusals(), ElementsAre(500));
}

TEST_F(ConnectionTest, TellsNobodyWhatAnExceptionSays) {
  application.handle = [](const Head&, const std::string&, const Responder&) {
    throw std::runtime_error("dsn=secret");
  };
  for (const char* path : {"/throws-at-once", "/throws-later"}) {
    begin();
    send(get(path));
    EXPECT_THAT(wire.from_server, HasSubstr("HTTP/1.1 500 "));
    EXPECT_THAT(wire.from_server, Not(HasSubstr("secret")));
    EXPECT_TRUE(wire.is_finishing);
  }
}

TEST_F(ConnectionTest, SendsNoHeaderThatWouldSplitTheAnswer) {
  application.handle = [](const Head&, const std::string&, const Responder& respond) {
    respond({200, "ok", "text/plain", {{"x-a", "b\r\n\r\nHTTP/1.1 200 OK"}}, false});
  };
  send(get("/x"));
  EXPECT_THAT(wire.from_server, HasSubstr("HTTP/1.1 500 "));
  EXPECT_THAT(wire.from_server, Not(HasSubstr("HTTP/1.1 200")));
}

TEST_F(ConnectionTest, PassesTheClientsIdsOn) {
  const std::string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  send(get("/x", "X-Correlation-Id: mine\r\nTraceparent: " + trace + "\r\n"));
  EXPECT_THAT(wire.from_server, HasSubstr("X-Correlation-Id: mine\r\n"));
  EXPECT_THAT(wire.from_server, HasSubstr("traceparent: " + trace + "\r\n"));
  EXPECT_EQ(application.heads().front().correlation_id, "mine");
  EXPECT_EQ(application.heads().front().peer.address, "10.0.0.1");
  begin();
  send(get("/x", "X-Correlation-Id: a b\r\n"));
  const std::string made = application.heads().back().correlation_id;
  EXPECT_EQ(made.size(), 36U);
  EXPECT_THAT(wire.from_server, HasSubstr("X-Correlation-Id: " + made + "\r\n"));
}

TEST_F(ConnectionTest, AnswersHeadWithoutABody) {
  send("HEAD /x HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(wire.from_server.ends_with("\r\n\r\n"));
  EXPECT_THAT(wire.from_server, HasSubstr("Content-Length: 7\r\n"));
}

TEST_F(ConnectionTest, EndsWhereTheClientWantsItTo) {
  send(get("/x", "Connection: close\r\n") + get("/behind"));
  EXPECT_THAT(application.log(), ElementsAre("GET /x"));
  EXPECT_THAT(wire.from_server, HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(wire.is_finishing);
}

TEST_F(ConnectionTest, DrainsWithTheRequestUnderWay) {
  keep_answers();
  send(get("/x"));
  connection->drain();
  EXPECT_FALSE(wire.is_closed);
  kept.front()({200, "ok", "text/plain", {}, false});
  pump();
  EXPECT_THAT(wire.from_server, HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(wire.is_finishing);
}

TEST_F(ConnectionTest, DrainsAtOnceWhereItIsIdle) {
  connection->drain();
  EXPECT_TRUE(wire.is_closed);
  EXPECT_TRUE(connection->may_be_destroyed());
  begin();
  wire.to_server = get("/x");  // has come, and was not read yet
  connection->drain();
  pump();
  EXPECT_THAT(application.log(), ElementsAre("GET /x"));
}

TEST_F(ConnectionTest, TurnsAwayWhomTheCapsKeepOut) {
  limits.connections = 0;
  Admission admission{limits, counts};
  Lease lease = admission.admit("10.0.0.1");
  ASSERT_EQ(lease.kind(), Lease::Kind::turned_away);
  wire = {};
  connection.emplace(world, std::make_unique<FakeStream>(wire), Peer{"10.0.0.1", false, 0}, std::move(lease),
                     [](std::uint64_t) { return Responder{[](const Response&) {}}; });
  connection->start();
  send(get("/x"));
  EXPECT_THAT(wire.from_server, HasSubstr("HTTP/1.1 503 "));
  EXPECT_THAT(application.log(), IsEmpty());
  EXPECT_TRUE(wire.is_finishing);
  connection.reset();
}

}  // namespace
}  // namespace server::http
