#include "server/slo/slo_service.h"

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/server/slo/slo_world.h"

namespace server::slo {
namespace {

TEST(SloService, ABrokenFileIsAnErrorWithItsPlace) {
  const struct {
    const char* name;
    std::string text;
    std::string error;
  } rows[] = {
      {"unknown key", kErrorRate + "eror = true\n", "slo.toml:10:1: unknown key \"eror\""},
      {"no service",
       "version = 1\n[[source]]\nname = \"posted\"\nkind = \"server\"\n[[objective]]\nname = \"a\"\n"
       "p95_latency_ms = 5\n",
       "slo.toml:6:8: \"a\" cannot be measured by what is posted: it names no service"},
      {"short slices",
       "version = 1\n[[source]]\nname = \"posted\"\nkind = \"server\"\n[[objective]]\nname = \"a\"\n"
       "service = \"shop\"\nerrors = true\ntarget = 99\nperiod = \"7d\"\nbudgeting = \"ratio_timeslices\"\n",
       "slo.toml:6:8: \"a\" cannot be measured by what is posted: slices of 1m, which are no multiple of "
       "10m"},
  };
  for (const auto& row : rows) {
    gate::test::ServiceWorld world{{kSloMigration}};
    const gate::test::FakeEnvironment environment;
    world.files.add("slo.toml", row.text);
    const auto opened =
        SloService::open(world.core(), {"slo.toml", "", seconds{10}, {}}, {nullptr, environment});
    ASSERT_FALSE(opened) << row.name;
    EXPECT_EQ(opened.error().message, row.error) << row.name;
  }
}

TEST(SloService, WithoutAnObjectiveNothingIsKnown) {
  World shop{""};
  Value status = shop.status();
  EXPECT_EQ(text_of(status, "verdict"), "undecided");
  EXPECT_EQ(first_reason(status), "the objectives were not evaluated yet");
  shop.evaluate();
  status = shop.status();
  EXPECT_EQ(text_of(status, "verdict"), "undecided");
  EXPECT_EQ(first_reason(status), "no objective is configured");
  EXPECT_EQ(text_of(status, "stale"), "false");
}

TEST(SloService, ShadowObjectivesAloneDecideNothing) {
  World shop{kErrorRate + "shadow = true\n"};
  shop.traffic(1000);
  shop.evaluate();
  const Value status = shop.status();
  EXPECT_EQ(text_of(status, "verdict"), "undecided");
  EXPECT_EQ(first_reason(status), "nothing is enforced: only shadow objectives");
}

TEST(SloService, KnowsNoServiceThatNoObjectiveIsAbout) {
  World shop{kErrorRate};
  shop.evaluate();
  for (const char* path : {"/api/v1/slo/status", "/api/v1/slo/breaches"}) {
    SCOPED_TRACE(path);
    const auto mistyped = ask(shop.routes, {"GET", std::string{path} + "?service=shpo", ""});
    EXPECT_EQ(mistyped.status, 404);
    EXPECT_NE(mistyped.body.find(R"(no objective is about the service \"shpo\" (did you mean \"shop\"?))"),
              std::string::npos)
        << mistyped.body;
    EXPECT_EQ(ask(shop.routes, {"GET", std::string{path} + "?service=", ""}).status, 404);
    EXPECT_EQ(ask(shop.routes, {"GET", std::string{path} + "?service=shop", ""}).status, 200);
  }
}

TEST(SloService, SaysWhichObjectivesDecide) {
  World shop{kErrorRate +
             "[[objective]]\nname = \"other\"\nservice = \"search\"\nerror_rate_percent = \"1.0\"\nwindow = "
             "\"5m\"\n"
             "[[objective]]\nname = \"tried\"\nservice = \"shop\"\nerror_rate_percent = \"0.1\"\nwindow = "
             "\"5m\"\nshadow = true\n"};
  shop.warm_up();
  shop.traffic(995, 5);
  shop.evaluate(seconds{1});
  Value status = shop.status();
  EXPECT_EQ(text_of(status, "verdict"), "undecided");
  ASSERT_EQ(list(status, "reasons").size(), 1U) << gate::to_compact_json(status);
  EXPECT_EQ(text_of(list(status, "reasons")[0], "rule"), "slo.no_data");
  EXPECT_EQ(first_reason(status), "other: no request in 5 min (over 5m)");
  EXPECT_EQ(list(shop.get("/api/v1/slo/status?service=shop"), "reasons").size(), 0U) << "passed";
  shop.traffic(0, 300);
  shop.evaluate(seconds{10});
  status = shop.status();
  EXPECT_EQ(text_of(status, "verdict"), "failed");
  ASSERT_EQ(list(status, "reasons").size(), 1U);
  EXPECT_EQ(text_of(list(status, "reasons")[0], "effect"), "failure");
  EXPECT_EQ(first_reason(status).substr(0, 8), "errors: ");
}

TEST(SloService, TellsWhatItMeasured) {
  World shop{kErrorRate};
  shop.traffic(990, 5);
  shop.world.clock.advance(minutes{2});
  shop.traffic(1000);
  shop.evaluate(seconds{7});
  const Value status = shop.status();
  EXPECT_EQ(text_of(status, "verdict"), "passed");
  const Value& row = list(status, "objectives").at(0);
  EXPECT_EQ(text_of(row, "name"), "errors");
  EXPECT_EQ(text_of(row, "verdict"), "passed");
  EXPECT_EQ(text_of(row, "newest_sample_age_seconds"), "7");
  EXPECT_EQ(text_of(row, "source"), "posted");
  const Value& window = list(row, "windows").at(0);
  EXPECT_EQ(text_of(window, "window"), "5m");
  EXPECT_EQ(text_of(window, "events"), "1995");
  EXPECT_EQ(text_of(*window.find("bad_share"), "most").substr(0, 8), "0.002506");
  EXPECT_EQ(text_of(*status.find("counts"), "passed"), "1");
}

TEST(SloService, SilenceIsStaleAndStaleIsUndecided) {
  World shop{kErrorRate +
             "[[objective]]\nname = \"hour\"\nservice = \"shop\"\nerror_rate_percent = \"1.0\"\n"};
  shop.traffic(1);
  shop.world.clock.advance(minutes{1});
  shop.traffic(1000);
  shop.evaluate(seconds{1});
  EXPECT_EQ(text_of(shop.status(), "verdict"), "warned");  // the hour is hardly covered
  // Nothing is posted any more: the hour's window still has good requests alone.
  shop.evaluate(minutes{6});
  const Value hour = list(shop.status(), "objectives").at(1);
  EXPECT_EQ(text_of(hour, "verdict"), "undecided");
  EXPECT_EQ(text_of(hour, "doubt"), "stale");
  EXPECT_EQ(first_reason(hour), "the newest sample is 6 min 1 s old, 5 min may be");
}

TEST(SloService, AnOldSnapshotSaysNothing) {
  World shop{kErrorRate};
  shop.traffic(1000);
  shop.evaluate(seconds{1});
  shop.world.clock.advance(seconds{30});
  const auto fresh = ask(shop.routes, {"GET", "/api/v1/slo/status", ""});
  EXPECT_EQ(text_of(json_of(fresh), "stale"), "false");
  shop.world.clock.advance(seconds{1});
  const auto stale = ask(shop.routes, {"GET", "/api/v1/slo/status", ""});
  const Value status = json_of(stale);
  EXPECT_EQ(text_of(status, "stale"), "true");
  EXPECT_EQ(text_of(status, "verdict"), "undecided");
  EXPECT_EQ(text_of(list(status, "objectives").at(0), "verdict"), "undecided");
  EXPECT_EQ(text_of(*status.find("counts"), "passed"), "0");
  EXPECT_NE(first_reason(status).find("evidence that stops is stale"), std::string::npos);
  EXPECT_NE(fresh.headers, stale.headers);  // another ETag
}

TEST(SloService, TheTagOfASnapshotSavesItsBody) {
  World shop{kErrorRate};
  shop.evaluate();
  const auto first = ask(shop.routes, {"GET", "/api/v1/slo/status", ""});
  ASSERT_EQ(first.headers.at(0).first, "etag");
  const std::string tag = first.headers[0].second;
  const gate::test::Asked again{"GET", "/api/v1/slo/status", "", {{"if-none-match", tag}}};
  EXPECT_EQ(ask(shop.routes, again).status, 304);
  shop.evaluate(seconds{10});
  EXPECT_EQ(ask(shop.routes, again).status, 200);
}

TEST(SloService, ShowsAKeyItsServicesAlone) {
  World shop{kErrorRate +
             "[[objective]]\nname = \"other\"\nservice = \"search\"\nerror_rate_percent = \"1.0\"\nwindow = "
             "\"5m\"\n"};
  shop.warm_up();
  shop.traffic(1000);
  shop.evaluate(seconds{1});
  auth::Principal caller = gate::test::administrator();
  caller.services = {"sho*"};
  EXPECT_EQ(list(shop.get("/api/v1/slo/status", caller), "objectives").size(), 1U);
  EXPECT_EQ(text_of(shop.get("/api/v1/slo/status", caller), "verdict"), "passed");
  EXPECT_EQ(text_of(shop.status(), "verdict"), "undecided");
  EXPECT_EQ(list(shop.get("/api/v1/slo/status?service=search"), "objectives").size(), 1U);
  const auto hidden = ask(shop.routes, {"GET", "/api/v1/slo/status?service=search", "", {}, caller});
  EXPECT_EQ(hidden.status, 404) << "as if there were none";
  EXPECT_EQ(list(shop.get("/api/v1/slo/breaches", caller), "undecided").size(), 0U);
  EXPECT_EQ(list(shop.get("/api/v1/slo/breaches"), "undecided").size(), 1U);
  const auto refused = ask(shop.routes, {"POST",
                                         "/api/v1/slo/samples",
                                         R"({"service":"search","samples":[{"timestamp":1795150800,)"
                                         R"("latency_ms":1,"status":200}]})",
                                         {},
                                         caller});
  EXPECT_EQ(refused.status, 403) << refused.body;
}

TEST(SloService, ASourceThatCannotBeReadLeavesTheOthersAlone) {
  World shop{
      kErrorRate.substr(0, kErrorRate.find("[[objective]]")) +
      "[[source]]\nname = \"prom\"\nkind = \"prometheus\"\nurl = \"http://127.0.0.1:9\"\n" +
      "[[source]]\nname = \"gone\"\nkind = \"samples\"\nfiles = [\"gone.csv\"]\n" +
      "[[objective]]\nname = \"errors\"\nsource = \"posted\"\nservice = \"shop\"\nerror_rate_percent = 1\n"
      "window = \"5m\"\n"
      "[[objective]]\nname = \"far\"\nsource = \"prom\"\nerror_rate_percent = 1\nbad = \"b\"\ntotal = \"t\"\n"
      "[[objective]]\nname = \"file\"\nsource = \"gone\"\nerror_rate_percent = 1\n"};
  shop.warm_up();
  shop.traffic(1000);
  shop.evaluate(seconds{1});
  const Value status = shop.status();
  const auto& rows = list(status, "objectives");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(text_of(rows[0], "verdict"), "passed") << gate::to_compact_json(rows[0]);
  EXPECT_EQ(first_reason(rows[1]), "this program talks no HTTP (over 1h)");
  EXPECT_EQ(text_of(rows[2], "doubt"), "unreachable");
  EXPECT_NE(first_reason(rows[2]).find("gone.csv"), std::string::npos) << first_reason(rows[2]);
  EXPECT_EQ(text_of(status, "verdict"), "undecided");
}

TEST(SloService, RoutesAreWhole) {
  World shop{kErrorRate};
  const auto checked = api::check_routes(shop.routes);
  EXPECT_TRUE(checked) << checked.error().message;
}

TEST(SloService, TheDemoHasObjectives) {
  World shop{""};
  shop.routes.clear();
  shop.settings.built_in = std::string{demo_objectives()};
  shop.service.reset();
  shop.start();
  shop.traffic(1000, 0, "demo");
  shop.world.clock.advance(seconds{20});
  shop.traffic(1000, 0, "demo");
  shop.evaluate(seconds{1});
  const Value status = shop.status();
  EXPECT_EQ(list(status, "objectives").size(), 3U);
  EXPECT_EQ(text_of(status, "verdict"), "warned");  // 20 seconds hardly cover five minutes
}

TEST(SloService, EvaluatesOnAThreadOfItsOwn) {
  World shop{kErrorRate};
  shop.settings.interval = std::chrono::milliseconds{5};
  shop.service.reset();
  shop.start();
  shop.service->start();
  for (int i = 0; i < 1000 && text_of(shop.status(), "evaluated_at") == "null"; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  EXPECT_NE(text_of(shop.status(), "evaluated_at"), "null");
  shop.service->stop();
  shop.drain();
}

TEST(SloService, ManyPostAndAskWhileItEvaluates) {
  World shop{kErrorRate};
  shop.settings.interval = std::chrono::milliseconds{1};
  shop.routes.clear();
  shop.service.reset();
  shop.start();
  shop.service->start();
  std::vector<std::thread> threads;
  for (int client = 0; client < 3; ++client) {
    threads.emplace_back([&shop] {
      for (int i = 0; i < 20; ++i) {
        shop.traffic(10);
        EXPECT_EQ(ask(shop.routes, {"GET", "/api/v1/slo/status", ""}).status, 200);
        EXPECT_EQ(ask(shop.routes, {"GET", "/api/v1/slo/breaches", ""}).status, 200);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  shop.service->stop();
  shop.evaluate();
  const Value status = shop.status();
  EXPECT_EQ(text_of(list(list(status, "objectives").at(0), "windows").at(0), "events"), "600");
}

}  // namespace
}  // namespace server::slo
