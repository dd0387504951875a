#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/time.h"

namespace server::limits {

// Requests of one owner that one limit refused within one minute.
struct Refused {
  gate::Timestamp minute{};  // its start
  std::string owner;         // empty: nobody who is known
  std::string limit;         // name of a class or an endpoint
  std::uint64_t requests = 0;

  bool operator==(const Refused&) const = default;
};

struct RefusedSince {
  std::vector<Refused> minutes;  // newest first
  gate::Timestamp counted_since{};
  std::uint64_t forgotten = 0;  // requests of minutes that had to make room
};

// Counts refusals by the minute, in memory: a restart forgets them. At most `most` rows; the oldest make
// room. Safe to share between threads.
class Refusals {
 public:
  Refusals(gate::Timestamp now, std::size_t most);

  void add(gate::Timestamp at, std::string_view owner, std::string_view limit);
  [[nodiscard]] RefusedSince since(gate::Timestamp from) const;

 private:
  struct Row {
    gate::Timestamp minute;
    std::string owner;
    std::string limit;

    auto operator<=>(const Row&) const = default;
  };

  const std::size_t most_;
  mutable std::mutex mutex_;  // guards what follows
  std::map<Row, std::uint64_t> rows_;
  gate::Timestamp counted_since_;
  std::uint64_t forgotten_ = 0;
};

}  // namespace server::limits
