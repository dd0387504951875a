#pragma once

#include <memory>
#include <string>

#include "server/store/sql_transaction.h"

namespace server::store::test {

// One of the two engines, with every migration applied: what the services' statements run over.
class Engine {
 public:
  virtual ~Engine() = default;
  // One transaction, the work within a savepoint of it.
  virtual gate::Status run(const Work& work) = 0;
  virtual SqlTransaction& transaction() = 0;
  virtual gate::Status begin() = 0;
  virtual gate::Status commit() = 0;
};

std::unique_ptr<Engine> sqlite_engine(const std::string& folder);
std::unique_ptr<Engine> postgresql_engine(const std::string& connection);

// The migrations of the store and of every service.
gate::Status apply_all_migrations(Engine& engine);

}  // namespace server::store::test
