#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "tests/integration/server/real_server.h"

namespace gate::test {

// How often each number was applied, by the audit log.
std::map<std::int64_t, int> applied(const RealServer& server, const std::string& key);

// Sends numbered changes, each with a key of its own, and writes down which were acknowledged. A change is
// the limit of one endpoint, set again and again: one audit row each, whose `after` has the number. Safe to
// share between threads.
class NumberedChanges {
 public:
  // `key` is an API key that no limit holds up.
  NumberedChanges(const RealServer& server, std::string key) : server_(server), key_(std::move(key)) {}

  RealServer::Reply send(int number);

  // What was acknowledged is there once, nothing is there that was not sent, and no answer was another one
  // than a success, a 503 with its Retry-After, or none.
  void check() const;

  [[nodiscard]] std::set<int> unacknowledged() const;
  [[nodiscard]] std::size_t acknowledged() const;

 private:
  const RealServer& server_;
  const std::string key_;
  mutable std::mutex mutex_;
  std::set<int> sent_;
  std::set<int> acknowledged_;
  std::string others_;
};

}  // namespace gate::test
