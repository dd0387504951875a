#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "server/limits/gcra.h"
#include "server/limits/rate.h"

namespace server::limits {

// Which bucket: whose, and by which limit. The views live as long as the call they are passed to, but
// `limit`, which names a class or an endpoint, lives as long as the buckets.
struct BucketName {
  std::string_view holder;  // id of a key, or a network
  std::string_view limit;
  std::int64_t generation = 0;  // of the limit: a new one starts with full buckets

  bool operator==(const BucketName&) const = default;
};

// One bucket, as it is shown.
struct BucketState {
  std::string holder;
  std::string owner;
  std::string_view limit;
  Rate rate;
  Decision decision;  // what one more request would find

  bool operator==(const BucketState&) const = default;
};

// At most `most` buckets, in shards with a lock each. One that was never drawn on is full and takes no
// memory; where there is no room for another, one that is full again makes it, else of some that were looked
// at the one that will be full soonest. Safe to share between threads.
class Buckets {
 public:
  explicit Buckets(std::size_t most);
  Buckets(const Buckets&) = delete;
  Buckets& operator=(const Buckets&) = delete;

  Decision take(const BucketName& name, std::string_view owner, const Rate& rate,
                std::chrono::nanoseconds now);
  [[nodiscard]] Decision look(const BucketName& name, const Rate& rate, std::chrono::nanoseconds now) const;

  // Makes all of them full, or those of one owner. Returns how many lacked something.
  std::size_t fill(std::chrono::nanoseconds now);
  std::size_t fill_of(std::string_view owner, std::chrono::nanoseconds now);
  [[nodiscard]] std::size_t count_drawn(std::chrono::nanoseconds now) const;
  [[nodiscard]] std::size_t count_drawn_of(std::string_view owner, std::chrono::nanoseconds now) const;

  // Those that lack something, in no order.
  [[nodiscard]] std::vector<BucketState> drawn(std::chrono::nanoseconds now) const;
  [[nodiscard]] std::size_t size() const;

 private:
  struct Slot {
    std::string holder;
    std::string owner;
    std::string_view limit;
    std::int64_t generation = 0;
    Rate rate;
    std::chrono::nanoseconds full_at{0};
  };
  struct Hash {
    std::size_t operator()(const BucketName& name) const;
  };
  struct Shard {
    mutable std::mutex mutex;  // guards what follows
    std::deque<Slot> slots;    // they do not move: the index looks into them
    std::unordered_map<BucketName, Slot*, Hash> index;
    std::size_t hand = 0;  // where the search for room goes on
  };
  static constexpr std::size_t kShards = 16;

  static BucketName name_of(const Slot& slot);
  Slot& slot_of(Shard& shard, const BucketName& name, std::string_view owner, std::chrono::nanoseconds now);
  static Slot& make_room(Shard& shard, std::chrono::nanoseconds now);
  template <class Visit>
  void visit_drawn(std::chrono::nanoseconds now, Visit visit) const;

  const std::size_t most_in_shard_;
  std::array<Shard, kShards> shards_;
};

}  // namespace server::limits
