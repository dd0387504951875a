#include "server/slo/slo_service.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "tests/support/fake_environment.h"
#include "tests/support/fake_http.h"
#include "tests/support/service_world.h"

namespace server::slo {
namespace {

using gate::Value;
using gate::test::ask;
using gate::test::json_of;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const std::string kErrorRate =
    "version = 1\n[[source]]\nname = \"posted\"\nkind = \"server\"\n"
    "[[objective]]\nname = \"errors\"\nservice = \"shop\"\nerror_rate_percent = \"1.0\"\nwindow = \"5m\"\n";

std::string text_of(const Value& object, std::string_view name) {
  const Value* value = object.find(name);
  if (value == nullptr || value->is_null()) return "null";
  const std::string* text = value->as_string();
  return text == nullptr ? gate::to_compact_json(*value) : *text;
}

const Value::Array& list(const Value& object, std::string_view name) {
  return *object.find(name)->as_array();
}

// A wall clock that somebody sets; the monotonic one goes on.
struct JumpingClock final : gate::ports::Clock {
  explicit JumpingClock(const gate::ports::Clock& clock) : steady(clock) {}
  [[nodiscard]] gate::Timestamp now() const override { return steady.now() + jump; }
  [[nodiscard]] std::chrono::nanoseconds elapsed() const override { return steady.elapsed(); }
  void sleep(std::chrono::milliseconds duration) const override { steady.sleep(duration); }

  const gate::ports::Clock& steady;
  std::chrono::milliseconds jump{0};
};

// A running service; restart() as a process does.
struct World {
  explicit World(const std::string& slo_toml, std::vector<std::string> services = {}) {
    if (!slo_toml.empty()) settings.objectives_file = "slo.toml";
    world.files.add("slo.toml", slo_toml);
    settings.services = std::move(services);
    start();
  }

  void start() {
    const api::Core core = world.core();
    auto opened = SloService::open({core.store, clock, core.random, core.files, core.log, core.metrics},
                                   settings, {nullptr, environment});
    ASSERT_TRUE(opened) << opened.error().message;
    service = std::move(*opened);
    const auto loaded =
        world.store().read_now([&](store::Transaction& transaction) { return service->reload(transaction); });
    ASSERT_TRUE(loaded) << loaded.error().message;
    routes = service->routes();
  }

  void restart() {
    drain();
    routes.clear();
    service.reset();
    world.restart();
    start();
  }

  void drain() {
    ASSERT_TRUE(world.store().write_now([](store::Transaction&) { return gate::done(); }));
  }

  void evaluate(seconds after = seconds{0}) {
    world.clock.advance(after);
    service->evaluate_once();
    drain();
  }

  http::Response post(const std::string& body, const std::string& key = "") {
    gate::test::Asked asked{"POST", "/api/v1/slo/samples", body};
    if (!key.empty()) asked.headers = {{"idempotency-key", key}};
    return ask(routes, asked);
  }

  // That many requests now.
  void traffic(int good, int bad = 0, const std::string& service_name = "shop") {
    std::string samples;
    for (int i = 0; i < good + bad; ++i) {
      samples += fmt::format(R"({}{{"timestamp":"{}","latency_ms":10,"status":{}}})", i == 0 ? "" : ",",
                             gate::to_string(clock.now()), i < good ? 200 : 500);
    }
    const auto response = post(fmt::format(R"({{"service":"{}","samples":[{}]}})", service_name, samples));
    ASSERT_EQ(response.status, 200) << response.body;
  }

  // So that what comes now stands at the end of five minutes with data.
  void warm_up() {
    traffic(1);
    world.clock.advance(minutes{4} + seconds{50});
  }

  Value get(const std::string& target, const std::optional<auth::Principal>& caller = std::nullopt) {
    const auto response = ask(routes, {"GET", target, "", {}, caller});
    EXPECT_EQ(response.status, 200) << response.body;
    return json_of(response);
  }
  Value status() { return get("/api/v1/slo/status"); }
  Value breaches(const std::string& query = "?hours=1") { return get("/api/v1/slo/breaches" + query); }

  gate::test::ServiceWorld world{{kSloMigration}};
  JumpingClock clock{world.clock};
  gate::test::FakeEnvironment environment;
  SloSettings settings;
  std::unique_ptr<SloService> service;
  std::vector<api::Route> routes;
};

std::string first_reason(const Value& object) {
  const auto& reasons = list(object, "reasons");
  return reasons.empty() ? "" : text_of(reasons[0], "message");
}

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
  EXPECT_EQ(list(shop.get("/api/v1/slo/status?service=search", caller), "objectives").size(), 0U);
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

TEST(SloService, RefusesServicesThatItDoesNotKnow) {
  World shop{kErrorRate, {"search", "cart"}};
  const auto response =
      shop.post(R"({"service":"serch","samples":[{"timestamp":1795150800,"latency_ms":1,"status":200}]})");
  EXPECT_EQ(response.status, 422);
  const Value problem = json_of(response);
  EXPECT_EQ(
      text_of(problem, "detail"),
      "\"serch\" is not a service of this server (did you mean \"search\"?): known are search, cart, shop");
  EXPECT_EQ(text_of(list(problem, "errors").at(0), "pointer"), "/service");
  shop.traffic(1);  // services of objectives may post without being named
}

TEST(SloService, HostileBodiesChangeNothing) {
  World shop{kErrorRate};
  const struct {
    const char* name;
    std::string body;
    int status;
  } rows[] = {
      {"NaN", R"({"service":"shop","samples":[{"timestamp":1795150800,"latency_ms":NaN,"status":200}]})",
       400},
      {"a duplicate member", R"({"service":"shop","service":"shop","samples":[]})", 400},
      {"cut off", R"({"service":"shop","samples":[{"timest)", 400},
      {"too deep", std::string(64, '['), 400},
      {"empty", "", 422},
      {"one bad among good ones",
       R"({"service":"shop","samples":[{"timestamp":1795150800,"latency_ms":1,"status":200},{}]})", 422}};
  for (const auto& row : rows) EXPECT_EQ(shop.post(row.body).status, row.status) << row.name;
  shop.evaluate();
  EXPECT_EQ(first_reason(list(shop.status(), "objectives").at(0)), "no request in 5 min (over 5m)");
  EXPECT_TRUE(gate::test::json_of(shop.post("[]")).find("errors") != nullptr);
  for (const auto& row : shop.world.audit()) EXPECT_NE(row.entry.action, "slo.samples_posted");
}

TEST(SloService, AReplayCountsOnce) {
  World shop{kErrorRate};
  const std::string body =
      R"({"service":"shop","samples":[{"timestamp":1795150800,"latency_ms":1,"status":200,"client":"secret-name"}]})";
  const auto first = shop.post(body, "key-1");
  const auto second = shop.post(body, "key-1");
  EXPECT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(first.body, second.body);
  EXPECT_EQ(shop.post(body.substr(0, body.size() - 2) +
                          R"(,{"timestamp":1795150800,"latency_ms":1,"status":500}]})",
                      "key-1")
                .status,
            422);
  shop.evaluate();
  const Value status = shop.status();
  EXPECT_EQ(text_of(list(list(status, "objectives").at(0), "windows").at(0), "events"), "1");
  const auto audit = shop.world.audit();
  ASSERT_EQ(audit.size(), 2U);  // the batch, and that the objective is undecided
  EXPECT_EQ(audit[1].entry.action, "slo.samples_posted");
  EXPECT_EQ(audit[1].entry.subject, "shop");
  EXPECT_EQ(gate::to_compact_json(audit[1].entry.after),
            R"({"accepted":1,"from":"2026-11-20T05:00:00.000Z","to":"2026-11-20T05:00:00.000Z"})");
}

TEST(SloService, TellsWhatItCounted) {
  World shop{kErrorRate};
  const auto response =
      shop.post(R"({"service":"shop","samples":[{"timestamp":1795150800,"latency_ms":1,"status":200},)"
                R"({"timestamp":1795150811.5,"latency_ms":1,"status":503}]})");
  EXPECT_EQ(
      response.body,
      R"({"service":"shop","accepted":2,"from":"2026-11-20T05:00:00.000Z","to":"2026-11-20T05:00:11.500Z",)"
      R"("counted":[{"bin_seconds":10,"bins":2,"from":"2026-11-20T05:00:00.000Z",)"
      R"("to":"2026-11-20T05:00:20.000Z","requests":2,"errors":1,"unserved":1},)"
      R"({"bin_seconds":60,"bins":1,"from":"2026-11-20T05:00:00.000Z","to":"2026-11-20T05:01:00.000Z",)"
      R"("requests":2,"errors":1,"unserved":1},)"
      R"({"bin_seconds":600,"bins":1,"from":"2026-11-20T05:00:00.000Z","to":"2026-11-20T05:10:00.000Z",)"
      R"("requests":2,"errors":1,"unserved":1}]})"
      "\n");
}

TEST(SloService, HandsOnWhatIsDurable) {
  World shop{kErrorRate};
  std::vector<std::string> seen;
  shop.service->on_samples([&](const std::string& service, std::span<const gate::slo::Sample> samples) {
    for (const auto& sample : samples) seen.push_back(service + " " + std::string{sample.client});
  });
  const std::string body =
      R"({"service":"shop","samples":[{"timestamp":1795150800,"latency_ms":1,"status":200,"client":"c1"},)"
      R"({"timestamp":1795150800,"latency_ms":1,"status":200}]})";
  shop.post(body, "key-1");
  shop.post(body, "key-1");
  shop.post("{}");
  EXPECT_EQ(seen, (std::vector<std::string>{"shop c1", "shop "}));
}

TEST(SloService, ARestartKeepsCountsAndGoesOnWithBreaches) {
  World shop{kErrorRate};
  shop.traffic(900, 100);
  shop.evaluate(seconds{1});
  EXPECT_EQ(text_of(shop.status(), "verdict"), "failed");
  shop.restart();
  EXPECT_EQ(text_of(shop.status(), "verdict"), "undecided");  // until it has looked
  shop.evaluate(seconds{10});
  EXPECT_EQ(text_of(shop.status(), "verdict"), "failed");
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

TEST(SloService, ChangedThresholdsGuessNothingOfWhatIsStored) {
  const auto slo_toml = [](const char* threshold) {
    return "version = 1\n[[source]]\nname = \"posted\"\nkind = \"server\"\n[[objective]]\nname = \"slow\"\n"
           "service = \"shop\"\nwindow = \"5m\"\np95_latency_ms = " +
           std::string{threshold} + "\n";
  };
  World shop{slo_toml("300")};
  std::string samples;
  for (int i = 0; i < 100; ++i)
    samples += fmt::format(R"({}{{"timestamp":{},"latency_ms":{},"status":200}})", i == 0 ? "" : ",",
                           i == 0 ? 1'795'150'511 : 1'795'150'800, i < 90 ? 10 : 280);
  ASSERT_EQ(shop.post(R"({"service":"shop","samples":[)" + samples + "]}").status, 200);
  shop.evaluate(seconds{1});
  EXPECT_EQ(text_of(shop.status(), "verdict"), "passed");
  shop.world.files.add("slo.toml", slo_toml("270"));
  shop.restart();
  shop.evaluate(seconds{1});
  EXPECT_EQ(text_of(shop.status(), "verdict"), "undecided");  // 10 of 100 lie between 250 and 300 ms
}

TEST(SloService, BreachesSayHowFarTheyReach) {
  World shop{kErrorRate};
  Value told = shop.breaches();
  EXPECT_EQ(text_of(told, "observed_since"), "null");
  EXPECT_EQ(text_of(told, "complete"), "false");
  shop.evaluate();
  for (int i = 0; i < 30; ++i) shop.evaluate(seconds{10});
  told = shop.breaches();
  EXPECT_EQ(text_of(told, "observed_since"), "2026-11-20T05:00:00.000Z");
  EXPECT_EQ(text_of(told, "complete"), "false");  // five minutes cannot vouch for an hour
  ASSERT_EQ(list(told, "undecided").size(), 1U);
  EXPECT_EQ(text_of(list(told, "undecided")[0], "evaluations"), "31");
  for (int i = 0; i < 330; ++i) shop.evaluate(seconds{10});
  EXPECT_EQ(text_of(shop.breaches(), "complete"), "true");
  EXPECT_EQ(text_of(shop.breaches("?hours=2"), "complete"), "false");
  shop.restart();  // at once: nothing was missed
  shop.evaluate(seconds{20});
  EXPECT_EQ(text_of(shop.breaches(), "complete"), "true");
  shop.world.clock.advance(seconds{31});  // evaluation stands still
  EXPECT_EQ(text_of(shop.breaches(), "complete"), "false");
  shop.evaluate();
  EXPECT_EQ(text_of(shop.breaches(), "observed_since"), "2026-11-20T06:00:51.000Z");
}

TEST(SloService, BreachesAreThoseOfTheWindow) {
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
  EXPECT_EQ(list(shop.breaches("?hours=2&service=search"), "breaches").size(), 0U);
  EXPECT_EQ(list(shop.breaches(""), "breaches").size(), 1U);  // a day
  shop.evaluate(hours{24 * 32});                              // forgotten by the tick
  EXPECT_EQ(list(shop.breaches("?hours=720"), "breaches").size(), 0U);
}

TEST(SloService, HoursHaveBounds) {
  World shop{kErrorRate};
  for (const char* query :
       {"?hours=0", "?hours=721", "?hours=-1", "?hours=1.5", "?hours=", "?hours=99999999999999999999"}) {
    const auto response = ask(shop.routes, {"GET", std::string{"/api/v1/slo/breaches"} + query, ""});
    EXPECT_EQ(response.status, 422) << query;
  }
}

TEST(SloService, AClockThatJumpsDoesNotForgetWhatWasBad) {
  World shop{gate::replace_all(kErrorRate, "5m", "1h")};
  shop.traffic(900, 100);
  shop.evaluate(minutes{10});
  EXPECT_EQ(text_of(shop.status(), "verdict"), "failed");
  shop.clock.jump = hours{24 * 40};
  shop.evaluate(minutes{11});  // what is older than the retention would go now
  EXPECT_EQ(text_of(shop.status(), "verdict"), "undecided");
  shop.clock.jump = -hours{24 * 40};
  shop.evaluate(minutes{11});
  EXPECT_EQ(text_of(shop.status(), "verdict"), "undecided");
  shop.clock.jump = {};
  for (int i = 0; i < 2; ++i) shop.traffic(1000);
  shop.evaluate(seconds{10});
  EXPECT_EQ(text_of(shop.status(), "verdict"), "failed");
  const Value told = shop.breaches();
  ASSERT_EQ(list(told, "breaches").size(), 1U);
  EXPECT_EQ(text_of(list(told, "breaches")[0], "ended_at"), "null");
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

TEST(SloService, CountsForItsMetrics) {
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

}  // namespace
}  // namespace server::slo
