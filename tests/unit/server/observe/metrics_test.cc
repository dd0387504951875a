#include "server/observe/metrics.h"

#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace server::observe {
namespace {

using testing::HasSubstr;

TEST(Metrics, PrintsEachKindWithItsHelp) {
  const auto metrics = Metrics::make();
  metrics->counter("release_gate_things_total", "Things.", {{"kind", "a"}}).add(2);
  metrics->gauge("release_gate_level", "Level.").set(-1.5);
  metrics->histogram("release_gate_wait_seconds", "Waits.", {0.1, 1}).observe(0.5);
  const std::string text = metrics->text();
  for (const char* line : {
           "# HELP release_gate_things_total Things.\n# TYPE release_gate_things_total counter\n",
           "release_gate_things_total{kind=\"a\"} 2\n",
           "# TYPE release_gate_level gauge\nrelease_gate_level -1.5\n",
           "release_gate_wait_seconds_bucket{le=\"0.1\"} 0\n",
           "release_gate_wait_seconds_bucket{le=\"1\"} 1\n",
           "release_gate_wait_seconds_bucket{le=\"+Inf\"} 1\n",
           "release_gate_wait_seconds_sum 0.5\n",
           "release_gate_wait_seconds_count 1\n",
       }) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(Metrics, AreThereFromTheStart) {
  const auto metrics = Metrics::make();
  metrics->counter("release_gate_things_total", "Things.", {{"kind", "a"}});
  EXPECT_THAT(metrics->text(), HasSubstr("release_gate_things_total{kind=\"a\"} 0\n"));
}

TEST(Metrics, GiveTheSameHandleForTheSameLabels) {
  const auto metrics = Metrics::make();
  Counter& first = metrics->counter("release_gate_things_total", "Things.", {{"kind", "a"}});
  Counter& second = metrics->counter("release_gate_things_total", "Things.", {{"kind", "b"}});
  EXPECT_EQ(&first, &metrics->counter("release_gate_things_total", "Things.", {{"kind", "a"}}));
  EXPECT_NE(&first, &second);
}

TEST(Metrics, AskTheCollectorsFirst) {
  const auto metrics = Metrics::make();
  Gauge& gauge = metrics->gauge("release_gate_level", "Level.");
  int asked = 0;
  metrics->before_text([&] { gauge.set(++asked); });
  EXPECT_THAT(metrics->text(), HasSubstr("release_gate_level 1\n"));
  EXPECT_THAT(metrics->text(), HasSubstr("release_gate_level 2\n"));
}

TEST(Metrics, FollowACountOfSomebodyElse) {
  const auto metrics = Metrics::make();
  Counter& counter = metrics->counter("release_gate_things_total", "Things.");
  counter.raise_to(5);
  counter.raise_to(7);
  counter.raise_to(3);
  EXPECT_THAT(metrics->text(),
              HasSubstr("# TYPE release_gate_things_total counter\nrelease_gate_things_total 7\n"));
}

TEST(Metrics, CountFromManyThreads) {
  const auto metrics = Metrics::make();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      Counter& counter = metrics->counter("release_gate_things_total", "Things.");
      for (int i = 0; i < 1'000; ++i) counter.add();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(metrics->text(), HasSubstr("release_gate_things_total 4000\n"));
}

}  // namespace
}  // namespace server::observe
