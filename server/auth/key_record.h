#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/result.h"
#include "gate/base/time.h"
#include "gate/base/value.h"
#include "server/auth/api_key.h"
#include "server/auth/scope.h"
#include "server/limits/rate.h"
#include "server/store/migration.h"
#include "server/store/store.h"

namespace server::auth {

// What is kept of a key: all but the key.
struct KeyRecord {
  std::string id;
  KeyDigest digest{};
  std::string owner;
  std::string role;  // empty: its scopes were named one by one
  Scopes scopes;
  std::vector<std::string> services;  // globs; empty: all
  limits::OwnRates rates;
  gate::Timestamp created_at{};
  std::string created_by;  // as Principal::id
  gate::Timestamp expires_at{};
  std::optional<gate::Timestamp> revoked_at;
  std::optional<gate::Date> last_used_on;  // what is known of it is a day

  bool operator==(const KeyRecord&) const = default;
};

inline bool is_live(const KeyRecord& key, gate::Timestamp now) {
  return !key.revoked_at && now < key.expires_at;
}

// Scopes whose routes are about all services: no key that is narrowed to some may have them.
inline constexpr std::array kScopesOverAll{Scope::exempt, Scope::registry, Scope::admin};

// Whether it may undo whatever another key did: the scope admin, for all services, now.
inline bool is_live_admin(const KeyRecord& key, gate::Timestamp now) {
  return is_live(key, now) && key.scopes.has(Scope::admin) && key.services.empty();
}

// As answers and the audit log show it: neither the key nor its digest.
gate::Value shown(const KeyRecord& key, gate::Timestamp now);

// `read=600/60000ms`: 600 at once, and as many again every minute. Error: malformed.
gate::Result<limits::OwnRates> parse_rates(const std::vector<std::string>& texts);
std::vector<std::string> to_texts(const limits::OwnRates& rates);

extern const store::Migration kKeyMigration;

// Rows that cannot be read, so that one bad row does not lock all others out.
struct StoredKeys {
  std::vector<KeyRecord> keys;
  std::vector<std::string> unreadable;  // their ids
};
gate::Result<StoredKeys> load_keys(store::Transaction& transaction);

gate::Status insert_key(store::Transaction& transaction, const KeyRecord& key);
gate::Status set_revoked(store::Transaction& transaction, const std::string& id, gate::Timestamp at);
gate::Status set_last_used(store::Transaction& transaction, const std::string& id, gate::Date day);

}  // namespace server::auth
