#include "server/data/breaker.h"

#include <string>

#include <gtest/gtest.h>

namespace server::data {
namespace {

using std::chrono::milliseconds;

// A story, a letter a step: `.` a request that succeeds, `x` one that fails, `!` one that must be refused,
// `m` 100 ms go by, `s` one second, `t` ten.
struct Row {
  const char* name;
  std::string story;
  BreakerState state;
  int wait_ms;
};

class Teller {
 public:
  void tell(const std::string& story) {
    for (const char step : story) {
      switch (step) {
        case '.':
        case 'x': {
          const auto permit = breaker.ask(now);
          ASSERT_TRUE(permit) << story << ": a request was refused";
          breaker.tell(*permit, step == '.', now);
          break;
        }
        case '!': ASSERT_FALSE(breaker.ask(now)) << story << ": a request was let through"; break;
        case 'm': now += milliseconds{100}; break;
        case 's': now += milliseconds{1'000}; break;
        case 't': now += milliseconds{10'000}; break;
        default: FAIL() << "unknown step " << step;
      }
    }
  }

  Breaker breaker;
  Breaker::Time now{milliseconds{123'456}};
};

TEST(Breaker, TellsWhatBecomesOfAService) {
  const Row rows[] = {
      {"nothing asked", "", BreakerState::closed, 0},
      {"four failures in a row", "xxxx", BreakerState::closed, 0},
      {"five open it", "xxxxx!", BreakerState::open, 1'000},
      {"five with a success between", "xxxx.xxxx", BreakerState::closed, 0},
      {"five in a row over a long time", "xtxtxtxtx!", BreakerState::open, 1'000},
      {"ten of twenty", ".x.x.x.x.x.x.x.x.x.x!", BreakerState::open, 1'000},
      {"nine of twenty", ".x.x.x.x.x.x.x.x.x..", BreakerState::closed, 0},
      {"ten of nineteen are too few to judge", "x.x.x.x.x.x.x.x.x.x", BreakerState::closed, 0},
      {"ten of twenty, half of them long ago", ".x.x.x.x.xts.x.x.x.x.x", BreakerState::closed, 0},
      {"ten of twenty within ten seconds", ".x.x.x.x.xsssssssss.x.x.x.x.x!", BreakerState::open, 1'000},
      {"resting", "xxxxxmmmmm!mmmm!", BreakerState::open, 100},
      {"a probe that succeeds closes it", "xxxxxs.xxxx", BreakerState::closed, 0},
      {"a probe that fails doubles the rest", "xxxxxsx!s!", BreakerState::open, 1'000},
      {"and again", "xxxxxsxssxsss!", BreakerState::open, 1'000},
      {"up to 30 s", "xxxxxsxssxttxttxttxtttxtttxtt!sssssssss!", BreakerState::open, 1'000},
      {"a success makes the next rest short", "xxxxxsxss.xxxxx!", BreakerState::open, 1'000},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    Teller teller;
    teller.tell(row.story);
    EXPECT_EQ(teller.breaker.state(), row.state);
    EXPECT_EQ(teller.breaker.wait(teller.now).count(), row.wait_ms);
  }
}

TEST(Breaker, LetsOneProbeThroughAtATime) {
  Teller teller;
  teller.tell("xxxxxs");
  const auto probe = teller.breaker.ask(teller.now);
  ASSERT_TRUE(probe);
  EXPECT_EQ(teller.breaker.state(), BreakerState::half_open);
  teller.tell("!s!");
  teller.breaker.tell(*probe, true, teller.now);
  teller.tell("..");
}

TEST(Breaker, HearsNothingOfRequestsOfBefore) {
  Teller teller;
  const auto slow = teller.breaker.ask(teller.now);
  ASSERT_TRUE(slow);
  teller.tell("xxxxxs");
  const auto probe = teller.breaker.ask(teller.now);
  ASSERT_TRUE(probe);
  teller.breaker.tell(*slow, true, teller.now);
  EXPECT_EQ(teller.breaker.state(), BreakerState::half_open) << "an old success is no probe";
  teller.breaker.tell(*probe, true, teller.now);
  for (int i = 0; i < 10; ++i) teller.breaker.tell(*slow, false, teller.now);
  EXPECT_EQ(teller.breaker.state(), BreakerState::closed) << "old failures open nothing";
}

}  // namespace
}  // namespace server::data
