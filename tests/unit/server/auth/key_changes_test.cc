#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/base/json_text.h"
#include "tests/unit/server/auth/key_world.h"

namespace server::auth {
namespace {

using gate::test::json_of;
using std::chrono::hours;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

TEST(CreateKey, RefusesWhatIsWrong) {
  struct Row {
    const char* name;
    std::string body;
    const char* says;
  };
  const Row rows[] = {
      {"no owner", R"({"role":"viewer"})", "/owner is required"},
      {"an empty owner", R"({"owner":"","role":"viewer"})", "/owner must be letters"},
      {"an owner with a line feed", R"({"owner":"a\nb","role":"viewer"})", "/owner must be letters"},
      {"an owner of 65 bytes", R"({"owner":")" + std::string(65, 'a') + R"(","role":"viewer"})",
       "at most 64"},
      {"no scopes", R"({"owner":"ci"})", "/role or scopes is required"},
      {"no scope in them", R"({"owner":"ci","scopes":[]})", "must name at least one"},
      {"role and scopes", R"({"owner":"ci","role":"viewer","scopes":["read"]})", "must not come with a role"},
      {"a mistyped role", R"({"owner":"ci","role":"opertor"})", R"(did you mean \"operator\"?)"},
      {"a mistyped scope", R"({"owner":"ci","scopes":["reed"]})", R"(did you mean \"read\"?)"},
      {"for ever", R"({"owner":"ci","role":"viewer","expires_in":"367d"})", "within 366 days"},
      {"until yesterday", R"({"owner":"ci","role":"viewer","expires_at":"2026-11-19"})", "is in the past"},
      {"two ends", R"({"owner":"ci","role":"viewer","expires_in":"1d","expires_at":"2026-12-01"})",
       "must not come with expires_in"},
      {"no duration", R"({"owner":"ci","role":"viewer","expires_in":"soon"})", "must be a duration"},
      {"a service with a comma", R"({"owner":"ci","role":"viewer","services":["a,b"]})", "/services must be"},
      {"a rate of no class", R"({"owner":"ci","role":"viewer","rates":["fly=1/1s"]})", "is of no class"},
      {"a rate of nothing", R"({"owner":"ci","role":"viewer","rates":["read=0/1s"]})", "from 1 to"},
      {"a negative rate", R"({"owner":"ci","role":"viewer","rates":["read=-1/1s"]})", "from 1 to"},
      {"a rate over an instant", R"({"owner":"ci","role":"viewer","rates":["read=1/1ms"]})", "from 1s to 1h"},
      {"fewer rollbacks", R"({"owner":"ci","role":"viewer","rates":["rollback=29/30s"]})", "not less"},
      {"slower rollbacks", R"({"owner":"ci","role":"viewer","rates":["rollback=30/31s"]})", "not less"},
      {"a class twice", R"({"owner":"ci","role":"viewer","rates":["read=1/1s","read=2/1s"]})", "there twice"},
      {"an admin for some services", R"({"owner":"ci","role":"admin","services":["pay-*"]})",
       "/services must not be named: exempt, registry, admin are about all services"},
      {"exemptions of some services", R"({"owner":"ci","scopes":["exempt"],"services":["pay"]})",
       "exempt is about all services"},
      {"a registry of some services", R"({"owner":"ci","role":"registry-administrator","services":["*"]})",
       "registry is about all services"},
      {"what nobody knows", R"({"owner":"ci","role":"viewer","scope":"read"})", "/scope is not known"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    KeyWorld keys;
    const auto response = keys.post(row.body);
    EXPECT_EQ(response.status, 422);
    EXPECT_THAT(response.body, HasSubstr(row.says));
    EXPECT_THAT(keys.world.audit(), SizeIs(0));
  }
}

TEST(CreateKey, LivesForNinetyDaysUnlessToldOtherwise) {
  KeyWorld keys;
  const auto [usual, id] = keys.make(R"({"owner":"ci","role":"viewer"})");
  const auto [longest, other] = keys.make(R"({"owner":"ci","role":"viewer","expires_in":"366d"})");
  keys.world.clock.advance(hours{90 * 24} - std::chrono::milliseconds{1});
  EXPECT_EQ(keys.enter(usual), "ok");
  keys.world.clock.advance(std::chrono::milliseconds{1});
  EXPECT_EQ(keys.enter(usual), "expired");
  EXPECT_EQ(keys.enter(longest), "ok");
}

TEST(CreateKey, AllowsTwoLiveKeysAnOwner) {
  KeyWorld keys;
  const std::string body = R"({"owner":"ci","role":"viewer"})";
  const auto [first, first_id] = keys.make(body);
  const auto [second, second_id] = keys.make(body);
  const auto third = keys.post(body);
  EXPECT_EQ(third.status, 409);
  EXPECT_THAT(third.body, HasSubstr(first_id));
  EXPECT_THAT(third.body, HasSubstr(second_id));
  EXPECT_EQ(keys.revoke(first_id).status, 200);
  keys.make(body);
}

TEST(CreateKey, GivesNothingThatItsMakerLacks) {
  struct Row {
    const char* name;
    Scopes scopes;
    std::vector<std::string> services;
    const char* body;
    int status;
  };
  const Scopes reader{Scope::admin, Scope::read};
  const Row rows[] = {
      {"its own scopes", reader, {}, R"({"owner":"ci","scopes":["read"]})", 201},
      {"a scope it lacks", reader, {}, R"({"owner":"ci","scopes":["read","rollback"]})", 403},
      {"a role beyond it", reader, {}, R"({"owner":"ci","role":"operator"})", 403},
      {"its own glob", reader, {"pay-*"}, R"({"owner":"ci","scopes":["read"],"services":["pay-*"]})", 201},
      {"a service within it",
       reader,
       {"pay-*"},
       R"({"owner":"ci","scopes":["read"],"services":["pay-api"]})",
       201},
      {"a service out of it",
       reader,
       {"pay-*"},
       R"({"owner":"ci","scopes":["read"],"services":["other"]})",
       403},
      {"a wider glob", reader, {"pay-*"}, R"({"owner":"ci","scopes":["read"],"services":["pay*"]})", 403},
      {"every service", reader, {"pay-*"}, R"({"owner":"ci","scopes":["read"]})", 403},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    KeyWorld keys;
    const Principal maker{"makerkey", "ada", row.scopes, row.services, {}};
    const auto response = gate::test::ask(keys.routes, {"POST", "/api/v1/keys", row.body, {}, maker});
    EXPECT_EQ(response.status, row.status) << response.body;
  }
}

TEST(CreateKey, GivesNoLongerLifeThanItsMakers) {
  struct Row {
    const char* name;
    const char* life;  // of the maker's 24 hours
    int status;
    const char* says;
  };
  const Row rows[] = {
      {"less", R"(,"expires_in":"23h")", 201, R"("expires_at":"2026-11-21T04:00:00.000Z")"},
      {"as much", R"(,"expires_in":"1d")", 201, R"("expires_at":"2026-11-21T05:00:00.000Z")"},
      {"nothing said", "", 201, R"("expires_at":"2026-11-21T05:00:00.000Z")"},
      {"more", R"(,"expires_in":"25h")", 403, "it ends at 2026-11-21T05:00:00.000Z"},
      {"a day beyond", R"(,"expires_at":"2026-11-22")", 403, "it ends at 2026-11-21T05:00:00.000Z"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    KeyWorld keys;
    const auto maker = keys.book.authenticate(
        keys.make(R"({"owner":"ada","role":"admin","expires_in":"1d"})").first, keys.world.clock.now());
    ASSERT_TRUE(std::holds_alternative<Principal>(maker));
    const std::string body = R"({"owner":"ci","role":"viewer")" + std::string{row.life} + "}";
    const auto response =
        gate::test::ask(keys.routes, {"POST", "/api/v1/keys", body, {}, std::get<Principal>(maker)});
    EXPECT_EQ(response.status, row.status);
    EXPECT_THAT(response.body, HasSubstr(row.says));
  }
}

TEST(CreateKey, GivesNoHigherRatesThanTheDefaultAndItsMakers) {
  struct Row {
    const char* name;
    const char* maker;
    const char* rate;
    int status;
  };
  const Row rows[] = {
      {"the default", "admin=1/1m", "read=30/6s", 201},
      {"less than it", "admin=1/1m", "read=1/6s", 201},
      {"more at once", "admin=1/1m", "read=31/1m", 403},
      {"more in the long run", "admin=1/1m", "read=30/5s", 403},
      {"the maker's own", "read=600/60s", "read=600/60s", 201},
      {"more than both", "read=600/60s", "read=601/60s", 403},
      {"the default over the maker's own", "read=1/60s", "read=30/6s", 201},
      {"another class", "read=600/60s", "write=600/60s", 403},
      {"as much as can be said", "read=600/60s", "rollback=1000000/1s", 403},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    KeyWorld keys;
    const auto with_rate = [](const std::string& owner, const char* rate) {
      return R"({"owner":")" + owner + R"(","role":"admin","rates":[")" + rate + R"("]})";
    };
    const auto maker =
        keys.book.authenticate(keys.make(with_rate("ada", row.maker)).first, keys.world.clock.now());
    ASSERT_TRUE(std::holds_alternative<Principal>(maker));
    const auto response = gate::test::ask(
        keys.routes, {"POST", "/api/v1/keys", with_rate("ci", row.rate), {}, std::get<Principal>(maker)});
    EXPECT_EQ(response.status, row.status) << response.body;
  }
}

TEST(CreateKey, EveryRoleGivesItsScopesAndNoOthers) {
  for (const Role& role : roles()) {
    SCOPED_TRACE(role.name);
    KeyWorld keys;
    const auto [text, id] = keys.make(R"({"owner":"ci","role":")" + std::string{role.name} + "\"}");
    const auto found = keys.book.authenticate(text, keys.world.clock.now());
    ASSERT_TRUE(std::holds_alternative<Principal>(found));
    for (const Scope scope : kScopes) {
      EXPECT_EQ(std::get<Principal>(found).scopes.has(scope), role.scopes.has(scope)) << name_of(scope);
    }
  }
}

TEST(CreateKey, ShowsTheKeyOnceAndKeepsItNowhere) {
  KeyWorld keys;
  const std::string body = R"({"owner":"ci","role":"viewer","reason":"nightly"})";
  const http::Headers once{{"idempotency-key", "intent-1"}};
  const auto first = keys.post(body, once);
  ASSERT_EQ(first.status, 201);
  const gate::Value made = json_of(first);
  const std::string key = *made.find("key")->as_string();
  EXPECT_EQ(keys.enter(key), "ok");

  const auto again = keys.post(body, once);
  EXPECT_EQ(again.status, 201);
  EXPECT_TRUE(json_of(again).find("key")->is_null());
  EXPECT_THAT(again.body, HasSubstr("shown once"));
  EXPECT_EQ(*json_of(again).find("id"), *made.find("id"));

  std::string everything = again.body + keys.world.logged() + keys.world.metrics->text();
  everything += gate::test::ask(keys.routes, {"GET", "/api/v1/keys", {}}).body;
  everything += keys.revoke(*made.find("id")->as_string()).body;
  for (const auto& row : keys.world.audit()) {
    everything += gate::to_json(row.entry.before) + gate::to_json(row.entry.after) + row.entry.subject;
  }
  const auto dumped = keys.world.store().read_now([&](store::Transaction& transaction) -> gate::Status {
    for (const char* sql : {"SELECT body FROM idempotency", "SELECT digest FROM api_key"}) {
      const auto rows = transaction.query(sql, {});
      if (!rows) return rows.error();
      for (const auto& row : *rows) everything += row.text(0);
    }
    return gate::done();
  });
  ASSERT_TRUE(dumped) << dumped.error().message;
  EXPECT_THAT(everything, Not(HasSubstr(key)));
  EXPECT_THAT(everything, Not(HasSubstr(key.substr(18, 30))));  // its secret part
  const std::string digest = to_hex(digest_of(key));
  EXPECT_EQ(everything.find(digest), everything.rfind(digest)) << "the digest is in its own table alone";
}

TEST(RevokeKey, HoldsAtOnceAndTwice) {
  KeyWorld keys;
  const auto [text, id] = keys.make(R"({"owner":"ci","role":"viewer"})");
  const auto first = keys.revoke(id, "?reason=leaked");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(keys.enter(text), "revoked");
  EXPECT_EQ(*json_of(first).find("already_revoked")->as_bool(), false);
  keys.world.clock.advance(hours{1});
  const auto second = keys.revoke(id);
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(*json_of(second).find("already_revoked")->as_bool(), true);
  EXPECT_EQ(*json_of(second).find("revoked_at"), *json_of(first).find("revoked_at"));
  const auto audit = keys.world.audit();
  ASSERT_THAT(audit, testing::SizeIs(2)) << "the second time nothing was changed";
  EXPECT_EQ(audit[0].entry.action, "key.revoked");
  EXPECT_EQ(audit[0].entry.reason, "leaked");
  EXPECT_EQ(audit[0].entry.subject, id);
}

TEST(RevokeKey, KnowsWhatIsNotThere) {
  KeyWorld keys;
  EXPECT_EQ(keys.revoke("ABCDEFGH").status, 404);
  EXPECT_EQ(keys.revoke("a/b").status, 404);
  EXPECT_EQ(keys.revoke("ABCDEFGH", "?last_admin=yes").status, 422);
}

TEST(RevokeKey, KeepsTheLastAdminUnlessTold) {
  KeyWorld keys;
  const auto [admin, id] = keys.make(R"({"owner":"ada","role":"admin","expires_in":"366d"})");
  keys.make(R"({"owner":"ci","role":"viewer"})");
  const auto refused = keys.revoke(id);
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(refused.body, HasSubstr("say ?last_admin=true (gate-server keys revoke: --last-admin)"));
  EXPECT_EQ(keys.enter(admin), "ok");
  const auto [other, other_id] = keys.make(R"({"owner":"eve","role":"admin","expires_in":"1h"})");
  keys.world.clock.advance(hours{1});
  EXPECT_EQ(keys.revoke(id).status, 409) << "an expired admin is none";
  EXPECT_EQ(keys.revoke(other_id).status, 200) << "nor does it count as the last one";
  EXPECT_EQ(keys.revoke(id, "?last_admin=true").status, 200);
  EXPECT_EQ(keys.enter(admin), "revoked");
}

// Older keys may be both narrowed and admins: they administer nothing.
TEST(RevokeKey, CountsNoNarrowedAdmin) {
  KeyWorld keys;
  const auto [admin, id] = keys.make(R"({"owner":"ada","role":"admin"})");
  const auto [narrowed, narrowed_id] = keys.make(R"({"owner":"eve","role":"admin"})");
  const auto narrow = [&, which = narrowed_id](store::Transaction& transaction) -> gate::Status {
    const auto changed =
        transaction.execute("UPDATE api_key SET services = 'pay' WHERE id = :id", {{"id", which}});
    return changed ? gate::done() : gate::Status{changed.error()};
  };
  ASSERT_TRUE(keys.world.store().write_now(narrow));
  EXPECT_EQ(keys.revoke(id).status, 409);
  EXPECT_EQ(keys.revoke(narrowed_id).status, 200);
}

TEST(ListKeys, ShowsAllNewestFirstWithTheirState) {
  KeyWorld keys;
  keys.make(R"({"owner":"ada","role":"viewer","expires_in":"1h"})");
  keys.world.clock.advance(hours{2});
  const auto [text, id] = keys.make(R"({"owner":"ci","scopes":["ingest"],"rates":["ingest=50/1m"]})");
  keys.world.clock.advance(hours{2});
  keys.make(R"({"owner":"eve","role":"viewer"})");
  EXPECT_EQ(keys.revoke(id).status, 200);
  const gate::Value list = json_of(gate::test::ask(keys.routes, {"GET", "/control/v1/keys", {}}));
  std::vector<std::string> states;
  for (const auto& key : *list.find("keys")->as_array()) states.push_back(*key.find("state")->as_string());
  EXPECT_THAT(states, testing::ElementsAre("live", "revoked", "expired"));
  EXPECT_EQ(gate::to_compact_json(*list.find("keys")->as_array()->at(1).find("rates")),
            R"(["ingest=50/60000ms"])");
}

TEST(Keys, RoutesAreWhole) {
  KeyWorld keys;
  const auto checked = api::check_routes(keys.routes);
  EXPECT_TRUE(checked) << checked.error().message;
}

}  // namespace
}  // namespace server::auth
