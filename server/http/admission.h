#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include "server/http/server.h"

namespace server::http {

class Admission;

// A connection's place among those that may be open; given back when it goes.
class Lease {
 public:
  enum class Kind {
    counted,      // against both caps
    turned_away,  // over a cap: only to be told so
    uncounted     // the control socket's: the way in when all else is taken
  };

  Lease() = default;
  Lease(Admission& admission, Kind kind, std::string address);
  Lease(Lease&& other) noexcept
      : admission_(std::exchange(other.admission_, nullptr)),
        kind_(other.kind_),
        address_(std::move(other.address_)) {}
  Lease& operator=(Lease&&) = delete;
  ~Lease() { reset(); }

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] bool is_held() const { return admission_ != nullptr; }
  void reset();

 private:
  Admission* admission_ = nullptr;
  Kind kind_ = Kind::uncounted;
  std::string address_;
};

// Counts open connections, in all and by address. Safe to share between threads; outlives its leases.
class Admission {
 public:
  Admission(const Limits& limits, ServerCounts& counts) : limits_(limits), counts_(counts) {}

  // For one more connection from that address, turned away where it is over a cap; not held where there are
  // too many even to be told so.
  [[nodiscard]] Lease admit(const std::string& address);
  [[nodiscard]] Lease admit_local();

 private:
  friend class Lease;
  void give_back(Lease::Kind kind, const std::string& address);

  const Limits& limits_;
  ServerCounts& counts_;
  std::mutex guard_;  // over what follows
  std::size_t counted_ = 0;
  std::size_t turned_away_ = 0;
  std::unordered_map<std::string, std::size_t> by_address_;
};

// What counts as one client: an IPv4 address, the first 64 bits of an IPv6 one.
[[nodiscard]] std::string client_of(const std::string& address);

}  // namespace server::http
