#include "server/limits/rate_limit_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/base/json_text.h"
#include "server/limits/override_table.h"
#include "tests/support/service_world.h"

namespace server::limits {
namespace {

using gate::test::json_of;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

const OwnRates kNone;
constexpr const char* kPlaybook =
    R"({"endpoint": "canaryManagement", "maxRequests": 100, "windowMs": 60000})";

// The service over a real store, with two owners of keys.
struct LimitWorld {
  gate::test::ServiceWorld world{{kRateLimitMigration}};
  Limiter limiter{world.clock, *world.metrics};
  RateLimitService service{world.core(), limiter, settings()};
  std::vector<api::Route> routes = service.routes();

  LimitWorld() { load(service); }

  static RateLimitSettings settings() {
    return {[] {
              return std::vector<std::string>{"canaryManagement", "sloMonitoring", "rateLimitManagement"};
            },
            [](std::string_view endpoint) {
              return endpoint == "canaryManagement" ? std::vector<RateClass>{RateClass::read}
                                                    : std::vector{RateClass::read, RateClass::ingest};
            },
            [] {
              return std::vector<std::string>{"alice", "ci"};
            }};
  }
  void load(RateLimitService& into) {
    EXPECT_TRUE(
        world.store().read_now([&](store::Transaction& transaction) { return into.reload(transaction); }));
  }
  http::Response get(const std::string& path, std::optional<auth::Principal> caller = std::nullopt) {
    return gate::test::ask(routes, {"GET", "/api/v1/rate-limit/" + path, {}, {}, std::move(caller)});
  }
  http::Response post(const std::string& path, const std::string& body = {}, http::Headers headers = {}) {
    return gate::test::ask(routes, {"POST", "/api/v1/rate-limit/" + path, body, std::move(headers)});
  }
  http::Response end(const std::string& query, http::Headers headers = {}) {
    return gate::test::ask(routes, {"DELETE", "/api/v1/rate-limit/config" + query, {}, std::move(headers)});
  }
  int allowed(int tries, RateClass rate_class, const char* key = "cikey", const char* owner = "ci") {
    int count = 0;
    for (int i = 0; i < tries; ++i) {
      count += limiter.take({key, owner, kNone}, rate_class, "canaryManagement").decision.allowed ? 1 : 0;
    }
    return count;
  }
};

auth::Principal viewer() {
  return {"cikey", "ci", {auth::Scope::read}, {}, {{RateClass::write, {7, milliseconds{7'000}}}}};
}

TEST(ConfigureRateLimit, TakesThePlaybooksBody) {
  LimitWorld limits;
  EXPECT_EQ(limits.allowed(60, RateClass::read), 30);
  const auto response = limits.post("config", kPlaybook);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(limits.allowed(60, RateClass::read), 60);
  const gate::Value made = *json_of(response).find("override");
  EXPECT_EQ(*made.find("expires_at")->as_string(), "2026-11-20T06:00:00.000Z") << "after an hour";
  EXPECT_EQ(*made.find("set_by")->as_string(), "adminkey");
  EXPECT_EQ(*made.find("owner")->as_string(), "alice");
  limits.world.clock.advance(minutes{60});
  EXPECT_EQ(limits.allowed(60, RateClass::read), 30);
}

TEST(ConfigureRateLimit, SaysWhereItIsTheLowerLimit) {
  struct Row {
    const char* name;
    const char* body;
    const char* says;  // behind the usual note
  };
  const Row rows[] = {
      {"the playbook's", kPlaybook,
       "; for a steady stream this is the lower limit: 1.67/s, and by default read has 5/s"},
      {"as much", R"({"endpoint":"canaryManagement","maxRequests":300,"windowMs":60000})", ""},
      {"lower than one class of two", R"({"endpoint":"sloMonitoring","maxRequests":6,"windowMs":1000})",
       "; for a steady stream this is the lower limit: 6/s, and by default ingest has 10/s"},
      {"lower than both", R"({"endpoint":"sloMonitoring","maxRequests":1,"windowMs":1000})",
       "; for a steady stream this is the lower limit: 1/s, and by default read has 5/s, ingest has 10/s"},
      {"a class", R"({"endpoint":"write","maxRequests":1,"windowMs":1000})",
       "; for a steady stream this is the lower limit: 1/s, and by default write has 2/s"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    LimitWorld limits;
    const std::string note = *json_of(limits.post("config", row.body)).find("note")->as_string();
    const std::string usual = "keys with rates of their own keep them, and rollbacks keep theirs";
    EXPECT_EQ(note.substr(0, usual.size()), usual);
    EXPECT_EQ(note.substr(usual.size()), row.says);
  }
}

TEST(ConfigureRateLimit, RefusesWhatIsWrong) {
  struct Row {
    const char* name;
    const char* body;
    const char* says;
  };
  const Row rows[] = {
      {"what undoes it", R"({"endpoint":"rateLimitManagement","maxRequests":1,"windowMs":60000})",
       "/endpoint must not be rateLimitManagement: whoever undoes"},
      {"the class of what undoes it", R"({"endpoint":"admin","maxRequests":1,"windowMs":60000})",
       "/endpoint must not be admin: whoever undoes"},
      {"zero", R"({"endpoint":"read","maxRequests":0,"windowMs":60000})", "/maxRequests must be"},
      {"negative", R"({"endpoint":"read","maxRequests":-1,"windowMs":60000})", "/maxRequests must be"},
      {"huge", R"({"endpoint":"read","maxRequests":100001,"windowMs":60000})", "/maxRequests must be"},
      {"beyond 64 bits", R"({"endpoint":"read","maxRequests":1e300,"windowMs":60000})",
       "/maxRequests must be"},
      {"a fraction", R"({"endpoint":"read","maxRequests":1.5,"windowMs":60000})", "/maxRequests must be"},
      {"a text", R"({"endpoint":"read","maxRequests":"100","windowMs":60000})", "/maxRequests must be"},
      {"no window", R"({"endpoint":"read","maxRequests":1})", "/windowMs is required"},
      {"a window of an instant", R"({"endpoint":"read","maxRequests":1,"windowMs":999})",
       "/windowMs must be"},
      {"a window of a day", R"({"endpoint":"read","maxRequests":1,"windowMs":86400000})",
       "/windowMs must be"},
      {"for two days", R"({"endpoint":"read","maxRequests":1,"windowMs":1000,"expiresInMs":172800000})",
       "/expiresInMs must be"},
      {"for ever", R"({"endpoint":"read","maxRequests":1,"windowMs":1000,"expiresInMs":0})",
       "/expiresInMs must be"},
      {"no endpoint", R"({"maxRequests":1,"windowMs":1000})", "/endpoint is required"},
      {"an unknown one", R"({"endpoint":"canaryManagment","maxRequests":1,"windowMs":1000})",
       R"(did you mean \"canaryManagement\"?)"},
      {"rollback", R"({"endpoint":"rollback","maxRequests":1,"windowMs":1000})",
       "nothing overrides its limit"},
      {"a mistyped member", R"({"endpoint":"read","max_requests":1,"maxRequests":1,"windowMs":1000})",
       "/max_requests is not known"},
      {"an array", R"([1])", "must be a JSON object"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    LimitWorld limits;
    const auto response = limits.post("config", row.body);
    EXPECT_EQ(response.status, 422);
    EXPECT_THAT(response.body, HasSubstr(row.says));
    EXPECT_TRUE(limits.limiter.overrides().empty());
    EXPECT_THAT(limits.world.audit(), SizeIs(0));
  }
}

TEST(ConfigureRateLimit, IsAuditedWithWhatWasBefore) {
  LimitWorld limits;
  limits.post("config", kPlaybook);
  const auto second = limits.post(
      "config", R"({"endpoint":"canaryManagement","maxRequests":5,"windowMs":1000,"reason":"calm down"})");
  EXPECT_EQ(*json_of(second).find("replaced")->find("requests")->as_integer(), 100);
  const auto audit = limits.world.audit();
  ASSERT_THAT(audit, SizeIs(2));
  EXPECT_EQ(audit[0].entry.action, "rate_limit.configured");
  EXPECT_EQ(audit[0].entry.subject, "canaryManagement");
  EXPECT_EQ(audit[0].entry.reason, "calm down");
  EXPECT_EQ(audit[0].entry.owner, "alice");
  EXPECT_EQ(*audit[0].entry.before.find("requests")->as_integer(), 100);
  EXPECT_EQ(*audit[0].entry.after.find("requests")->as_integer(), 5);
  EXPECT_TRUE(audit[1].entry.before.is_null());
}

TEST(ConfigureRateLimit, HonoursIfMatch) {
  LimitWorld limits;
  const auto tag_of = [](const http::Response& response) {
    for (const auto& [name, value] : response.headers) {
      if (name == "etag") return value;
    }
    return std::string{};
  };
  const std::string before = tag_of(limits.get("config"));
  ASSERT_FALSE(before.empty());
  const auto first = limits.post("config", kPlaybook, {{"if-match", before}});
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(tag_of(first), tag_of(limits.get("config")));
  EXPECT_EQ(limits.post("config", kPlaybook, {{"if-match", before}}).status, 412);
  EXPECT_EQ(limits.post("config", kPlaybook, {{"if-match", "*"}}).status, 200);
  EXPECT_EQ(limits.post("config", kPlaybook, {{"if-match", tag_of(limits.get("config"))}}).status, 200);
  limits.world.clock.advance(minutes{60});
  EXPECT_EQ(tag_of(limits.get("config")), before) << "expired: as it was";
}

TEST(ConfigureRateLimit, HoldsOverARestartUntilItExpires) {
  LimitWorld limits;
  limits.post("config", kPlaybook);
  limits.post("config", R"({"endpoint":"read","maxRequests":3,"windowMs":1000,"expiresInMs":1000})");
  limits.post("config", R"({"endpoint":"canaryManagement","maxRequests":40,"windowMs":60000})");
  limits.world.clock.advance(seconds{2});
  limits.world.restart();
  Limiter limiter{limits.world.clock, *limits.world.metrics};
  RateLimitService again{limits.world.core(), limiter, LimitWorld::settings()};
  limits.load(again);
  const auto overrides = limiter.overrides();
  ASSERT_THAT(overrides, SizeIs(1));
  EXPECT_EQ(overrides[0].rate.requests, 40U);
  EXPECT_EQ(overrides[0].set_by, "adminkey");
  EXPECT_EQ(overrides[0].owner, "alice");
  std::int64_t kept = 0;
  ASSERT_TRUE(limits.world.store().read_now([&](store::Transaction& transaction) -> gate::Status {
    const auto rows = transaction.query("SELECT COUNT(*) FROM rate_limit_override", {});
    if (!rows) return rows.error();
    kept = rows->at(0).integer(0);
    return gate::done();
  }));
  EXPECT_EQ(kept, 3) << "what no longer holds is history";
}

TEST(ConfigureRateLimit, IsDoneOnceForAnIdempotencyKey) {
  LimitWorld limits;
  const http::Headers once{{"idempotency-key", "one"}};
  const auto first = limits.post("config", kPlaybook, once);
  EXPECT_EQ(limits.post("config", kPlaybook, once).body, first.body);
  EXPECT_THAT(limits.world.audit(), SizeIs(1));
}

TEST(EndRateLimitOverride, HoldsAtOnceAndOverARestart) {
  LimitWorld limits;
  EXPECT_EQ(limits.allowed(60, RateClass::read), 30);
  limits.post("config", kPlaybook);
  limits.post("config", R"({"endpoint":"write","maxRequests":3,"windowMs":1000})");
  EXPECT_EQ(limits.allowed(60, RateClass::read), 60);
  const auto response = limits.end("?endpoint=canaryManagement&reason=the%20release%20is%20through");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(*json_of(response).find("ended")->find("requests")->as_integer(), 100);
  EXPECT_EQ(limits.allowed(60, RateClass::read), 0) << "what holds without it, and is still spent";
  EXPECT_EQ(limits.allowed(60, RateClass::write), 3);
  const auto row = limits.world.audit().front().entry;
  EXPECT_EQ(row.action, "rate_limit.override_ended");
  EXPECT_EQ(row.subject, "canaryManagement");
  EXPECT_EQ(row.reason, "the release is through");
  EXPECT_EQ(*row.before.find("requests")->as_integer(), 100);
  limits.world.restart();
  Limiter limiter{limits.world.clock, *limits.world.metrics};
  RateLimitService again{limits.world.core(), limiter, LimitWorld::settings()};
  limits.load(again);
  ASSERT_THAT(limiter.overrides(), SizeIs(1));
  EXPECT_EQ(limiter.overrides()[0].endpoint, "write");
}

TEST(EndRateLimitOverride, KnowsWhatIsNotThere) {
  LimitWorld limits;
  EXPECT_EQ(limits.end("?endpoint=canaryManagement").status, 404);
  limits.post("config", kPlaybook);
  const auto mistyped = limits.end("?endpoint=canaryManagment");
  EXPECT_EQ(mistyped.status, 404);
  EXPECT_THAT(mistyped.body, HasSubstr(R"(did you mean \"canaryManagement\"?)"));
  EXPECT_THAT(limits.end("").body, HasSubstr("endpoint is required"));
  EXPECT_THAT(limits.end("?endpoint=" + std::string(129, 'a')).body, HasSubstr("at most 128 bytes"));
  EXPECT_EQ(limits.end("?endpoint=read&reason=" + std::string(501, 'a')).status, 422);
  EXPECT_EQ(limits.end("?endpoint=canaryManagement", {{"if-match", "\"other\""}}).status, 412);
  EXPECT_THAT(limits.limiter.overrides(), SizeIs(1));
  limits.world.clock.advance(minutes{60});
  EXPECT_EQ(limits.end("?endpoint=canaryManagement").status, 404) << "it ended by itself";
  EXPECT_THAT(limits.world.audit(), SizeIs(1));
}

TEST(EndRateLimitOverride, IsDoneOnceForAnIdempotencyKey) {
  LimitWorld limits;
  limits.post("config", kPlaybook);
  const http::Headers once{{"idempotency-key", "one"}};
  const auto first = limits.end("?endpoint=canaryManagement", once);
  EXPECT_EQ(limits.end("?endpoint=canaryManagement", once).body, first.body);
  EXPECT_EQ(limits.end("?endpoint=canaryManagement").status, 404);
  EXPECT_THAT(limits.world.audit(), SizeIs(2));
}

TEST(ClearRateLimits, FillsEveryBucketAndNothingElse) {
  LimitWorld limits;
  limits.post("config", kPlaybook);
  limits.allowed(200, RateClass::read);
  limits.allowed(200, RateClass::write, "otherkey", "alice");
  const auto response = limits.post("clear");
  EXPECT_EQ(*json_of(response).find("cleared")->as_integer(), 1 + 1);
  EXPECT_THAT(response.body, HasSubstr("overrides and events stay"));
  EXPECT_EQ(limits.allowed(200, RateClass::read), 100);
  EXPECT_THAT(limits.limiter.overrides(), SizeIs(1));
  EXPECT_THAT(limits.limiter.refused_since(limits.world.clock.now()).minutes, Not(SizeIs(0)));
  EXPECT_EQ(limits.world.audit()[0].entry.action, "rate_limit.cleared");
}

TEST(ResetRateLimit, FillsTheBucketsOfOneOwner) {
  LimitWorld limits;
  limits.allowed(100, RateClass::read);
  limits.allowed(100, RateClass::read, "cikey2");
  limits.allowed(100, RateClass::read, "alicekey", "alice");
  const auto response = limits.post("reset?user=ci", R"({"reason":"asked by phone"})");
  EXPECT_EQ(*json_of(response).find("reset")->as_integer(), 2);
  EXPECT_EQ(limits.allowed(100, RateClass::read), 30);
  EXPECT_EQ(limits.allowed(100, RateClass::read, "alicekey", "alice"), 0);
  EXPECT_EQ(limits.world.audit()[0].entry.subject, "ci");
  EXPECT_EQ(limits.world.audit()[0].entry.reason, "asked by phone");
}

TEST(ResetRateLimit, TellsWhoIsKnown) {
  LimitWorld limits;
  const gate::Value nobody = json_of(limits.post("reset?user=username"));
  EXPECT_EQ(*nobody.find("reset")->as_integer(), 0);
  EXPECT_EQ(gate::to_compact_json(*nobody.find("known_owners")), R"(["alice","ci"])");
  EXPECT_EQ(json_of(limits.post("reset?user=alice")).find("known_owners"), nullptr);
  EXPECT_THAT(limits.post("reset").body, HasSubstr("user is required"));
  EXPECT_EQ(limits.post("reset?user=").status, 422);
  const auto longer = limits.post("reset?user=" + std::string(129, 'a'));
  EXPECT_EQ(longer.status, 422);
  EXPECT_THAT(longer.body, HasSubstr("user must have at most 128 bytes"));
  EXPECT_THAT(longer.body, Not(HasSubstr("is required")));
}

TEST(RateLimitStatus, ShowsWhatHoldsForTheKey) {
  LimitWorld limits;
  limits.post("config", kPlaybook);
  limits.allowed(10, RateClass::read);
  const auto response = limits.get("status", viewer());
  const gate::Value status = json_of(response);
  EXPECT_EQ(status.find("buckets"), nullptr) << "of others: for admins alone";
  const auto& classes = *status.find("classes")->as_array();
  ASSERT_THAT(classes, SizeIs(kRateClasses.size()));
  EXPECT_EQ(gate::to_compact_json(classes[1]),
            R"({"class":"write","source":"key","requests":7,"window_ms":7000,"remaining":7,"retry_in_ms":0,)"
            R"("full_in_ms":0})");
  EXPECT_EQ(gate::to_compact_json(status.find("endpoints")->as_array()->at(0)),
            R"({"endpoint":"canaryManagement","source":"override","requests":100,"window_ms":60000,)"
            R"("remaining":90,"retry_in_ms":0,"full_in_ms":6000})");
  EXPECT_EQ(gate::to_compact_json(status.find("endpoints")->as_array()->at(1)),
            R"({"endpoint":"sloMonitoring","source":"class"})");
}

TEST(RateLimitStatus, ShowsAnAdminEveryOwnerWithinBounds) {
  LimitWorld limits;
  for (int i = 0; i < 600; ++i) {
    limits.limiter.take({"key" + std::to_string(i), "ci", kNone}, RateClass::read, "sloMonitoring");
  }
  const gate::Value status = json_of(limits.get("status"));
  EXPECT_THAT(*status.find("buckets")->as_array(), SizeIs(500));
  EXPECT_EQ(*status.find("buckets_omitted")->as_integer(), 100);
}

TEST(RateLimitEvents, CountsByMinuteOwnerAndLimit) {
  LimitWorld limits;
  limits.allowed(40, RateClass::read);
  limits.world.clock.advance(minutes{90});
  limits.allowed(33, RateClass::read);
  limits.allowed(35, RateClass::read, "alicekey", "alice");
  const gate::Value hour = json_of(limits.get("events?hours=1"));
  EXPECT_EQ(*hour.find("refused")->as_integer(), 8);
  EXPECT_EQ(gate::to_compact_json(*hour.find("by_limit")),
            R"([{"owner":"alice","limit":"read","refused":5},{"owner":"ci","limit":"read","refused":3}])");
  EXPECT_EQ(*hour.find("counted_since")->as_string(), "2026-11-20T05:00:00.000Z");
  EXPECT_EQ(*json_of(limits.get("events?hours=720")).find("refused")->as_integer(), 18);
  EXPECT_EQ(*json_of(limits.get("events", viewer())).find("refused")->as_integer(), 3) << "his own alone";
}

TEST(RateLimitEvents, RefusesHoursThatAreNone) {
  LimitWorld limits;
  for (const char* hours : {"0", "721", "-1", "1.5", "", "x", "99999999999999999999"}) {
    SCOPED_TRACE(hours);
    EXPECT_EQ(limits.get(std::string{"events?hours="} + hours).status, 422);
  }
}

TEST(RateLimits, RoutesAreWhole) {
  LimitWorld limits;
  const auto checked = api::check_routes(limits.routes);
  EXPECT_TRUE(checked) << checked.error().message;
  for (const api::Route& route : limits.routes) {
    SCOPED_TRACE(route.name);
    const bool reads = route.method == "GET";
    EXPECT_EQ(std::get<auth::Scope>(route.access), reads ? auth::Scope::read : auth::Scope::admin);
    EXPECT_EQ(route.rate_class, RateClass::admin);
  }
}

}  // namespace
}  // namespace server::limits
