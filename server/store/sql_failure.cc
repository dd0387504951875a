#include "server/store/sql_failure.h"

#include <cerrno>

#include <fmt/format.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace server::store {

using gate::Error;
using gate::ErrorCode;

Fault sqlite_fault(int extended_code, int system_errno) {
  const bool no_room = system_errno == ENOSPC || system_errno == EDQUOT || system_errno == EFBIG;
  if (extended_code == SQLITE_IOERR_WRITE && no_room) return Fault::disk_full;
  switch (extended_code & 0xff) {
    case SQLITE_FULL: return Fault::disk_full;
    case SQLITE_OK:
    case SQLITE_ERROR:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE:
    case SQLITE_TOOBIG:
    case SQLITE_AUTH:
    case SQLITE_SCHEMA: return Fault::statement;
    default: return Fault::broken;
  }
}

// errno itself is long gone when SQLite returns; its files keep theirs. The log is asked first, for commits
// write there; one in memory has nothing to ask.
SqliteFailure last_failure(sqlite_api::sqlite3* handle) {
  const int code = sqlite_api::sqlite3_extended_errcode(handle);
  int number = 0;
  sqlite_api::sqlite3_file* log = nullptr;
  sqlite_api::sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  const bool can_be_asked =
      log != nullptr && log->pMethods != nullptr && log->pMethods->xFileControl != nullptr;
  if (can_be_asked) log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &number);
  if (number == 0) sqlite_api::sqlite3_file_control(handle, "main", SQLITE_FCNTL_LAST_ERRNO, &number);
  return {code, sqlite_fault(code, number)};
}

Error worded(const SqliteFailure& failure) {
  const auto& [code, fault] = failure;
  const int primary = code & 0xff;
  if (fault == Fault::disk_full) return {ErrorCode::unavailable, "the disk is full: nothing was done"};
  if (fault == Fault::broken)
    return {ErrorCode::io,
            fmt::format("the store failed: {} ({})", sqlite_api::sqlite3_errstr(primary), code)};
  if (primary == SQLITE_CONSTRAINT)
    return {ErrorCode::refused,
            fmt::format("the store refused a change: a constraint does not hold ({})", code)};
  return {ErrorCode::malformed,
          fmt::format("the store refused a statement: {} ({})", sqlite_api::sqlite3_errstr(primary), code)};
}

}  // namespace server::store
