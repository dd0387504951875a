#include "server/store/sql_transaction.h"

#include <algorithm>
#include <exception>
#include <unordered_map>
#include <utility>
#include <vector>

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace server::store {

using gate::Error;
using gate::ErrorCode;
using gate::Result;
using gate::Status;

namespace {

// Services have some hundred statements between them; more would be texts made at run time.
constexpr std::size_t kMostStatements = 512;

sqlite_api::sqlite3* sqlite_handle(soci::session& session) {
  return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
}

Cell sqlite_cell(sqlite_api::sqlite3_stmt* statement, int column) {
  switch (sqlite_api::sqlite3_column_type(statement, column)) {
    case SQLITE_NULL: return std::monostate{};
    case SQLITE_INTEGER: return std::int64_t{sqlite_api::sqlite3_column_int64(statement, column)};
    default: break;
  }
  const unsigned char* text = sqlite_api::sqlite3_column_text(statement, column);
  const int bytes = sqlite_api::sqlite3_column_bytes(statement, column);
  if (text == nullptr) return std::string{};
  return std::string{text, text + bytes};
}

Cell cell_of(const soci::row& row, std::size_t column) {
  if (row.get_indicator(column) == soci::i_null) return std::monostate{};
  switch (row.get_properties(column).get_data_type()) {
    case soci::dt_integer: return std::int64_t{row.get<int>(column)};
    case soci::dt_long_long: return std::int64_t{row.get<long long>(column)};
    case soci::dt_double: return static_cast<std::int64_t>(row.get<double>(column));
    default: return row.get<std::string>(column);
  }
}

std::string key_of(std::string_view sql, const Parameters& parameters, bool returns_rows) {
  std::string key{sql};
  key += returns_rows ? '?' : '!';
  for (const auto& [name, value] : parameters) {
    key += std::holds_alternative<std::int64_t>(value) ? '#' : '$';
    key += name;
  }
  return key;
}

Error worded(const soci::soci_error& error) {
  if (error.get_error_category() == soci::soci_error::constraint_violation)
    return {ErrorCode::refused, "the store refused a change: a constraint does not hold"};
  return {ErrorCode::malformed, "the store refused a statement"};
}

}  // namespace

// One statement with a place for each of its parameters, which stay where they are bound.
class SqlTransaction::Prepared {
 public:
  Prepared(soci::session& session, Dialect dialect, std::string_view sql, const Parameters& parameters,
           bool returns_rows)
      : dialect_(dialect), slots_(parameters.size()), statement_(session) {
    statement_.alloc();
    if (dialect_ == Dialect::postgresql && returns_rows) statement_.exchange(soci::into(row_));
    for (std::size_t at = 0; at < slots_.size(); ++at) bind_slot(slots_[at], parameters[at]);
    statement_.prepare(std::string{sql});
    statement_.define_and_bind();
  }

  // Of SQLite alone, where nothing else tells: whether every parameter was given.
  [[nodiscard]] bool is_complete() const {
    return dialect_ != Dialect::sqlite ||
           sqlite_api::sqlite3_bind_parameter_count(raw()) == static_cast<int>(slots_.size());
  }
  [[nodiscard]] bool only_reads() const {
    return dialect_ != Dialect::sqlite || sqlite_api::sqlite3_stmt_readonly(raw()) != 0;
  }

  std::int64_t change(const Parameters& parameters) {
    set(parameters);
    statement_.execute(true);
    return statement_.get_affected_rows();
  }

  Rows rows(const Parameters& parameters) {
    set(parameters);
    Rows rows;
    for (bool more = statement_.execute(true); more; more = next()) rows.push_back(row());
    return rows;
  }

  // After an error: a statement that did not reach its end holds what it has read.
  void reset() {
    if (dialect_ == Dialect::sqlite) backend().reset();
  }

 private:
  struct Slot {
    long long integer = 0;
    std::string text;
    soci::indicator state = soci::i_null;
  };

  void bind_slot(Slot& slot, const std::pair<std::string_view, Cell>& parameter) {
    const std::string name{parameter.first};
    if (std::holds_alternative<std::int64_t>(parameter.second)) {
      statement_.exchange(soci::use(slot.integer, slot.state, name));
    } else {
      statement_.exchange(soci::use(slot.text, slot.state, name));
    }
  }

  void set(const Parameters& parameters) {
    for (std::size_t at = 0; at < slots_.size(); ++at) {
      const Cell& value = parameters[at].second;
      slots_[at].state = std::holds_alternative<std::monostate>(value) ? soci::i_null : soci::i_ok;
      if (const auto* integer = std::get_if<std::int64_t>(&value)) slots_[at].integer = *integer;
      if (const auto* text = std::get_if<std::string>(&value)) slots_[at].text = *text;
    }
  }

  // SOCI's own rows cut SQLite's integers at 32 bits.
  [[nodiscard]] Row row() const {
    std::vector<Cell> cells;
    if (dialect_ == Dialect::sqlite) {
      const int columns = sqlite_api::sqlite3_column_count(raw());
      for (int at = 0; at < columns; ++at) cells.push_back(sqlite_cell(raw(), at));
    } else {
      for (std::size_t at = 0; at < row_.size(); ++at) cells.push_back(cell_of(row_, at));
    }
    return Row{std::move(cells)};
  }

  bool next() {
    if (dialect_ == Dialect::sqlite)
      return backend().fetch(1) == soci::details::statement_backend::ef_success;
    return statement_.fetch();
  }

  [[nodiscard]] soci::sqlite3_statement_backend& backend() const {
    return *static_cast<soci::sqlite3_statement_backend*>(statement_.get_backend());
  }
  [[nodiscard]] sqlite_api::sqlite3_stmt* raw() const { return backend().stmt_; }

  Dialect dialect_;
  std::vector<Slot> slots_;
  soci::row row_;
  mutable soci::statement statement_;
};

struct SqlTransaction::Cache {
  std::unordered_map<std::string, std::unique_ptr<Prepared>> statements;
  Prepared* running = nullptr;
};

SqlTransaction::SqlTransaction(soci::session& session, Dialect dialect)
    : session_(session), dialect_(dialect), cache_(std::make_unique<Cache>()) {}

SqlTransaction::~SqlTransaction() = default;

SqlTransaction::Prepared& SqlTransaction::prepared(std::string_view sql, const Parameters& parameters,
                                                   bool returns_rows) {
  auto& statements = cache_->statements;
  std::string key = key_of(sql, parameters, returns_rows);
  auto found = statements.find(key);
  if (found == statements.end()) {
    if (statements.size() >= kMostStatements) statements.clear();
    auto made = std::make_unique<Prepared>(session_, dialect_, sql, parameters, returns_rows);
    found = statements.emplace(std::move(key), std::move(made)).first;
  }
  cache_->running = found->second.get();
  return *found->second;
}

Error SqlTransaction::failed(Fault fault, Error error) {
  fault_ = std::max(fault_, fault);
  if (!failure_) failure_ = error;
  return error;
}

// What SQLite says of an error is asked for before the statement is reset, which is a call that says
// something itself.
Error SqlTransaction::failed_now(const std::exception& exception) {
  SqliteFailure failure{0, Fault::statement};
  if (dialect_ == Dialect::sqlite) failure = last_failure(sqlite_handle(session_));
  if (cache_->running != nullptr) cache_->running->reset();
  if (dialect_ == Dialect::sqlite) return failed(failure.fault, worded(failure));
  const auto* known = dynamic_cast<const soci::soci_error*>(&exception);
  if (known == nullptr) return failed(Fault::broken, {ErrorCode::io, "the store failed"});
  return failed(failure.fault, worded(*known));
}

template <class Use>
auto SqlTransaction::guarded(Use use) -> decltype(use()) {
  if (failure_) return *failure_;
  cache_->running = nullptr;
  try {
    return use();
  } catch (const std::exception& exception) {
    return failed_now(exception);
  }
}

Result<Rows> SqlTransaction::query(std::string_view sql, const Parameters& parameters) {
  return guarded([&]() -> Result<Rows> {
    Prepared& statement = prepared(sql, parameters, true);
    if (!statement.is_complete())
      return failed(Fault::statement, {ErrorCode::malformed, "a statement lacks parameters"});
    if (read_only_ && !statement.only_reads())
      return failed(Fault::statement, {ErrorCode::usage, "a read may change nothing"});
    return statement.rows(parameters);
  });
}

Result<std::int64_t> SqlTransaction::execute(std::string_view sql, const Parameters& parameters) {
  if (read_only_) return failed(Fault::statement, {ErrorCode::usage, "a read may change nothing"});
  return guarded([&]() -> Result<std::int64_t> {
    Prepared& statement = prepared(sql, parameters, false);
    if (!statement.is_complete())
      return failed(Fault::statement, {ErrorCode::malformed, "a statement lacks parameters"});
    return statement.change(parameters);
  });
}

Status SqlTransaction::run_once(std::string_view sql) {
  return guarded([&]() -> Status {
    session_.once << std::string{sql};
    return gate::done();
  });
}

void SqlTransaction::forget_fault() {
  fault_ = Fault::none;
  failure_.reset();
}

// A failed statement fails its work, whatever the work makes of it: so it is on PostgreSQL.
Status SqlTransaction::checked(const Work& work) {
  Status status = gate::done();
  try {
    status = work(*this);
  } catch (const std::exception&) {
    status = Error{ErrorCode::io, "a piece of work threw an exception"};
  }
  if (status && failure_) return *failure_;
  return status;
}

// Statements that open and end savepoints only fail when something is wrong with the engine or the work.
Status SqlTransaction::control(std::string_view sql) {
  auto ran = execute(sql, {});
  if (ran) return gate::done();
  fault_ = std::max(fault_, fault_ == Fault::disk_full ? Fault::disk_full : Fault::broken);
  return ran.error();
}

Status SqlTransaction::attempt(const Work& work) {
  if (auto opened = control("SAVEPOINT piece"); !opened) return opened;
  Status status = checked(work);
  if (fault_ > Fault::statement) return status;
  forget_fault();
  if (!status) {
    if (auto undone = control("ROLLBACK TO SAVEPOINT piece"); !undone) return undone;
  }
  if (auto released = control("RELEASE SAVEPOINT piece"); !released) return released;
  return status;
}

Status SqlTransaction::look(const Work& work) {
  read_only_ = true;
  Status status = checked(work);
  read_only_ = false;
  if (fault_ <= Fault::statement) forget_fault();
  return status;
}

}  // namespace server::store
