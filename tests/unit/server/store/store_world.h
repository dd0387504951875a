#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "server/store/audit.h"
#include "server/store/idempotency.h"
#include "server/store/migration.h"
#include "server/store/sqlite_store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/programs.h"

namespace server::store::test {

inline const Migration kNotes{4, "notes", R"(
CREATE TABLE note (
  id TEXT NOT NULL PRIMARY KEY,
  size {integer},
  words TEXT
) {strict};
)"};

inline std::vector<Migration> all_migrations() {
  return {kCoreMigration, kAuditMigration, kIdempotencyMigration, kNotes};
}

inline gate::Status add_note(Transaction& transaction, const std::string& id, std::int64_t size = 1) {
  const auto added = transaction.execute("INSERT INTO note (id, size, words) VALUES (:id, :size, :words)",
                                         {{"id", id}, {"size", size}, {"words", "words of " + id}});
  return added ? gate::done() : gate::Status{added.error()};
}

inline Work adding(std::string id) {
  return [id = std::move(id)](Transaction& transaction) { return add_note(transaction, id); };
}

inline std::vector<std::string> notes_of(Store& store) {
  std::vector<std::string> ids;
  const auto status = store.read_now([&](Transaction& transaction) -> gate::Status {
    const auto rows = transaction.query("SELECT id FROM note ORDER BY id", {});
    if (!rows) return rows.error();
    for (const Row& row : *rows) ids.push_back(row.text(0));
    return gate::done();
  });
  EXPECT_TRUE(status) << status.error().message;
  return ids;
}

inline AuditEntry entry(const std::string& subject) {
  return {"key_1", "ops", "admin", "note.added", subject, "", "c-1", "", gate::Value{}, gate::Value{subject}};
}

inline std::string message_of(const gate::Status& status) {
  return status ? "done" : status.error().message;
}

// A folder with a store in it, opened as often as a test likes.
struct World {
  gate::test::ScratchFolder scratch;
  gate::test::FakeClock clock;
  std::string folder = (scratch.path() / "data").string();

  [[nodiscard]] std::string file(std::string_view name) const { return folder + "/" + std::string{name}; }

  gate::Result<std::unique_ptr<SqliteStore>> try_open(
      const std::vector<Migration>& migrations = all_migrations(), SqliteSettings settings = {}) {
    settings.folder = folder;
    return SqliteStore::open(settings, migrations, clock);
  }

  std::unique_ptr<SqliteStore> open(SqliteSettings settings = {}) {
    auto store = try_open(all_migrations(), std::move(settings));
    if (!store) throw std::runtime_error(store.error().message);
    return std::move(*store);
  }

  // The words of what stands in the way; "opened" where nothing does.
  std::string refusal(const std::vector<Migration>& migrations = all_migrations()) {
    const auto store = try_open(migrations);
    return store ? "opened" : store.error().message;
  }
};

}  // namespace server::store::test
