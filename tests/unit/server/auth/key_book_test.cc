#include "server/auth/key_book.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/server/auth/key_world.h"

namespace server::auth {
namespace {

using std::chrono::hours;
using testing::HasSubstr;
using testing::Not;

// Another key of the right form that nobody was given.
std::string stranger() {
  static const gate::test::FakeRandom random{200};
  return ApiKey::make(KeyEnvironment::live, random).reveal();
}

TEST(HeaderKey, TakesOneKeyFromOneHeader) {
  struct Row {
    const char* name;
    http::Headers headers;
    std::variant<std::string_view, AuthFailure> expected;
  };
  const Row rows[] = {
      {"none", {{"accept", "*/*"}}, AuthFailure::missing},
      {"X-API-Key", {{"x-api-key", "abc"}}, "abc"},
      {"Bearer", {{"authorization", "Bearer abc"}}, "abc"},
      {"bearer in small letters", {{"authorization", "bearer  abc "}}, "abc"},
      {"Basic", {{"authorization", "Basic YWJj"}}, ""},
      {"both", {{"x-api-key", "abc"}, {"authorization", "Bearer abc"}}, AuthFailure::repeated},
      {"X-API-Key twice", {{"x-api-key", "abc"}, {"x-api-key", "abc"}}, AuthFailure::repeated},
      {"Authorization twice",
       {{"authorization", "Basic a"}, {"authorization", "Bearer b"}},
       AuthFailure::repeated},
      {"a key and another scheme",
       {{"authorization", "Basic a"}, {"x-api-key", "abc"}},
       AuthFailure::repeated},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    http::Head head;
    head.headers = row.headers;
    EXPECT_EQ(header_key(head), row.expected);
  }
}

TEST(KeyBook, LetsInWhoHasALiveKey) {
  KeyWorld keys;
  const auto [text, id] =
      keys.make(R"({"owner":"ci","role":"operator","services":["pay-*"],"rates":["read=600/60s"]})");
  const auto found = keys.book.authenticate(text, keys.world.clock.now());
  ASSERT_TRUE(std::holds_alternative<Principal>(found));
  const auto& caller = std::get<Principal>(found);
  EXPECT_EQ(caller.id, id);
  EXPECT_EQ(caller.owner, "ci");
  EXPECT_EQ(caller.scopes, role_named("operator")->scopes);
  EXPECT_TRUE(caller.may_reach("pay-api"));
  EXPECT_FALSE(caller.may_reach("checkout"));
  EXPECT_EQ(caller.rates.at(limits::RateClass::read).requests, 600U);
}

TEST(KeyBook, RefusesEveryoneElse) {
  KeyWorld keys;
  const auto [text, id] = keys.make(R"({"owner":"ci","role":"viewer","expires_in":"1h"})");
  const gate::test::FakeRandom random{9};
  EXPECT_EQ(keys.enter(""), "malformed");
  EXPECT_EQ(keys.enter("rgk_live_" + std::string(46, 'x')), "malformed");
  EXPECT_EQ(keys.enter(stranger()), "unknown");
  EXPECT_EQ(keys.enter(ApiKey::make(KeyEnvironment::demo, random).reveal()), "malformed");
  EXPECT_EQ(keys.enter(text), "ok");
  keys.world.clock.advance(hours{1});
  EXPECT_EQ(keys.enter(text), "expired");
  EXPECT_THAT(keys.world.metrics->text(),
              HasSubstr("release_gate_auth_failures_total{reason=\"malformed\"} 3"));
}

TEST(KeyBook, RefusesAKnownIdWithAnotherSecret) {
  KeyWorld keys;
  const auto [text, id] = keys.make(R"({"owner":"ci","role":"viewer"})");
  // Keys whose stored digest was swapped: what a wrong secret looks like from outside.
  const auto swapped = keys.world.store().write_now([&](store::Transaction& transaction) -> gate::Status {
    const auto changed = transaction.execute("UPDATE api_key SET digest = :digest",
                                             {{"digest", to_hex(digest_of("something else"))}});
    return changed ? gate::done() : gate::Status{changed.error()};
  });
  ASSERT_TRUE(swapped);
  keys.load(keys.book);
  EXPECT_EQ(keys.enter(text), "wrong_secret");
  EXPECT_EQ(explain(AuthFailure::wrong_secret), explain(AuthFailure::unknown));
}

TEST(KeyBook, TakesAsLongForAnUnknownIdAsForAWrongSecret) {
  KeyWorld keys;
  for (int i = 0; i < 8; ++i) keys.make(R"({"owner":"ci)" + std::to_string(i) + R"(","role":"viewer"})");
  const auto [text, id] = keys.make(R"({"owner":"ci","role":"viewer"})");
  ASSERT_TRUE(keys.world.store().write_now([&](store::Transaction& transaction) -> gate::Status {
    const auto changed = transaction.execute("UPDATE api_key SET digest = :digest",
                                             {{"digest", to_hex(digest_of("something else"))}});
    return changed ? gate::done() : gate::Status{changed.error()};
  }));
  keys.load(keys.book);
  const auto median_of = [&](const std::string& key) {
    std::vector<double> took;
    for (int batch = 0; batch < 101; ++batch) {
      const auto start = std::chrono::steady_clock::now();
      for (int i = 0; i < 100; ++i) static_cast<void>(keys.book.authenticate(key, keys.world.clock.now()));
      took.push_back(
          std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count() / 100);
    }
    std::nth_element(took.begin(), took.begin() + 50, took.end());
    return took[50];
  };
  const double wrong = median_of(text);
  const double unknown = median_of(stranger());
  // Microseconds; what a client sees of it through a network is a thousand times as much.
  EXPECT_LT(std::abs(wrong - unknown), 50) << wrong << " and " << unknown;
}

TEST(KeyBook, WritesDownTheDayOfTheLastUseOnce) {
  KeyWorld keys;
  const auto [text, id] = keys.make(R"({"owner":"ci","role":"viewer"})");
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(keys.enter(text), "ok");
  // Reads may overtake the queued write, writes may not.
  ASSERT_TRUE(keys.world.store().write_now([](store::Transaction&) { return gate::done(); }));
  KeyBook other{keys.world.core(), {}};
  keys.load(other);
  const auto listed = gate::test::json_of(gate::test::ask(other.routes(), {"GET", "/api/v1/keys", {}}));
  EXPECT_EQ(*listed.find("keys")->as_array()->at(0).find("last_used_on")->as_string(), "2026-11-20");
}

TEST(KeyBook, KeepsKeysOverARestart) {
  KeyWorld keys;
  const auto [text, id] =
      keys.make(R"({"owner":"ci","scopes":["read","canary:write"],"rates":["read=9/1s"]})");
  const auto before = keys.book.authenticate(text, keys.world.clock.now());
  keys.world.restart();
  KeyBook again{keys.world.core(), {}};
  keys.load(again);
  const auto after = again.authenticate(text, keys.world.clock.now());
  ASSERT_TRUE(std::holds_alternative<Principal>(after));
  EXPECT_EQ(std::get<Principal>(after).scopes, std::get<Principal>(before).scopes);
  EXPECT_EQ(std::get<Principal>(after).rates, std::get<Principal>(before).rates);
}

TEST(KeyBook, MakesTheFirstKeyOnce) {
  KeyWorld keys;
  std::vector<std::string> handed;
  const auto take = [&](const ApiKey& key) {
    handed.push_back(key.reveal());
    return gate::done();
  };
  ASSERT_TRUE(keys.book.create_first_key(take));
  ASSERT_EQ(handed.size(), 1U);
  EXPECT_EQ(keys.enter(handed[0]), "ok");
  const auto caller = keys.book.authenticate(handed[0], keys.world.clock.now());
  EXPECT_TRUE(std::get<Principal>(caller).scopes.has(Scope::admin));
  ASSERT_TRUE(keys.book.create_first_key(take));
  EXPECT_EQ(handed.size(), 1U);
  ASSERT_EQ(keys.world.audit().size(), 1U);
  EXPECT_EQ(keys.world.audit()[0].entry.actor, "system");
  EXPECT_EQ(keys.book.owners(), std::vector<std::string>{"admin"});
}

TEST(KeyBook, MakesNoFirstKeyThatNobodyGot) {
  KeyWorld keys;
  std::string lost;
  const auto failed = keys.book.create_first_key([&](const ApiKey& key) -> gate::Status {
    lost = key.reveal();
    return gate::Error{gate::ErrorCode::usage, "file: exists already"};
  });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error(), (gate::Error{gate::ErrorCode::usage, "file: exists already"}));
  EXPECT_EQ(keys.enter(lost), "unknown");
  EXPECT_TRUE(keys.world.audit().empty());
  std::string handed;
  ASSERT_TRUE(keys.book.create_first_key([&](const ApiKey& key) {
    handed = key.reveal();
    return gate::done();
  }));
  EXPECT_EQ(keys.enter(handed), "ok");
}

TEST(KeyBook, OneUnreadableRowLocksNobodyElseOut) {
  KeyWorld keys;
  const auto [good, id] = keys.make(R"({"owner":"ci","role":"viewer"})");
  const auto [bad, bad_id] = keys.make(R"({"owner":"cd","role":"viewer"})");
  ASSERT_TRUE(
      keys.world.store().write_now([&, broken = bad_id](store::Transaction& transaction) -> gate::Status {
        const auto changed =
            transaction.execute("UPDATE api_key SET scopes = 'fly' WHERE id = :id", {{"id", broken}});
        return changed ? gate::done() : gate::Status{changed.error()};
      }));
  keys.load(keys.book);
  EXPECT_EQ(keys.enter(good), "ok");
  EXPECT_EQ(keys.enter(bad), "unknown");
  EXPECT_THAT(keys.world.logged(), HasSubstr("key_unreadable"));
}

TEST(KeyBook, IsReadWhileItChanges) {
  KeyWorld keys;
  const auto [text, id] = keys.make(R"({"owner":"ci","role":"viewer"})");
  std::atomic<bool> stop{false};
  std::atomic<int> refused{0};
  std::thread reader{[&, key = text] {
    while (!stop) refused += std::holds_alternative<Principal>(keys.book.authenticate(key, {})) ? 0 : 1;
  }};
  for (int i = 0; i < 12; ++i) {
    keys.make(R"({"owner":"other)" + std::to_string(i) + R"(","role":"viewer"})");
    keys.load(keys.book);
  }
  stop = true;
  reader.join();
  EXPECT_EQ(refused, 0);
}

}  // namespace
}  // namespace server::auth
