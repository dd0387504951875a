#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "gate/base/text.h"
#include "tests/unit/server/slo/slo_world.h"

namespace server::slo {
namespace {

TEST(PostedSamples, RefusesServicesThatItDoesNotKnow) {
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

TEST(PostedSamples, HostileBodiesChangeNothing) {
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

TEST(PostedSamples, AReplayCountsOnce) {
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

TEST(PostedSamples, TellsWhatItCounted) {
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

TEST(PostedSamples, HandsOnWhatIsDurable) {
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

TEST(PostedSamples, ChangedThresholdsGuessNothingOfWhatIsStored) {
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

TEST(PostedSamples, AClockThatJumpsDoesNotForgetWhatWasBad) {
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

TEST(PostedSamples, WhatNoWindowReachesIsForgotten) {
  World shop{kErrorRate};
  shop.traffic(1);
  shop.evaluate(minutes{1});
  EXPECT_EQ(shop.rows_of("slo_bins"), 3);  // one for each width
  shop.evaluate(hours{3});
  EXPECT_EQ(shop.rows_of("slo_bins"), 2);
  shop.evaluate(hours{50});
  EXPECT_EQ(shop.rows_of("slo_bins"), 0);
}

TEST(PostedSamples, LateOnesAreTakenForADay) {
  World shop{kErrorRate};
  const auto late = [&](hours ago) {
    return shop.post(
        fmt::format(R"({{"service":"shop","samples":[{{"timestamp":"{}","latency_ms":1,"status":200}}]}})",
                    gate::to_string(shop.clock.now() - ago)));
  };
  EXPECT_EQ(late(hours{24}).status, 200);
  EXPECT_EQ(late(hours{25}).status, 422);
}

TEST(PostedSamples, OneServiceTooManyIsRefused) {
  World shop{""};
  for (std::int64_t i = 0; i < PostedSamples::kMostServices; ++i) shop.traffic(1, 0, fmt::format("s{}", i));
  const auto response =
      shop.post(R"({"service":"more","samples":[{"timestamp":1795150800,"latency_ms":1,"status":200}]})");
  EXPECT_EQ(response.status, 422) << response.body;
  EXPECT_EQ(shop.rows_of("slo_services"), PostedSamples::kMostServices);
  shop.traffic(1, 0, "s7");  // who is known goes on
}

}  // namespace
}  // namespace server::slo
