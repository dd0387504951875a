#include "server/store/sqlite_store.h"

#include <utility>

#include "server/store/open_state.h"
#include "server/store/writer.h"

namespace server::store {

gate::Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const SqliteSettings& settings,
                                                             std::span<const Migration> migrations,
                                                             const gate::ports::Clock& clock) {
  auto state = open_state(settings, migrations, clock.now());
  if (!state) return state.error();
  return std::unique_ptr<SqliteStore>{std::make_unique<Writer>(settings, std::move(*state), clock)};
}

}  // namespace server::store
