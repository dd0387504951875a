#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "gate/base/json_text.h"
#include "server/slo/slo_service.h"
#include "tests/support/fake_environment.h"
#include "tests/support/service_world.h"

namespace server::slo {

using gate::Value;
using gate::test::ask;
using gate::test::json_of;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

inline const std::string kErrorRate =
    "version = 1\n[[source]]\nname = \"posted\"\nkind = \"server\"\n"
    "[[objective]]\nname = \"errors\"\nservice = \"shop\"\nerror_rate_percent = \"1.0\"\nwindow = \"5m\"\n";

inline std::string text_of(const Value& object, std::string_view name) {
  const Value* value = object.find(name);
  if (value == nullptr || value->is_null()) return "null";
  const std::string* text = value->as_string();
  return text == nullptr ? gate::to_compact_json(*value) : *text;
}

inline const Value::Array& list(const Value& object, std::string_view name) {
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
  // How many rows that is: "slo_bins".
  std::int64_t rows_of(const std::string& table) {
    std::int64_t rows = -1;
    const auto read = world.store().read_now([&](store::Transaction& transaction) -> gate::Status {
      const auto found = transaction.query("SELECT COUNT(*) FROM " + table, {});
      if (!found) return found.error();
      rows = found->front().integer(0);
      return gate::done();
    });
    EXPECT_TRUE(read) << read.error().message;
    return rows;
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

inline std::string first_reason(const Value& object) {
  const auto& reasons = list(object, "reasons");
  return reasons.empty() ? "" : text_of(reasons[0], "message");
}

}  // namespace server::slo
