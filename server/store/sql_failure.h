#pragma once

#include <cstdint>

#include "gate/base/error.h"

namespace sqlite_api {
struct sqlite3;
}

namespace server::store {

// What a failed statement says of the engine behind it; the later, the worse.
enum class Fault : std::uint8_t {
  none,
  statement,  // it is wrong, or a constraint refused it; the engine is well
  disk_full,  // nothing more can be written until there is room
  broken,     // an I/O error, a damaged file: the connection is not to be trusted
};

// What SQLite's result code, and the system's where one stood behind it, mean.
Fault sqlite_fault(int extended_code, int system_errno);

// What the last failed call on a connection says.
struct SqliteFailure {
  int code = 0;  // extended
  Fault fault = Fault::none;
};
SqliteFailure last_failure(sqlite_api::sqlite3* handle);

// In fixed words: what SQLite and SOCI say themselves may hold a bound value.
gate::Error worded(const SqliteFailure& failure);

}  // namespace server::store
