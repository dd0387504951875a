#include "server/auth/key_book.h"

#include <array>
#include <mutex>
#include <set>

#include "gate/base/text.h"
#include "server/store/audit.h"

namespace server::auth {
namespace {

constexpr std::array kFailures{AuthFailure::missing, AuthFailure::repeated,     AuthFailure::malformed,
                               AuthFailure::unknown, AuthFailure::wrong_secret, AuthFailure::expired,
                               AuthFailure::revoked};

std::map<AuthFailure, observe::Counter*> failure_counters(observe::Metrics& metrics) {
  std::map<AuthFailure, observe::Counter*> counters;
  for (const AuthFailure failure : kFailures) {
    counters[failure] =
        &metrics.counter("release_gate_auth_failures_total", "Requests whose key was refused.",
                         {{"reason", std::string{name_of(failure)}}});
  }
  return counters;
}

std::int64_t day_count(gate::Date day) {
  return day.time_since_epoch().count();
}

Principal principal_of(const KeyRecord& key) {
  return {key.id, key.owner, key.scopes, key.services, key.rates, key.expires_at};
}

std::string_view bearer_of(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  const bool is_bearer = gate::equal_ignoring_case(authorization.substr(0, kScheme.size()), kScheme);
  return is_bearer ? gate::trim(authorization.substr(kScheme.size())) : std::string_view{};
}

KeyRecord first_record(const ApiKey& key, gate::Timestamp now) {
  const Role& admin = *role_named("admin");
  KeyRecord record;
  record.id = key.id();
  record.digest = key.digest();
  record.owner = "admin";
  record.role = admin.name;
  record.scopes = admin.scopes;
  record.created_at = now;
  record.created_by = "system";
  record.expires_at = now + kLongestLife;
  return record;
}

}  // namespace

std::string_view name_of(AuthFailure failure) {
  switch (failure) {
    case AuthFailure::missing: return "missing";
    case AuthFailure::repeated: return "repeated";
    case AuthFailure::malformed: return "malformed";
    case AuthFailure::unknown: return "unknown";
    case AuthFailure::wrong_secret: return "wrong_secret";
    case AuthFailure::expired: return "expired";
    case AuthFailure::revoked: return "revoked";
  }
  return "?";
}

std::string_view explain(AuthFailure failure) {
  switch (failure) {
    case AuthFailure::missing: return "this needs an API key, as X-API-Key or Authorization: Bearer";
    case AuthFailure::repeated: return "the request carries more than one API key";
    case AuthFailure::malformed: return "that is no API key of this server: look for a typo";
    case AuthFailure::unknown:
    case AuthFailure::wrong_secret: return "the API key is not valid";
    case AuthFailure::expired: return "the API key has expired";
    case AuthFailure::revoked: return "the API key was revoked";
  }
  return "?";
}

std::variant<std::string_view, AuthFailure> header_key(const http::Head& head) {
  std::optional<std::string_view> key;
  for (const auto& [name, value] : head.headers) {
    const bool is_bearer = name == "authorization";
    if (!is_bearer && name != "x-api-key") continue;
    if (key) return AuthFailure::repeated;
    key = is_bearer ? bearer_of(value) : gate::trim(value);
  }
  if (!key) return AuthFailure::missing;
  return *key;
}

KeyBook::KeyBook(const api::Core& core, const KeySettings& settings)
    : core_(core), settings_(settings), failures_(failure_counters(core.metrics)) {}

std::unique_ptr<KeyBook::Entry> KeyBook::entry_of(KeyRecord record) {
  auto entry = std::make_unique<Entry>();
  entry->principal = principal_of(record);
  if (record.last_used_on) entry->used_on = day_count(*record.last_used_on);
  entry->record = std::move(record);
  return entry;
}

void KeyBook::write_use(const std::string& id, gate::Date day) {
  // A use that could not be written is not tried again that day: authentication must not depend on the store.
  core_.store.write(
      [id, day](store::Transaction& transaction) { return set_last_used(transaction, id, day); },
      [](const gate::Status&) {});
}

std::variant<Principal, AuthFailure> KeyBook::look_up(std::string_view key_text, gate::Timestamp now) {
  const auto name = parse_key(key_text);
  if (!name || name->environment != settings_.environment) return AuthFailure::malformed;
  const KeyDigest digest = digest_of(key_text);
  const gate::Date today = gate::date_of(now);
  bool is_first_today = false;
  Principal caller;
  {
    const std::shared_lock lock{mutex_};
    static constexpr KeyDigest kNobody{};
    const auto found = keys_.find(name->id);
    Entry* entry = found == keys_.end() ? nullptr : found->second.get();
    const bool same = equal(digest, entry == nullptr ? kNobody : entry->record.digest);
    if (entry == nullptr) return AuthFailure::unknown;
    if (!same) return AuthFailure::wrong_secret;
    if (entry->record.revoked_at) return AuthFailure::revoked;
    if (now >= entry->record.expires_at) return AuthFailure::expired;
    is_first_today = entry->used_on.load(std::memory_order_relaxed) < day_count(today) &&
                     entry->used_on.exchange(day_count(today)) < day_count(today);
    caller = entry->principal;
  }
  if (is_first_today) write_use(caller.id, today);
  return caller;
}

std::variant<Principal, AuthFailure> KeyBook::counted(std::variant<Principal, AuthFailure> found) {
  if (const auto* failure = std::get_if<AuthFailure>(&found)) failures_.at(*failure)->add();
  return found;
}

std::variant<Principal, AuthFailure> KeyBook::authenticate(std::string_view key_text, gate::Timestamp now) {
  return counted(look_up(key_text, now));
}

std::variant<Principal, AuthFailure> KeyBook::authenticate(const http::Head& head, gate::Timestamp now) {
  const auto key = header_key(head);
  if (const auto* failure = std::get_if<AuthFailure>(&key)) return counted(*failure);
  return authenticate(std::get<std::string_view>(key), now);
}

void KeyBook::put(KeyRecord record) {
  const std::string id = record.id;
  auto entry = entry_of(std::move(record));
  const std::unique_lock lock{mutex_};
  keys_.insert_or_assign(id, std::move(entry));
}

void KeyBook::mark_revoked(const std::string& id, gate::Timestamp at) {
  const std::unique_lock lock{mutex_};
  const auto found = keys_.find(id);
  if (found != keys_.end() && !found->second->record.revoked_at) found->second->record.revoked_at = at;
}

gate::Status KeyBook::create_first_key(const HandOver& hand_over) {
  const gate::Timestamp now = core_.clock.now();
  const ApiKey key = ApiKey::make(settings_.environment, core_.random);
  const KeyRecord record = first_record(key, now);
  bool made = false;
  const auto status = core_.store.write_now([&](store::Transaction& transaction) -> gate::Status {
    const auto stored = load_keys(transaction);
    if (!stored) return stored.error();
    made = stored->keys.empty() && stored->unreadable.empty();
    if (!made) return gate::done();
    if (auto inserted = insert_key(transaction, record); !inserted) return inserted;
    store::AuditEntry entry;
    entry.actor = record.created_by;
    entry.action = "key.created";
    entry.subject = record.id;
    entry.reason = "the first key of this server";
    entry.after = shown(record, now);
    const auto audited = store::append_audit(transaction, entry, now);
    return audited ? hand_over(key) : gate::Status{audited.error()};
  });
  if (status && made) put(record);
  return status;
}

std::vector<std::string> KeyBook::owners() const {
  const gate::Timestamp now = core_.clock.now();
  std::set<std::string> owners;
  const std::shared_lock lock{mutex_};
  for (const auto& [id, entry] : keys_) {
    if (is_live(entry->record, now)) owners.insert(entry->record.owner);
  }
  return {owners.begin(), owners.end()};
}

gate::Status KeyBook::reload(store::Transaction& transaction) {
  auto stored = load_keys(transaction);
  if (!stored) return stored.error();
  for (const std::string& id : stored->unreadable) core_.log.error("key_unreadable", {{"key", id}});
  Entries entries;
  for (KeyRecord& record : stored->keys) {
    std::string id = record.id;
    entries.emplace(std::move(id), entry_of(std::move(record)));
  }
  const std::unique_lock lock{mutex_};
  keys_.swap(entries);
  return gate::done();
}

}  // namespace server::auth
