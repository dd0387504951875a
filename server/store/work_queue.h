#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

#include "server/store/store.h"

namespace server::store {

// What waits for the store's thread, in the order it came. Safe to share between threads.
class WorkQueue {
 public:
  struct Piece {
    Work work;
    Done done;
  };

  // What the store's thread takes at once.
  struct Taken {
    std::vector<Piece> reads;
    std::vector<Piece> writes;
    std::vector<std::function<void()>> tasks;
    bool closed = false;  // and nothing is left
  };

  // At most that many pieces wait, of reads and of writes.
  explicit WorkQueue(std::size_t most) : most_(most) {}

  // False: it is full, or closed, and the piece was left as it was.
  bool push_write(Piece& piece);
  bool push_read(Piece& piece);
  // A step of the store's own. False: closed.
  bool push_task(std::function<void()> task);

  // Waits until there is something, but not longer than that.
  Taken take(std::size_t most_writes, std::chrono::milliseconds wait);

  void close();
  [[nodiscard]] bool is_closed() const;
  [[nodiscard]] std::size_t waiting() const;

 private:
  bool push(std::deque<Piece>& pieces, Piece& piece);

  const std::size_t most_;
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<Piece> reads_;
  std::deque<Piece> writes_;
  std::vector<std::function<void()>> tasks_;
  bool closed_ = false;
};

}  // namespace server::store
