#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gate/base/result.h"
#include "server/api/change.h"
#include "server/api/service.h"
#include "server/auth/api_key.h"
#include "server/auth/key_record.h"
#include "server/auth/key_request.h"
#include "server/auth/principal.h"

namespace server::auth {

// Why nobody was let in. An id that is not known and a secret that is wrong look and cost the same.
enum class AuthFailure : std::uint8_t {
  missing,
  repeated,
  malformed,
  unknown,
  wrong_secret,
  expired,
  revoked
};

std::string_view name_of(AuthFailure failure);
// One sentence for whoever asked.
std::string_view explain(AuthFailure failure);

// The key of a request: X-API-Key, or Authorization: Bearer. Both, or one of them twice, is refused.
std::variant<std::string_view, AuthFailure> header_key(const http::Head& head);

struct KeySettings {
  KeyEnvironment environment = KeyEnvironment::live;
};

// Who may ask: all keys, in memory and in the store. A change holds from the moment it is acknowledged. Safe
// to share between threads.
class KeyBook {
 public:
  KeyBook(const api::Core& core, const KeySettings& settings);
  KeyBook(const KeyBook&) = delete;
  KeyBook& operator=(const KeyBook&) = delete;

  // Takes a shared lock, one SHA-256 and one comparison, whether there is such a key or not. The first use of
  // a key on a day is written down, without waiting for it.
  std::variant<Principal, AuthFailure> authenticate(std::string_view key_text, gate::Timestamp now);
  std::variant<Principal, AuthFailure> authenticate(const http::Head& head, gate::Timestamp now);

  // An admin's key for a store that never had a key; nothing where there was one, even if none lives. It is
  // handed over before it is committed: where that fails, with that error, no key was made.
  using HandOver = std::function<gate::Status(const ApiKey&)>;
  gate::Status create_first_key(const HandOver& hand_over);

  [[nodiscard]] std::vector<std::string> owners() const;  // of live keys, sorted

  std::vector<api::Route> routes();
  gate::Status reload(store::Transaction& transaction);

 private:
  struct Entry {
    KeyRecord record;
    Principal principal;
    std::atomic<std::int64_t> used_on{0};  // a day, counted from 1970; 0: never
  };
  using Entries = std::map<std::string, std::unique_ptr<Entry>, std::less<>>;

  [[nodiscard]] static std::unique_ptr<Entry> entry_of(KeyRecord record);
  std::variant<Principal, AuthFailure> look_up(std::string_view key_text, gate::Timestamp now);
  std::variant<Principal, AuthFailure> counted(std::variant<Principal, AuthFailure> found);
  void write_use(const std::string& id, gate::Date day);
  void put(KeyRecord record);
  void mark_revoked(const std::string& id, gate::Timestamp at);

  // key_changes.cc
  [[nodiscard]] std::variant<http::Response, api::Problem> list() const;
  void create(api::Call call, const http::Responder& respond);
  void revoke(api::Call call, const http::Responder& respond);

  api::Core core_;
  const KeySettings settings_;
  std::map<AuthFailure, observe::Counter*> failures_;
  mutable std::shared_mutex mutex_;  // guards what follows; each request takes it shared
  Entries keys_;                     // by id; revoked and expired ones too
};

}  // namespace server::auth
