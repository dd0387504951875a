#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "gate/base/result.h"

namespace server::store {

// One value of a row: NULL, an integer, a text.
using Cell = std::variant<std::monostate, std::int64_t, std::string>;

class Row {
 public:
  explicit Row(std::vector<Cell> cells) : cells_(std::move(cells)) {}

  // The column of that index. Of another type: 0, or the empty text.
  [[nodiscard]] std::int64_t integer(std::size_t column) const;
  [[nodiscard]] const std::string& text(std::size_t column) const;
  [[nodiscard]] bool is_null(std::size_t column) const;

 private:
  std::vector<Cell> cells_;
};

using Rows = std::vector<Row>;
using Parameters = std::vector<std::pair<std::string_view, Cell>>;  // {":name" without its colon, value}

// One transaction, in the dialect that SQLite and PostgreSQL share: `:name` for parameters, ON CONFLICT, no
// more. Only valid within the Work it was given to. Errors never hold bound values.
class Transaction {
 public:
  virtual ~Transaction() = default;
  virtual gate::Result<Rows> query(std::string_view sql, const Parameters& parameters) = 0;
  // How many rows it changed.
  virtual gate::Result<std::int64_t> execute(std::string_view sql, const Parameters& parameters) = 0;
};

// Runs within a transaction, on the store's thread. With an error everything it did is undone, and only that:
// others that share its commit keep theirs. A statement that failed fails the work, whatever it returns.
using Work = std::function<gate::Status(Transaction&)>;

// Called on the store's thread, in the order of the commits; must not block. Work that is not even queued
// gets its `unavailable` at once, on the thread that brought it.
//   done                     what Work did is durable
//   Work's own error         nothing of it was done
//   unavailable              not done: the queue is full, the disk is full, the store is closed
//   unconfirmed              the commit failed: nobody knows. The store stops taking work and recovers
using Done = std::function<void(const gate::Status&)>;

// The durable state of a server, behind one writer. Safe to share between threads.
class Store {
 public:
  virtual ~Store() = default;

  // Queues work; many share one commit.
  virtual void write(Work work, Done done) = 0;

  // The same for work that only reads; it sees all that was committed, and waits for no disk.
  virtual void read(Work work, Done done) = 0;

  // Both, and waits: for the start, commands and tests. Never from Work or Done.
  gate::Status write_now(Work work);
  gate::Status read_now(Work work);

  // Whether writes are taken at all; false while it recovers and after it failed.
  [[nodiscard]] virtual bool is_writable() const = 0;
};

}  // namespace server::store
