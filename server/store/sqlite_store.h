#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gate/base/result.h"
#include "gate/ports/clock.h"
#include "gate/ports/random.h"
#include "server/store/migration.h"
#include "server/store/store.h"

namespace server::store {

struct SqliteSettings {
  std::string folder;           // the server's --data; made (0700) where it is missing
  std::size_t queue = 256;      // pieces of work that may wait
  std::size_t batch = 128;      // pieces of work that may share a commit
  bool network_folder = false;  // whether the folder may lie on a network file system
};

struct AppliedMigration {
  int version = 0;
  std::string name;
  std::string applied_at;  // RFC 3339

  bool operator==(const AppliedMigration&) const = default;
};

// Reads what the services keep in memory, from the store that was just opened: at the start, and after a
// recovery. On the store's thread, before any other work.
using Reload = std::function<gate::Status(Transaction&)>;

// The state of a server in `folder`/release-gate.db: one connection, one thread, WAL with FULL.
class SqliteStore : public Store {
 public:
  // Takes the folder's lock, tries new migrations on a copy, applies them, and checks the file. Errors: usage
  // where another process holds the folder (its pid is named), where the file belongs to a newer version, or
  // is gone though the folder had one; malformed for a damaged file; io.
  static gate::Result<std::unique_ptr<SqliteStore>> open(const SqliteSettings& settings,
                                                         std::span<const Migration> migrations,
                                                         const gate::ports::Clock& clock);

  // Runs `reload` now, and again after every recovery, in the order of these calls. Once for each who keeps
  // something in memory, before its first work.
  virtual gate::Status on_open(Reload reload) = 0;

  // A consistent copy of the whole state in `path`, which must not exist, made while work goes on.
  virtual gate::Status backup(const std::string& path) = 0;

  [[nodiscard]] virtual std::vector<AppliedMigration> migrations() const = 0;

  // Why the store failed for good, so that the process must end and start anew; empty while it did not.
  [[nodiscard]] virtual std::string failure() const = 0;
  [[nodiscard]] virtual std::size_t waiting() const = 0;

  // Does what is queued, then takes no more and closes.
  virtual void close() = 0;
};

// Puts a backup in the place of the state of `folder`, which no server may hold; what was there is kept
// beside it under a name that is returned. The backup is checked first. Errors: as SqliteStore::open.
gate::Result<std::string> restore(const std::string& folder, const std::string& backup,
                                  std::span<const Migration> migrations, const gate::ports::Clock& clock);

}  // namespace server::store
