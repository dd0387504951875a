#include "server/store/migrate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/server/store/store_world.h"

namespace server::store::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Migration kMore{5, "more", R"(
ALTER TABLE note ADD COLUMN more {integer};
UPDATE note SET more = size + 1;
)"};

std::vector<Migration> with(std::vector<Migration> list, Migration last) {
  list.push_back(last);
  return list;
}

std::string refused(std::vector<Migration> migrations) {
  World world;
  return world.refusal(migrations);
}

TEST(Migrations, AreDenseFromTheCore) {
  struct Case {
    const char* name;
    std::vector<Migration> list;
    std::string_view message;
  };
  const Case cases[] = {
      {"none", {}, "the list of migrations does not begin with the core's"},
      {"no core", {{1, "mine", "CREATE TABLE x (a TEXT);\n"}}, "the list of migrations does not begin with"},
      {"a gap",
       {kCoreMigration, kIdempotencyMigration},
       R"(migration 3 "idempotency": 2 was expected there)"},
      {"one twice", {kCoreMigration, kCoreMigration}, R"(migration 1 "core": 2 was expected there)"},
  };
  for (const Case& row : cases) {
    SCOPED_TRACE(row.name);
    EXPECT_THAT(refused(row.list), HasSubstr(std::string{row.message}));
  }
}

TEST(Migrations, AreWrittenForBothEngines) {
  const Migration migration{1, "x",
                            "CREATE TABLE a (\n  n {integer}\n) {strict};\nCREATE INDEX i ON a (n);\n"};
  EXPECT_THAT(statements_of(migration, Dialect::sqlite),
              ElementsAre("CREATE TABLE a (\n  n INTEGER\n) STRICT", "CREATE INDEX i ON a (n)"));
  EXPECT_THAT(statements_of(migration, Dialect::postgresql),
              ElementsAre("CREATE TABLE a (\n  n BIGINT\n)", "CREATE INDEX i ON a (n)"));
}

TEST(Migrations, BringAnOldDatabaseForward) {
  World world;
  {
    auto store = world.open();
    ASSERT_TRUE(store->write_now(adding("a")));
  }
  world.clock.advance(std::chrono::hours{1});
  auto store = world.try_open(with(all_migrations(), kMore));
  ASSERT_TRUE(store) << store.error().message;
  const auto applied = (*store)->migrations();
  ASSERT_EQ(applied.size(), 5U);
  EXPECT_EQ(applied[0], (AppliedMigration{1, "core", "2026-11-20T05:00:00.000Z"}));
  EXPECT_EQ(applied[4], (AppliedMigration{5, "more", "2026-11-20T06:00:00.000Z"}));
  EXPECT_TRUE((*store)->read_now([](Transaction& transaction) -> gate::Status {
    const auto rows = transaction.query("SELECT more FROM note", {});
    if (!rows) return rows.error();
    EXPECT_EQ(rows->at(0).integer(0), 2);
    return gate::done();
  }));
  EXPECT_FALSE(std::filesystem::exists(world.file("trial.db")));
}

TEST(Migrations, RefuseADatabaseOfANewerVersion) {
  World world;
  ASSERT_TRUE(world.try_open(with(all_migrations(), kMore)));
  EXPECT_EQ(world.refusal(), world.file("release-gate.db") +
                                 ": was written by a newer gate-server (migration 5; this one knows 4)");
  ASSERT_TRUE(world.try_open(with(all_migrations(), kMore))) << "and leave it as it is";
}

TEST(Migrations, NameTheNewerVersionBeforeAnyGap) {
  World world;
  ASSERT_TRUE(world.try_open());
  {
    auto connection = SqliteConnection::open(world.file("release-gate.db"), Purpose::state);
    ASSERT_TRUE((*connection)->transaction().run_once("INSERT INTO migration VALUES (99, 'future', 'then')"));
    ASSERT_TRUE((*connection)->transaction().run_once("UPDATE migration SET name = 'x' WHERE version = 2"));
  }
  EXPECT_THAT(world.refusal(),
              HasSubstr("was written by a newer gate-server (migration 99; this one knows 4)"));
}

TEST(Migrations, RefuseADatabaseOfAnotherProgram) {
  World world;
  ASSERT_TRUE(world.try_open(with(all_migrations(), kMore)));
  EXPECT_THAT(world.refusal(with(all_migrations(), {5, "other", "CREATE TABLE x (a TEXT);\n"})),
              HasSubstr("it is of another program: its migration 5 is \"more\", here it is \"other\""));
}

TEST(Migrations, RefuseADatabaseWithAGap) {
  World world;
  ASSERT_TRUE(world.try_open());
  {
    auto connection = SqliteConnection::open(world.file("release-gate.db"), Purpose::state);
    ASSERT_TRUE((*connection)->transaction().run_once("DELETE FROM migration WHERE version = 2"));
  }
  EXPECT_THAT(world.refusal(), HasSubstr("its migration 2 is missing, though 3 was applied"));
}

TEST(Migrations, OneThatFailsLeavesTheDatabaseAsItWas) {
  struct Case {
    const char* name;
    const char* sql;
    std::string_view message;
  };
  const Case cases[] = {
      {"wrong SQL", "CREATE TABLE more (a TEXT);\nCREATE TABEL x;\n", "SQL logic error"},
      {"a constraint", "CREATE TABLE more (a TEXT);\nINSERT INTO note (id) VALUES ('a');\n", "constraint"},
  };
  for (const Case& row : cases) {
    SCOPED_TRACE(row.name);
    World world;
    {
      auto store = world.open();
      ASSERT_TRUE(store->write_now(adding("a")));
    }
    const std::string message = world.refusal(with(with(all_migrations(), kMore), {6, "broken", row.sql}));
    EXPECT_THAT(message, HasSubstr("migration 6 \"broken\""));
    EXPECT_THAT(message, HasSubstr(std::string{row.message}));
    auto store = world.open();
    EXPECT_EQ(store->migrations().size(), 4U) << "the fifth was tried on the copy alone";
    EXPECT_THAT(notes_of(*store), ElementsAre("a"));
    EXPECT_FALSE(std::filesystem::exists(world.file("trial.db")));
  }
}

TEST(Migrations, GoOnWhereTheyWereBrokenOff) {
  World world;
  ASSERT_TRUE(world.try_open({kCoreMigration, kAuditMigration}));
  world.scratch.write("data/trial.db", "left over");
  auto store = world.try_open();
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_EQ((*store)->migrations().size(), 4U);
}

}  // namespace
}  // namespace server::store::test
