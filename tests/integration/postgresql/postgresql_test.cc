// The statements of the store and of every service, over SQLite and over a real PostgreSQL.

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/base/hash.h"
#include "server/app/migrations.h"
#include "server/auth/key_record.h"
#include "server/exemptions/tables.h"
#include "server/limits/override_table.h"
#include "server/slo/bin_table.h"
#include "server/slo/span_table.h"
#include "server/store/audit.h"
#include "server/store/idempotency.h"
#include "server/store/migrate.h"
#include "tests/integration/postgresql/engine.h"
#include "tests/integration/postgresql/real_postgresql.h"

namespace server::store::test {
namespace {

using std::chrono::hours;
using testing::ElementsAre;

constexpr gate::Timestamp kNow{std::chrono::milliseconds{1'795'150'800'123}};

std::string message_of(const gate::Status& status) {
  return status ? "done" : status.error().message;
}

template <class T>
gate::Status status_of(const gate::Result<T>& result) {
  return result ? gate::done() : gate::Status{result.error()};
}

class EveryEngine : public testing::TestWithParam<const char*> {
 protected:
  static void SetUpTestSuite() {
    if (const auto programs = find_postgresql()) server = new RealPostgresql{*programs};
  }
  static void TearDownTestSuite() {
    delete server;
    server = nullptr;
  }

  void SetUp() override {
    const bool postgresql = std::string{GetParam()} == "postgresql";
    if (postgresql && server == nullptr)
      GTEST_SKIP() << "PostgreSQL is not there: apt-get install postgresql";
    engine = postgresql ? postgresql_engine(server->connection()) : sqlite_engine(scratch.path().string());
    for (const char* sql : {"DROP SCHEMA public CASCADE", "CREATE SCHEMA public"}) {
      ASSERT_TRUE(!postgresql || engine->transaction().run_once(sql));
    }
    ASSERT_EQ(message_of(apply_all_migrations(*engine)), "done");
  }

  // The work is done, or the test has failed.
  void run(const Work& work) { EXPECT_EQ(message_of(engine->run(work)), "done"); }

  inline static RealPostgresql* server = nullptr;
  gate::test::ScratchFolder scratch;
  std::unique_ptr<Engine> engine;
};

INSTANTIATE_TEST_SUITE_P(Engines, EveryEngine, testing::Values("sqlite", "postgresql"),
                         [](const auto& engine) { return std::string{engine.param}; });

TEST_P(EveryEngine, AppliesEveryMigration) {
  run([](Transaction& transaction) -> gate::Status {
    const auto applied = applied_migrations(transaction);
    if (!applied) return applied.error();
    EXPECT_EQ(applied->size(), app::migrations().size());
    EXPECT_EQ(message_of(check_applied(*applied, app::migrations())), "done");
    return gate::done();
  });
}

TEST_P(EveryEngine, CarriesEveryKindOfValue) {
  run([](Transaction& transaction) -> gate::Status {
    const std::string odd = "a'b\"\\ \xc3\xa9 \xf0\x9f\x8e\x89 :name";
    if (auto kept = keep_keyed_answer(transaction, {"id", odd, 200, "", odd}, kNow); !kept) return kept;
    const auto rows = transaction.query(
        "SELECT body, kept_at, NULL, count(*), :given FROM idempotency WHERE id = :id GROUP BY body, kept_at",
        {{"given", "text"}, {"id", "id"}});
    if (!rows) return rows.error();
    EXPECT_EQ(rows->size(), 1U);
    const Row& row = rows->front();
    EXPECT_EQ(row.text(0), odd);
    EXPECT_EQ(row.integer(1), kNow.time_since_epoch().count()) << "beyond 32 bits";
    EXPECT_TRUE(row.is_null(2));
    EXPECT_EQ(row.integer(3), 1);
    EXPECT_EQ(row.text(4), "text");
    return gate::done();
  });
}

TEST_P(EveryEngine, UndoesFailedWorkAndThatAlone) {
  const auto keep = [](const std::string& id) {
    return [id](Transaction& transaction) {
      return keep_keyed_answer(transaction, {id, "", 200, "", ""}, kNow);
    };
  };
  SqlTransaction& transaction = engine->transaction();
  ASSERT_TRUE(engine->begin());
  EXPECT_EQ(message_of(transaction.attempt(keep("a"))), "done");
  EXPECT_THAT(message_of(transaction.attempt(keep("a"))),
              testing::StartsWith("the store refused a change: a constraint does not hold"));
  EXPECT_THAT(message_of(transaction.attempt([&](Transaction& inner) -> gate::Status {
                EXPECT_TRUE(keep("undone")(inner));
                return status_of(inner.query("SELEKT 1", {}));
              })),
              testing::StartsWith("the store refused a statement"));
  EXPECT_THAT(message_of(transaction.attempt([&](Transaction& inner) {
                EXPECT_FALSE(keep("a")(inner));
                EXPECT_FALSE(keep("after an error")(inner));
                return gate::done();
              })),
              testing::StartsWith("the store refused a change"));
  EXPECT_EQ(message_of(transaction.attempt(keep("b"))), "done");
  ASSERT_TRUE(engine->commit());
  run([](Transaction& inner) -> gate::Status {
    const auto rows = inner.query("SELECT id FROM idempotency ORDER BY id", {});
    if (!rows) return rows.error();
    EXPECT_EQ(rows->size(), 2U);
    EXPECT_EQ(rows->at(0).text(0), "a");
    EXPECT_EQ(rows->at(1).text(0), "b");
    return gate::done();
  });
}

TEST_P(EveryEngine, ChainsTheAuditLog) {
  const auto append = [](const std::string& subject) {
    return [subject](Transaction& transaction) {
      AuditEntry entry;
      entry.actor = "key_1";
      entry.subject = subject;
      entry.after = gate::Value::object({{"x", gate::Value{1}}});
      return status_of(append_audit(transaction, entry, kNow));
    };
  };
  for (const char* subject : {"a", "b", "c"}) run(append(subject));
  run([](Transaction& transaction) -> gate::Status {
    const auto check = check_audit(transaction);
    if (!check) return check.error();
    EXPECT_EQ(check->rows, 3);
    EXPECT_EQ(check->broken_at, std::nullopt);
    EXPECT_EQ(check->head, "976f99fe7338ce88c3762332888b03ea76a441e586fa2020f5ff11d6dfe90732")
        << "the same on both engines";
    const auto newest = newest_audit(transaction, 2);
    if (!newest) return newest.error();
    EXPECT_EQ(newest->size(), 2U);
    EXPECT_EQ(newest->front().entry.subject, "c");
    if (auto edited = transaction.execute("UPDATE audit SET actor = 'x' WHERE sequence = 2", {}); !edited)
      return edited.error();
    const auto edited = check_audit(transaction);
    if (!edited) return edited.error();
    EXPECT_EQ(edited->broken_at, 2);
    return gate::done();
  });
}

TEST_P(EveryEngine, KeepsAndForgetsAnswers) {
  const KeyedAnswer answer{"id", "abc", 201, "application/json", "{}"};
  run([&](Transaction& transaction) { return keep_keyed_answer(transaction, answer, kNow); });
  run([&](Transaction& transaction) -> gate::Status {
    const auto found = find_keyed_answer(transaction, "id");
    if (!found) return found.error();
    EXPECT_EQ(*found, answer);
    const auto none = forget_keyed_answers(transaction, kNow);
    EXPECT_EQ(none.has_value() ? *none : -1, 0);
    const auto one = forget_keyed_answers(transaction, kNow + hours{1});
    EXPECT_EQ(one.has_value() ? *one : -1, 1);
    return status_of(one);
  });
}

TEST_P(EveryEngine, KeepsKeys) {
  auth::KeyRecord key;
  key.id = "abcdefgh";
  key.owner = "ops";
  key.role = "operator";
  key.scopes = {auth::Scope::read, auth::Scope::rollback};
  key.services = {"checkout*"};
  key.rates = {{limits::RateClass::read, {600, std::chrono::minutes{1}}}};
  key.created_at = kNow;
  key.expires_at = kNow + hours{24};
  run([&](Transaction& transaction) { return auth::insert_key(transaction, key); });
  run([&](Transaction& transaction) -> gate::Status {
    if (auto used = auth::set_last_used(transaction, key.id, gate::date_of(kNow)); !used) return used;
    if (auto revoked = auth::set_revoked(transaction, key.id, kNow + hours{1}); !revoked) return revoked;
    const auto keys = auth::load_keys(transaction);
    if (!keys) return keys.error();
    auth::KeyRecord expected = key;
    expected.revoked_at = kNow + hours{1};
    expected.last_used_on = gate::date_of(kNow);
    EXPECT_THAT(keys->keys, ElementsAre(expected));
    EXPECT_THAT(keys->unreadable, ElementsAre());
    return gate::done();
  });
}

TEST_P(EveryEngine, KeepsRateLimits) {
  limits::Override first{0,    "canaryManagement", {10, std::chrono::seconds{1}}, "why", "key_1", "ops",
                         kNow, kNow + hours{1}};
  limits::Override second = first;
  second.rate.requests = 20;
  run([&](Transaction& transaction) { return limits::insert_override(transaction, first); });
  run([&](Transaction& transaction) { return limits::insert_override(transaction, second); });
  EXPECT_EQ(first.id, 1);
  EXPECT_EQ(second.id, 2);
  run([&](Transaction& transaction) -> gate::Status {
    const auto loaded = limits::load_overrides(transaction, kNow);
    if (!loaded) return loaded.error();
    EXPECT_THAT(*loaded, ElementsAre(second));
    return gate::done();
  });
}

TEST_P(EveryEngine, KeepsExemptions) {
  exemptions::Version version;
  version.generation = 1;
  version.text = "text";
  version.sha256 = gate::sha256_hex(version.text);
  version.made_by = "key_1";
  version.at = kNow;
  const exemptions::Mark mark{"EX-1", gate::date_of(kNow), "key_1", "ops", kNow, ""};
  exemptions::Validation validation{1, 1, kNow, gate::date_of(kNow), "valid", "{}", "key_1"};
  run([&](Transaction& transaction) -> gate::Status {
    if (auto kept = exemptions::keep_version(transaction, version); !kept) return kept;
    if (auto kept = exemptions::keep_marks(transaction, 1, {{"EX-1", mark}}); !kept) return kept;
    return exemptions::keep_validation(transaction, validation);
  });
  run([&](Transaction& transaction) -> gate::Status {
    const auto newest = exemptions::newest_version(transaction);
    if (!newest) return newest.error();
    EXPECT_EQ(*newest, version);
    const auto by_generation = exemptions::version_of(transaction, 1);
    if (!by_generation) return by_generation.error();
    EXPECT_EQ(*by_generation, version);
    const auto generation = exemptions::newest_generation(transaction);
    EXPECT_EQ(generation.has_value() ? *generation : -1, 1);
    const auto marks = exemptions::marks_of(transaction, 1);
    if (!marks) return marks.error();
    EXPECT_EQ(*marks, (exemptions::Marks{{"EX-1", mark}}));
    const auto checked = exemptions::newest_validation(transaction);
    if (!checked) return checked.error();
    EXPECT_TRUE(checked->has_value());
    EXPECT_EQ((*checked)->verdict, "valid");
    return gate::done();
  });
}

TEST_P(EveryEngine, AddsSamplesUp) {
  const std::chrono::minutes width{1};
  slo::BinCounts counts;
  counts.total = 10;
  counts.errors = 1;
  counts.newest = kNow;
  counts.latency.counts = {10};
  const slo::Bins bins{{{width, slo::bin_start(kNow, width), gate::slo::Track::none}, counts}};
  for (int round = 0; round < 2; ++round)
    run([&](Transaction& transaction) { return slo::add_bins(transaction, "checkout", bins); });
  run([&](Transaction& transaction) -> gate::Status {
    const auto loaded = slo::load_bins(transaction, "checkout");
    if (!loaded) return loaded.error();
    EXPECT_EQ(loaded->size(), 1U);
    std::uint64_t total = 0;
    for (const auto& [key, bin] : *loaded) total += bin.total;
    EXPECT_EQ(total % 10, 0U);
    EXPECT_GT(total, 0U);
    for (const std::int64_t expected : {1, 1}) {
      const auto services = slo::note_service(transaction, "checkout");
      EXPECT_EQ(services.has_value() ? *services : -1, expected);
    }
    return status_of(slo::forget_bins(transaction, slo::tiers_for(hours{24}), kNow + hours{24 * 400}));
  });
}

TEST_P(EveryEngine, KeepsSpansOfTrouble) {
  slo::Span span;
  span.objective = "checkout-availability";
  span.service = "checkout";
  span.started_at = kNow;
  span.worst = 14.4;
  span.reason = "because";
  span.evaluations = 1;
  slo::Span ended = span;
  ended.ended_at = kNow + hours{1};
  ended.worst.reset();
  ended.kind = slo::SpanKind::budget;
  const slo::Observation observation{kNow, kNow + hours{1}};
  run([&](Transaction& transaction) -> gate::Status {
    for (const slo::Span& one : {span, span, ended}) {
      if (auto put = slo::put_span(transaction, one); !put) return put;
    }
    if (auto put = slo::put_observation(transaction, {kNow, kNow}); !put) return put;
    return slo::put_observation(transaction, observation);
  });
  run([&](Transaction& transaction) -> gate::Status {
    const auto spans = slo::load_spans(transaction, kNow - hours{1}, 10);
    if (!spans) return spans.error();
    EXPECT_THAT(*spans, testing::UnorderedElementsAre(span, ended));
    const auto loaded = slo::load_observation(transaction);
    if (!loaded) return loaded.error();
    EXPECT_EQ(*loaded, observation);
    if (auto forgot = slo::forget_spans(transaction, kNow + hours{2}); !forgot) return forgot;
    const auto left = slo::load_spans(transaction, kNow - hours{1}, 10);
    if (!left) return left.error();
    EXPECT_THAT(*left, ElementsAre(span)) << "one that lasts stays";
    return gate::done();
  });
}

}  // namespace
}  // namespace server::store::test
