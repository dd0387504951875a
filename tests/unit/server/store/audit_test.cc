#include "server/store/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/base/hash.h"
#include "gate/base/json_text.h"
#include "server/store/sqlite_connection.h"
#include "tests/unit/server/store/store_world.h"

namespace server::store::test {
namespace {

AuditEntry hostile_entry() {
  AuditEntry row = entry("checkout \"\n\xe2\x80\xa8 \xc3\xa9");
  row.reason = "because\tof {\"x\": 1}";
  row.before = gate::Value::object({{"b", gate::Value{1}}, {"a", gate::Value{"x"}}});
  return row;
}

// A chain of that many rows; the store is closed when it returns.
void fill(World& world, int rows) {
  auto store = world.open();
  for (int row = 1; row <= rows; ++row) {
    store->write(
        [&world, row](Transaction& transaction) -> gate::Status {
          const auto appended =
              append_audit(transaction, entry("s" + std::to_string(row)), world.clock.now());
          EXPECT_EQ(appended.has_value() ? *appended : -1, row);
          return appended ? gate::done() : gate::Status{appended.error()};
        },
        [](const gate::Status& status) { EXPECT_TRUE(status); });
    if (row % 100 == 0) {
      EXPECT_TRUE(store->write_now([](Transaction&) { return gate::done(); }));
    }
  }
  store->close();
}

AuditCheck checked(World& world) {
  AuditCheck check;
  auto store = world.open();
  EXPECT_TRUE(store->read_now([&](Transaction& transaction) -> gate::Status {
    auto found = check_audit(transaction);
    if (!found) return found.error();
    check = *found;
    return gate::done();
  }));
  return check;
}

void edit(World& world, const std::string& sql) {
  auto connection = SqliteConnection::open(world.file("release-gate.db"), Purpose::state);
  ASSERT_TRUE(connection);
  const auto edited =
      (*connection)->transact([&](Transaction&) { return (*connection)->transaction().run_once(sql); });
  ASSERT_EQ(message_of(edited), "done");
}

TEST(Audit, HashesEachRowWithTheOneBefore) {
  World world;
  auto store = world.open();
  std::vector<AuditRow> rows;
  const AuditEntry first = hostile_entry();
  const AuditEntry second = entry("payments");
  ASSERT_TRUE(store->write_now([&](Transaction& transaction) -> gate::Status {
    for (const AuditEntry& row : {first, second}) {
      if (auto appended = append_audit(transaction, row, world.clock.now()); !appended)
        return appended.error();
    }
    auto newest = newest_audit(transaction, 10);
    if (!newest) return newest.error();
    rows = std::move(*newest);
    return gate::done();
  }));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].entry, second) << "the newest first";
  EXPECT_EQ(rows[0].sequence, 2);
  EXPECT_EQ(rows[0].at, world.clock.now());
  gate::Value sorted = gate::Value::object({{"a", gate::Value{"x"}}, {"b", gate::Value{1}}});
  EXPECT_EQ(rows[1].entry.before, sorted) << "as RFC 8785 sorts it";
  const gate::Value whole = gate::Value::object({{"sequence", gate::Value{1}},
                                                 {"at", gate::Value{gate::to_string(world.clock.now())}},
                                                 {"actor", gate::Value{first.actor}},
                                                 {"owner", gate::Value{first.owner}},
                                                 {"scope", gate::Value{first.scope}},
                                                 {"action", gate::Value{first.action}},
                                                 {"subject", gate::Value{first.subject}},
                                                 {"reason", gate::Value{first.reason}},
                                                 {"correlation_id", gate::Value{first.correlation_id}},
                                                 {"idempotency", gate::Value{first.idempotency}},
                                                 {"before", first.before},
                                                 {"after", first.after}});
  EXPECT_EQ(rows[1].hash, gate::sha256_hex(gate::to_canonical_json(whole)));
}

TEST(Audit, LimitsWhatIsAskedFor) {
  World world;
  fill(world, 5);
  auto store = world.open();
  EXPECT_TRUE(store->read_now([&](Transaction& transaction) -> gate::Status {
    const auto newest = newest_audit(transaction, 2);
    if (!newest) return newest.error();
    EXPECT_EQ(newest->size(), 2U);
    EXPECT_EQ(newest->front().sequence, 5);
    return gate::done();
  }));
}

TEST(Audit, AnUntouchedChainIsWhole) {
  for (const int rows : {0, 1, 499, 500, 501, 1200}) {
    SCOPED_TRACE(rows);
    World world;
    fill(world, rows);
    const AuditCheck check = checked(world);
    EXPECT_EQ(check.broken_at, std::nullopt) << check.why;
    EXPECT_EQ(check.rows, rows);
    EXPECT_EQ(check.head.size(), rows == 0 ? 0U : 64U);
  }
}

TEST(Audit, UndoneWorkLeavesNoGap) {
  World world;
  {
    auto store = world.open();
    for (int round = 0; round < 6; ++round) {
      store->write(
          [&, round](Transaction& transaction) -> gate::Status {
            const auto appended = append_audit(transaction, entry("x"), world.clock.now());
            if (!appended) return appended.error();
            return round % 2 == 0 ? gate::done() : gate::Status{gate::Error{gate::ErrorCode::refused, "no"}};
          },
          [](const gate::Status&) {});
    }
  }
  const AuditCheck check = checked(world);
  EXPECT_EQ(check.rows, 3);
  EXPECT_EQ(check.broken_at, std::nullopt);
}

TEST(Audit, FindsEveryEdit) {
  struct Case {
    const char* name;
    const char* sql;
    std::int64_t broken_at;
    const char* why;
  };
  const Case cases[] = {
      {"a row that was changed", "UPDATE audit SET actor = 'somebody else' WHERE sequence = 3", 3,
       "its hash does not fit its content and the row before it"},
      {"a state that was changed", "UPDATE audit SET state_after = '\"s4\"' WHERE sequence = 3", 3,
       "its hash does not fit its content and the row before it"},
      {"a hash that was changed", "UPDATE audit SET hash = 'ff' || substr(hash, 3) WHERE sequence = 3", 3,
       "its hash does not fit its content and the row before it"},
      {"a row that was deleted", "DELETE FROM audit WHERE sequence = 4", 4, "it is missing"},
      {"the first that was deleted", "DELETE FROM audit WHERE sequence = 1", 1, "it is missing"},
      {"the last that was deleted", "DELETE FROM audit WHERE sequence = 600", 600,
       "it is missing, as are all after it"},
      {"many that were cut off", "DELETE FROM audit WHERE sequence > 100", 101,
       "it is missing, as are all after it"},
      {"all that were deleted", "DELETE FROM audit", 1, "it is missing, as are all after it"},
      {"two that changed places",
       "UPDATE audit SET sequence = CASE sequence WHEN 5 THEN -6 ELSE -5 END WHERE sequence IN (5, 6)", 1,
       "it is missing"},
      {"a row in front", "UPDATE audit SET sequence = 0 WHERE sequence = 600", 1, "it is missing"},
      {"a row more",
       "INSERT INTO audit SELECT 601, at, actor, owner, scope, action, subject, reason, "
       "correlation_id, idempotency, state_before, state_after, hash FROM audit WHERE sequence = 600",
       601, "its hash does not fit its content and the row before it"},
      {"a head that was set back", "UPDATE audit_head SET sequence = 598", 599,
       "it lies beyond the end of the log"},
      {"a head with another hash", "UPDATE audit_head SET hash = 'ff'", 600,
       "its hash is not the one the log ends with"},
      {"a head that was deleted", "DELETE FROM audit_head", 601,
       "the record of where the log ends is missing"},
  };
  for (const Case& row : cases) {
    SCOPED_TRACE(row.name);
    World world;
    fill(world, 600);
    edit(world, row.sql);
    const AuditCheck check = checked(world);
    EXPECT_EQ(check.broken_at, row.broken_at);
    EXPECT_EQ(check.why, row.why);
  }
}

TEST(Audit, RowsThatChangedPlacesAreFound) {
  World world;
  fill(world, 10);
  edit(world,
       "UPDATE audit SET sequence = CASE sequence WHEN 5 THEN 1006 ELSE 1005 END WHERE sequence IN (5, 6)");
  edit(world, "UPDATE audit SET sequence = sequence - 1000 WHERE sequence > 1000");
  EXPECT_EQ(checked(world).broken_at, 5);
}

TEST(Audit, CanBeWalkedWhileItGrows) {
  World world;
  fill(world, 700);
  auto store = world.open();
  AuditWalk walk;
  int pieces = 0;
  while (!walk.finished) {
    ASSERT_TRUE(store->read_now([&](Transaction& transaction) { return walk_audit(transaction, walk); }));
    if (++pieces == 1) {
      EXPECT_FALSE(walk.finished);
      ASSERT_TRUE(store->write_now([&](Transaction& transaction) -> gate::Status {
        return append_audit(transaction, entry("new"), world.clock.now()) ? gate::done()
                                                                          : gate::Status{gate::Error{}};
      }));
    }
  }
  EXPECT_EQ(pieces, 2);
  EXPECT_EQ(walk.check.rows, 701);
  EXPECT_EQ(walk.check.broken_at, std::nullopt);
}

TEST(Idempotency, KeepsAnAnswerOnce) {
  World world;
  auto store = world.open();
  const KeyedAnswer answer{"id-1", "abc", 201, "application/json", R"({"x":1})"};
  const auto keep = [&](Transaction& transaction) {
    return keep_keyed_answer(transaction, answer, world.clock.now());
  };
  EXPECT_EQ(message_of(store->write_now(keep)), "done");
  EXPECT_EQ(message_of(store->write_now(keep)),
            "the store refused a change: a constraint does not hold (1555)");
  EXPECT_TRUE(store->read_now([&](Transaction& transaction) -> gate::Status {
    const auto found = find_keyed_answer(transaction, "id-1");
    if (!found) return found.error();
    EXPECT_EQ(*found, answer);
    const auto none = find_keyed_answer(transaction, "id-2");
    if (!none) return none.error();
    EXPECT_EQ(*none, std::nullopt);
    return gate::done();
  }));
}

TEST(Idempotency, ForgetsWhatIsOlder) {
  World world;
  auto store = world.open();
  const gate::Timestamp start = world.clock.now();
  std::int64_t forgotten = 0;
  EXPECT_TRUE(store->write_now([&](Transaction& transaction) -> gate::Status {
    for (int day = 0; day < 4; ++day) {
      const KeyedAnswer answer{std::to_string(day), "", 200, "", ""};
      if (auto kept = keep_keyed_answer(transaction, answer, start + std::chrono::days{day}); !kept)
        return kept;
    }
    const auto count = forget_keyed_answers(transaction, start + std::chrono::days{2});
    if (!count) return count.error();
    forgotten = *count;
    const auto found = find_keyed_answer(transaction, "2");
    EXPECT_TRUE(found && *found) << "one of that very moment stays";
    return gate::done();
  }));
  EXPECT_EQ(forgotten, 2);
}

}  // namespace
}  // namespace server::store::test
