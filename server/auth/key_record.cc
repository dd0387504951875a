#include "server/auth/key_record.h"

#include <charconv>

#include <fmt/format.h>

#include "gate/base/text.h"

namespace server::auth {
namespace {

using gate::Timestamp;
using gate::Value;
using limits::Rate;
using limits::RateClass;
using store::Cell;

constexpr std::uint32_t kMostRequests = 1'000'000;
constexpr std::chrono::milliseconds kShortestWindow{1'000};
constexpr std::chrono::milliseconds kLongestWindow{3'600'000};

std::int64_t count_of(Timestamp moment) {
  return moment.time_since_epoch().count();
}

Timestamp moment_of(std::int64_t count) {
  return Timestamp{std::chrono::milliseconds{count}};
}

std::vector<std::string> parts_of(std::string_view text) {
  std::vector<std::string> parts;
  if (text.empty()) return parts;
  for (const std::string_view part : gate::split(text, ',')) parts.emplace_back(part);
  return parts;
}

std::string to_text(const Scopes& scopes) {
  std::vector<std::string> names;
  for (const Scope scope : scopes.list()) names.emplace_back(name_of(scope));
  return gate::join(names, ",");
}

std::optional<Scopes> scopes_of(std::string_view text) {
  Scopes scopes;
  for (const std::string& name : parts_of(text)) {
    const auto scope = scope_named(name);
    if (!scope) return std::nullopt;
    scopes.add(*scope);
  }
  return scopes;
}

Value strings(const std::vector<std::string>& texts) {
  Value all = Value::array();
  for (const std::string& text : texts) all.push(text);
  return all;
}

gate::Error bad_rate(std::string_view text, std::string_view why) {
  return {gate::ErrorCode::malformed, fmt::format("rate \"{}\": {}", gate::shortened(text, 64), why)};
}

// A rollback must never wait longer than it does by default, whatever a key was given.
bool is_too_little(RateClass rate_class, const Rate& rate) {
  const Rate least = limits::default_rate(rate_class);
  return rate_class == RateClass::rollback &&
         (rate.requests < least.requests ||
          rate.requests * least.window.count() < least.requests * rate.window.count());
}

gate::Result<std::pair<RateClass, Rate>> parse_rate(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::size_t slash = text.find('/', equals == std::string_view::npos ? 0 : equals);
  if (equals == std::string_view::npos || slash == std::string_view::npos) {
    return bad_rate(text, "must read CLASS=REQUESTS/WINDOW, as in read=600/60s");
  }
  const auto rate_class = limits::rate_class_named(text.substr(0, equals));
  if (!rate_class) return bad_rate(text, "is of no class: read, write, admin, ingest, data or rollback");
  Rate rate;
  const std::string_view digits = text.substr(equals + 1, slash - equals - 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), rate.requests);
  const bool whole = error == std::errc{} && end == digits.data() + digits.size();
  if (!whole || rate.requests < 1 || rate.requests > kMostRequests) {
    return bad_rate(text, fmt::format("requests must be from 1 to {}", kMostRequests));
  }
  const auto window = gate::parse_duration(text.substr(slash + 1));
  if (!window || *window < kShortestWindow || *window > kLongestWindow) {
    return bad_rate(text, "the window must be from 1s to 1h");
  }
  rate.window = *window;
  if (is_too_little(*rate_class, rate))
    return bad_rate(text, "rollbacks may have more than 30/30s, not less");
  return std::pair{*rate_class, rate};
}

std::string_view state_of(const KeyRecord& key, Timestamp now) {
  if (key.revoked_at) return "revoked";
  return is_live(key, now) ? "live" : "expired";
}

constexpr std::string_view kColumns =
    "id, digest, owner, role, scopes, services, rates, created_ms, created_by, expires_ms, revoked_ms, "
    "last_used_on";

std::optional<KeyRecord> record_of(const store::Row& row) {
  const auto digest = digest_from_hex(row.text(1));
  const auto scopes = scopes_of(row.text(4));
  auto rates = parse_rates(parts_of(row.text(6)));
  if (!digest || !scopes || !rates) return std::nullopt;
  KeyRecord key{row.text(0),       *digest,
                row.text(2),       row.text(3),
                *scopes,           parts_of(row.text(5)),
                std::move(*rates), moment_of(row.integer(7)),
                row.text(8),       moment_of(row.integer(9)),
                std::nullopt,      std::nullopt};
  if (!row.is_null(10)) key.revoked_at = moment_of(row.integer(10));
  if (const auto day = gate::parse_date(row.text(11))) key.last_used_on = *day;
  return key;
}

}  // namespace

const store::Migration kKeyMigration{4, "api keys", R"(
CREATE TABLE api_key (
  id TEXT NOT NULL PRIMARY KEY,
  digest TEXT NOT NULL,
  owner TEXT NOT NULL,
  role TEXT NOT NULL,
  scopes TEXT NOT NULL,
  services TEXT NOT NULL,
  rates TEXT NOT NULL,
  created_ms {integer} NOT NULL,
  created_by TEXT NOT NULL,
  expires_ms {integer} NOT NULL,
  revoked_ms {integer},
  last_used_on TEXT
) {strict};
)"};

Value shown(const KeyRecord& key, Timestamp now) {
  Value scopes = Value::array();
  for (const Scope scope : key.scopes.list()) scopes.push(name_of(scope));
  return Value::object(
      {{"id", key.id},
       {"owner", key.owner},
       {"state", state_of(key, now)},
       {"role", key.role.empty() ? Value{} : Value{key.role}},
       {"scopes", std::move(scopes)},
       {"services", strings(key.services)},
       {"rates", strings(to_texts(key.rates))},
       {"created_at", gate::to_string(key.created_at)},
       {"created_by", key.created_by},
       {"expires_at", gate::to_string(key.expires_at)},
       {"revoked_at", key.revoked_at ? Value{gate::to_string(*key.revoked_at)} : Value{}},
       {"last_used_on", key.last_used_on ? Value{gate::to_string(*key.last_used_on)} : Value{}}});
}

gate::Result<limits::OwnRates> parse_rates(const std::vector<std::string>& texts) {
  limits::OwnRates rates;
  for (const std::string& text : texts) {
    const auto rate = parse_rate(text);
    if (!rate) return rate.error();
    if (!rates.insert(*rate).second) return bad_rate(text, "its class is there twice");
  }
  return rates;
}

std::vector<std::string> to_texts(const limits::OwnRates& rates) {
  std::vector<std::string> texts;
  for (const auto& [rate_class, rate] : rates) {
    texts.push_back(
        fmt::format("{}={}/{}ms", limits::name_of(rate_class), rate.requests, rate.window.count()));
  }
  return texts;
}

gate::Result<StoredKeys> load_keys(store::Transaction& transaction) {
  const auto rows = transaction.query(fmt::format("SELECT {} FROM api_key ORDER BY id", kColumns), {});
  if (!rows) return rows.error();
  StoredKeys stored;
  for (const store::Row& row : *rows) {
    if (auto key = record_of(row)) {
      stored.keys.push_back(std::move(*key));
    } else {
      stored.unreadable.push_back(row.text(0));
    }
  }
  return stored;
}

gate::Status insert_key(store::Transaction& transaction, const KeyRecord& key) {
  const auto inserted = transaction.execute(
      fmt::format("INSERT INTO api_key ({}) VALUES (:id, :digest, :owner, :role, :scopes, :services, :rates, "
                  ":created, :created_by, :expires, NULL, NULL)",
                  kColumns),
      {{"id", key.id},
       {"digest", to_hex(key.digest)},
       {"owner", key.owner},
       {"role", key.role},
       {"scopes", to_text(key.scopes)},
       {"services", gate::join(key.services, ",")},
       {"rates", gate::join(to_texts(key.rates), ",")},
       {"created", count_of(key.created_at)},
       {"created_by", key.created_by},
       {"expires", count_of(key.expires_at)}});
  return inserted ? gate::done() : gate::Status{inserted.error()};
}

gate::Status set_revoked(store::Transaction& transaction, const std::string& id, Timestamp at) {
  const auto changed =
      transaction.execute("UPDATE api_key SET revoked_ms = :at WHERE id = :id AND revoked_ms IS NULL",
                          {{"at", count_of(at)}, {"id", id}});
  return changed ? gate::done() : gate::Status{changed.error()};
}

gate::Status set_last_used(store::Transaction& transaction, const std::string& id, gate::Date day) {
  const auto changed = transaction.execute("UPDATE api_key SET last_used_on = :day WHERE id = :id",
                                           {{"day", gate::to_string(day)}, {"id", id}});
  return changed ? gate::done() : gate::Status{changed.error()};
}

}  // namespace server::auth
