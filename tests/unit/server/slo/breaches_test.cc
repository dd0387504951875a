#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/server/slo/slo_world.h"

namespace server::slo {
namespace {

TEST(SloBreaches, ARestartKeepsCountsAndGoesOnWithBreaches) {
  World shop{kErrorRate};
  for (int i = 0; i < 2; ++i) shop.traffic(450, 50);  // into the same bins
  shop.evaluate(seconds{1});
  EXPECT_EQ(text_of(shop.status(), "verdict"), "failed");
  shop.restart();
  EXPECT_EQ(text_of(shop.status(), "verdict"), "undecided");  // until it has looked
  shop.evaluate(seconds{10});
  const Value status = shop.status();
  EXPECT_EQ(text_of(status, "verdict"), "failed");
  EXPECT_EQ(text_of(list(list(status, "objectives").at(0), "windows").at(0), "events"), "1000");
  Value told = shop.breaches();
  ASSERT_EQ(list(told, "breaches").size(), 1U);
  const Value breach = list(told, "breaches")[0];
  EXPECT_EQ(text_of(breach, "objective"), "errors");
  EXPECT_EQ(text_of(breach, "severity"), "threshold");
  EXPECT_EQ(text_of(breach, "started_at"), "2026-11-20T05:00:01.000Z");
  EXPECT_EQ(text_of(breach, "ended_at"), "null");
  EXPECT_EQ(text_of(breach, "evaluations"), "2");
  EXPECT_EQ(text_of(*breach.find("worst"), "value"), "0.1");
  EXPECT_NE(text_of(breach, "reason").find("error_rate_percent = 1.0 allows 1 %"), std::string::npos);
  // Good requests thin it out, and it ends.
  for (int i = 0; i < 4; ++i) shop.traffic(5000);
  shop.evaluate(seconds{10});
  told = shop.breaches();
  ASSERT_EQ(list(told, "breaches").size(), 1U);
  EXPECT_EQ(text_of(list(told, "breaches")[0], "ended_at"), "2026-11-20T05:00:21.000Z");
  std::vector<std::string> changes;
  for (const auto& row : shop.world.audit()) {
    if (row.entry.action == "slo.verdicts_changed") changes.push_back(gate::to_compact_json(row.entry.after));
  }
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_NE(changes[1].find(R"("change":"opened")"), std::string::npos) << changes[1];
  EXPECT_NE(changes[0].find(R"("change":"closed")"), std::string::npos) << changes[0];
}

TEST(SloBreaches, BreachesSayHowFarTheyReach) {
  World shop{kErrorRate};
  Value told = shop.breaches();
  EXPECT_EQ(text_of(told, "observed_since"), "null");
  EXPECT_EQ(text_of(told, "complete"), "false");
  EXPECT_EQ(first_reason(told), "the objectives were not evaluated yet");
  shop.evaluate();
  for (int i = 0; i < 30; ++i) shop.evaluate(seconds{10});
  told = shop.breaches();
  EXPECT_EQ(text_of(told, "observed_since"), "2026-11-20T05:00:00.000Z");
  EXPECT_EQ(text_of(told, "complete"), "false");  // five minutes cannot vouch for an hour
  EXPECT_EQ(first_reason(told), "watched without a gap since 2026-11-20T05:00:00.000Z alone");
  ASSERT_EQ(list(told, "undecided").size(), 1U);
  EXPECT_EQ(text_of(list(told, "undecided")[0], "evaluations"), "31");
  for (int i = 0; i < 330; ++i) shop.evaluate(seconds{10});
  EXPECT_EQ(text_of(shop.breaches(), "complete"), "true");
  EXPECT_EQ(list(shop.breaches(), "reasons").size(), 0U);
  EXPECT_EQ(text_of(shop.breaches("?hours=2"), "complete"), "false");
  shop.restart();  // at once: nothing was missed
  shop.evaluate(seconds{20});
  EXPECT_EQ(text_of(shop.breaches(), "complete"), "true");
  shop.world.clock.advance(seconds{31});  // evaluation stands still
  EXPECT_EQ(text_of(shop.breaches(), "complete"), "false");
  EXPECT_NE(first_reason(shop.breaches()).find("over three intervals ago"), std::string::npos);
  shop.evaluate();
  EXPECT_EQ(text_of(shop.breaches(), "observed_since"), "2026-11-20T06:00:51.000Z");
}

TEST(SloBreaches, NothingWasWatchedWithoutAnObjective) {
  World shop{""};
  for (int i = 0; i < 361; ++i) shop.evaluate(seconds{10});
  const Value told = shop.breaches();
  EXPECT_EQ(text_of(told, "complete"), "false");
  EXPECT_EQ(first_reason(told), "no objective is configured for what was asked: nothing was watched");
}

TEST(SloBreaches, WhatIsWatchedNoMoreKeepsItsHistory) {
  World shop{kErrorRate};
  shop.traffic(0, 1000);
  shop.evaluate(seconds{1});
  shop.world.files.add("slo.toml",
                       "version = 1\n[[source]]\nname = \"posted\"\nkind = \"server\"\n"
                       "[[objective]]\nname = \"errors\"\nservice = \"search\"\n"
                       "error_rate_percent = \"1.0\"\nwindow = \"5m\"\n");
  shop.restart();
  shop.evaluate(seconds{10});
  const Value told = shop.breaches("?hours=1&service=shop");
  EXPECT_EQ(list(told, "breaches").size(), 1U);
  EXPECT_EQ(first_reason(told), "no objective is configured for what was asked: nothing was watched");
}

TEST(SloBreaches, BreachesAreThoseOfTheWindow) {
  World shop{kErrorRate};
  shop.traffic(0, 1000);
  shop.evaluate(seconds{1});
  shop.world.clock.advance(minutes{2});
  for (int i = 0; i < 40; ++i) shop.traffic(2500);
  shop.evaluate(seconds{1});
  EXPECT_EQ(text_of(shop.status(), "verdict"), "passed");
  shop.evaluate(minutes{59});
  EXPECT_EQ(list(shop.breaches(), "breaches").size(), 1U);
  shop.evaluate(minutes{2});
  EXPECT_EQ(list(shop.breaches(), "breaches").size(), 0U);
  EXPECT_EQ(list(shop.breaches("?hours=2"), "breaches").size(), 1U);
  EXPECT_EQ(list(shop.breaches(""), "breaches").size(), 1U);  // a day
  shop.evaluate(hours{24 * 32});
  EXPECT_EQ(list(shop.breaches("?hours=720"), "breaches").size(), 0U);
  EXPECT_EQ(shop.rows_of("slo_spans WHERE ended_at IS NOT NULL"), 0);
}

TEST(SloBreaches, HoursHaveBounds) {
  World shop{kErrorRate};
  for (const char* query :
       {"?hours=0", "?hours=721", "?hours=-1", "?hours=1.5", "?hours=", "?hours=99999999999999999999"}) {
    const auto response = ask(shop.routes, {"GET", std::string{"/api/v1/slo/breaches"} + query, ""});
    EXPECT_EQ(response.status, 422) << query;
  }
}

TEST(SloBreaches, CountsForItsMetrics) {
  World shop{kErrorRate};
  shop.traffic(900, 100);
  shop.evaluate(seconds{1});
  const std::string text = shop.world.metrics->text();
  for (const char* line :
       {"release_gate_slo_breaches_open{severity=\"threshold\"} 1\n",
        "release_gate_slo_breaches_open{severity=\"page\"} 0\n",
        "release_gate_slo_breaches_total{severity=\"threshold\"} 1\n",
        "release_gate_slo_objectives{verdict=\"failed\"} 1\n",
        "release_gate_slo_objectives{verdict=\"passed\"} 0\n", "release_gate_slo_samples_total 1000\n",
        "release_gate_slo_evaluation_seconds_count 1\n"})
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
}

}  // namespace
}  // namespace server::slo
