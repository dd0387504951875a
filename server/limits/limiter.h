#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/time.h"
#include "gate/ports/clock.h"
#include "server/http/message.h"
#include "server/limits/buckets.h"
#include "server/limits/rate.h"
#include "server/limits/refusals.h"
#include "server/observe/metrics.h"

namespace server::limits {

// A rate that somebody set for a while, for an endpoint group or a class. Keys with rates of their own keep
// them, and nothing overrides the class `rollback`.
struct Override {
  std::int64_t id = 0;   // counts up; a later one takes the place of an earlier one
  std::string endpoint;  // "canaryManagement"; or a class: "read"
  Rate rate;
  std::string reason;
  std::string set_by;  // id of the key
  std::string owner;   // of that key
  gate::Timestamp set_at{};
  gate::Timestamp expires_at{};

  bool operator==(const Override&) const = default;
};

// Whose requests are counted.
struct Holder {
  std::string_view key;    // its id
  std::string_view owner;  // of the key
  const OwnRates& rates;
};

// What stands behind a rate.
enum class Source : std::uint8_t { standard, own, overridden };
std::string_view name_of(Source source);

// A request against the limit that holds for it.
struct Outcome {
  std::string_view limit;  // "read", "canaryManagement"; empty: there is none
  Rate rate;
  Source source = Source::standard;
  Decision decision;
};

// `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers, 8 and later), their three
// forerunners for old clients, and Retry-After where it was refused. None where there is no limit.
http::Headers headers_of(const Outcome& outcome);

// Decides for each key and each class, or endpoint where an override is in force, whether it may ask once
// more. All of it is in memory: after a restart every bucket is full. Safe to share between threads.
class Limiter {
 public:
  Limiter(const gate::ports::Clock& clock, observe::Metrics& metrics);

  // Draws on the bucket, and counts it where it refuses.
  Outcome take(const Holder& holder, RateClass rate_class, std::string_view endpoint);
  // What one more request would find.
  [[nodiscard]] Outcome look(const Holder& holder, RateClass rate_class, std::string_view endpoint) const;

  // Failed authentications of an address, IPv6 by its /64: 20 at once, then 10 a minute. Only what failed
  // draws; whoever has a key that is right need not be asked.
  Outcome may_authenticate(std::string_view address);
  void authentication_failed(std::string_view address);

  // One override for each endpoint; expired ones hold no more. Endpoints come from a closed list.
  void set_overrides(std::vector<Override> overrides);
  void put_override(Override made);
  void end_override(std::string_view endpoint);
  [[nodiscard]] std::vector<Override> overrides() const;  // that are in force, by endpoint

  // Makes buckets of keys full, all of them or one owner's. Returns how many lacked something.
  std::size_t fill() { return keys_.fill(clock_.elapsed()); }
  std::size_t fill_of(std::string_view owner) { return keys_.fill_of(owner, clock_.elapsed()); }
  [[nodiscard]] std::size_t drawn() const { return keys_.count_drawn(clock_.elapsed()); }
  [[nodiscard]] std::size_t drawn_of(std::string_view owner) const {
    return keys_.count_drawn_of(owner, clock_.elapsed());
  }

  // Buckets of keys that lack something, the emptiest first.
  [[nodiscard]] std::vector<BucketState> buckets() const;
  [[nodiscard]] RefusedSince refused_since(gate::Timestamp from) const { return refusals_.since(from); }

 private:
  struct Choice {
    BucketName bucket;
    Outcome outcome;  // without a decision yet
  };
  [[nodiscard]] Choice choose(const Holder& holder, RateClass rate_class, std::string_view endpoint) const;
  // By endpoint. None is ever removed: buckets look at the names.
  using Overrides = std::map<std::string, Override, std::less<>>;
  [[nodiscard]] const Overrides::value_type* override_of(std::string_view endpoint,
                                                         gate::Timestamp now) const;
  void refuse(std::string_view owner, std::string_view limit, observe::Counter& counter);

  const gate::ports::Clock& clock_;
  std::map<RateClass, observe::Counter*> refused_;
  observe::Counter& refused_authentication_;
  Buckets keys_;
  Buckets networks_;
  Refusals refusals_;
  std::atomic<bool> has_overrides_{false};  // spares most requests the lock
  mutable std::shared_mutex mutex_;         // guards what follows
  Overrides overrides_;
};

}  // namespace server::limits
