#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/store/sql_failure.h"
#include "server/store/store.h"

namespace soci {
class session;
}

namespace server::store {

enum class Dialect : std::uint8_t { sqlite, postgresql };

// Statements over one SOCI session, for both engines. Statements are prepared once for each SQL text and
// kept. Used by one thread; the session outlives it.
class SqlTransaction final : public Transaction {
 public:
  SqlTransaction(soci::session& session, Dialect dialect);
  ~SqlTransaction() override;
  SqlTransaction(const SqlTransaction&) = delete;
  SqlTransaction& operator=(const SqlTransaction&) = delete;

  gate::Result<Rows> query(std::string_view sql, const Parameters& parameters) override;
  gate::Result<std::int64_t> execute(std::string_view sql, const Parameters& parameters) override;

  // Runs a statement that is not worth keeping: tables, settings.
  gate::Status run_once(std::string_view sql);

  // Runs work within a savepoint of the transaction that is open, and undoes it alone where it fails. After a
  // fault() worse than `statement` the savepoint is left as it is: all of the transaction is lost.
  gate::Status attempt(const Work& work);

  // Runs work that may change nothing.
  gate::Status look(const Work& work);

  // The worst that happened since forget_fault(). After any, statements are refused, as PostgreSQL does it
  // until the end of the savepoint.
  [[nodiscard]] Fault fault() const { return fault_; }
  void forget_fault();

  [[nodiscard]] Dialect dialect() const { return dialect_; }

 private:
  class Prepared;
  struct Cache;

  template <class Use>
  auto guarded(Use use) -> decltype(use());
  Prepared& prepared(std::string_view sql, const Parameters& parameters, bool returns_rows);
  gate::Status checked(const Work& work);
  gate::Error failed(Fault fault, gate::Error error);
  gate::Error failed_now(const std::exception& exception);
  gate::Status control(std::string_view sql);

  soci::session& session_;
  Dialect dialect_;
  bool read_only_ = false;
  Fault fault_ = Fault::none;
  std::optional<gate::Error> failure_;
  std::unique_ptr<Cache> cache_;
};

}  // namespace server::store
