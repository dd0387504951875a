// How keys are made, shown and revoked: the part of KeyBook that is asked seldom.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "server/auth/key_book.h"
#include "server/auth/key_schemas.h"
#include "server/store/audit.h"

namespace server::auth {
namespace {

using api::Call;
using api::Change;
using api::Idempotency;
using api::Problem;
using api::Route;
using gate::Value;
using limits::RateClass;

constexpr std::string_view kGroup = "keyManagement";
constexpr std::string_view kLastAdmin = "last_admin";
constexpr std::size_t kMostLiveOfOwner = 2;
constexpr std::size_t kMostListed = 1'000;
constexpr std::size_t kBodyBytes = 16'384;
constexpr std::size_t kReasonBytes = 500;

using Decided = gate::Result<std::variant<Change, Problem>>;

// A key on its way to whoever asked for it. It never enters the answer that is kept.
struct Made {
  ApiKey key;
  Value record;
};

http::Response created(Value record, Value key, std::string_view note) {
  record.set("key", std::move(key));
  record.set("note", note);
  return api::answer(record, 201);
}

http::Response shown_once(const Made& made) {
  return created(made.record, made.key.reveal(), "keep it now: it is not shown again");
}

http::Response kept_answer(const Value& record) {
  return created(
      record, {},
      "the key was shown once, in the first answer; where that was lost, revoke this one and create "
      "another");
}

store::AuditEntry audit_of(std::string_view action, const std::string& id, const std::string& reason) {
  store::AuditEntry entry;
  entry.action = action;
  entry.subject = id;
  entry.reason = reason;
  return entry;
}

std::vector<std::string> live_ids(const StoredKeys& stored, const std::string& owner, gate::Timestamp now) {
  std::vector<std::string> ids;
  for (const KeyRecord& key : stored.keys) {
    if (key.owner == owner && is_live(key, now)) ids.push_back(key.id);
  }
  return ids;
}

Problem too_many(const std::string& owner, const std::vector<std::string>& ids) {
  return {
      "conflict",
      fmt::format("{} has {} live keys, {}: revoke one first", owner, ids.size(), gate::join(ids, " and ")),
      {},
      {}};
}

bool is_last_admin(const StoredKeys& stored, const KeyRecord& key, gate::Timestamp now) {
  const auto is_admin = [&](const KeyRecord& other) { return is_live_admin(other, now); };
  return is_admin(key) && std::count_if(stored.keys.begin(), stored.keys.end(), is_admin) == 1;
}

std::variant<KeyRecord, Problem> revocable(const StoredKeys& stored, const Call& call, gate::Timestamp now) {
  const auto found = std::find_if(stored.keys.begin(), stored.keys.end(),
                                  [&](const KeyRecord& key) { return key.id == call.rest; });
  if (found == stored.keys.end()) {
    return Problem{
        "not_found", fmt::format("there is no key \"{}\"", gate::shortened(call.rest, 64)), {}, {}};
  }
  if (call.head.parameter(kLastAdmin) == "true" || !is_last_admin(stored, *found, now)) return *found;
  return Problem{"conflict",
                 fmt::format("{} is the last live key with the scope admin for all services: create another "
                             "first, or say ?{}=true (gate-server keys revoke: --last-admin)",
                             found->id, kLastAdmin),
                 {},
                 {}};
}

std::optional<Problem> check_revocation(const Call& call) {
  const auto last_admin = call.head.parameter(kLastAdmin).value_or("false");
  if (last_admin != "true" && last_admin != "false") {
    return Problem{"invalid_request",
                   fmt::format("{} must be true or false", kLastAdmin),
                   {{fmt::format("?{}", kLastAdmin), "must be true or false"}},
                   {}};
  }
  const auto reason = api::text_parameter(call, "reason", kReasonBytes);
  const auto* problem = std::get_if<Problem>(&reason);
  return problem == nullptr ? std::nullopt : std::optional{*problem};
}

}  // namespace

std::variant<http::Response, Problem> KeyBook::list() const {
  const gate::Timestamp now = core_.clock.now();
  std::vector<KeyRecord> records;
  {
    const std::shared_lock lock{mutex_};
    for (const auto& [id, entry] : keys_) {
      records.push_back(entry->record);
      const gate::Date used{std::chrono::days{entry->used_on.load()}};
      if (used != gate::Date{}) records.back().last_used_on = used;
    }
  }
  std::sort(records.begin(), records.end(), [](const KeyRecord& a, const KeyRecord& b) {
    return std::tie(b.created_at, b.id) < std::tie(a.created_at, a.id);
  });
  Value keys = Value::array();
  const std::size_t listed = std::min(records.size(), kMostListed);
  for (std::size_t i = 0; i < listed; ++i) keys.push(shown(records[i], now));
  return api::answer(Value::object({{"keys", std::move(keys)}, {"omitted", records.size() - listed}}));
}

void KeyBook::create(Call call, const http::Responder& respond) {
  auto read = read_key_request(call, core_.clock.now());
  if (const auto* problem = std::get_if<Problem>(&read)) {
    return respond(api::as_response(*problem, call.head.correlation_id));
  }
  // Shared by the work and by what shows it: std::function copies what it holds.
  const auto made = std::make_shared<std::optional<Made>>();
  const http::Responder show{[made, respond](http::Response response) {
    respond(response.status == 201 && *made ? shown_once(**made) : std::move(response));
  }};
  const auto decide = [this, made, maker = call.caller.id, request = std::get<KeyRequest>(std::move(read))](
                          store::Transaction& transaction) -> Decided {
    const gate::Timestamp now = core_.clock.now();
    const auto stored = load_keys(transaction);
    if (!stored) return stored.error();
    const auto live = live_ids(*stored, request.key.owner, now);
    if (live.size() >= kMostLiveOfOwner) return too_many(request.key.owner, live);
    const ApiKey key = ApiKey::make(settings_.environment, core_.random);
    KeyRecord record = request.key;
    record.id = key.id();
    record.digest = key.digest();
    record.created_by = maker;
    if (auto inserted = insert_key(transaction, record); !inserted) return inserted.error();
    *made = Made{key, shown(record, now)};
    Change change{kept_answer((*made)->record), audit_of("key.created", record.id, request.reason), {}};
    change.audit.after = (*made)->record;
    change.publish = [this, record] { put(record); };
    return change;
  };
  api::make_change(core_.store, core_.clock, std::move(call), decide, show);
}

void KeyBook::revoke(Call call, const http::Responder& respond) {
  if (const auto problem = check_revocation(call)) {
    return respond(api::as_response(*problem, call.head.correlation_id));
  }
  const auto decide = [this, call](store::Transaction& transaction) -> Decided {
    const gate::Timestamp now = core_.clock.now();
    const auto stored = load_keys(transaction);
    if (!stored) return stored.error();
    auto found = revocable(*stored, call, now);
    if (auto* problem = std::get_if<Problem>(&found)) return std::move(*problem);
    auto& key = std::get<KeyRecord>(found);
    const Value before = shown(key, now);
    const bool already = key.revoked_at.has_value();
    if (!already) {
      if (auto revoked = set_revoked(transaction, key.id, now); !revoked) return revoked.error();
      key.revoked_at = now;
    }
    const Value after = shown(key, now);
    Value body = after;
    body.set("already_revoked", already);
    if (already) return Change{api::answer(body), {}, {}};
    Change change{api::answer(body),
                  audit_of("key.revoked", key.id, std::string{call.head.parameter("reason").value_or("")}),
                  [this, id = key.id, now] { mark_revoked(id, now); }};
    change.audit.before = before;
    change.audit.after = after;
    return change;
  };
  api::make_change(core_.store, core_.clock, call, decide, respond);
}

std::vector<Route> KeyBook::routes() {
  Route all;
  all.method = "GET";
  all.path = "/api/v1/keys";
  all.access = Scope::admin;
  all.rate_class = RateClass::admin;
  all.endpoint = kGroup;
  all.idempotency = Idempotency::safe;
  all.name = "listKeys";
  all.summary = "Every key that was made, without what it opens with.";
  all.reply_schema = key_list_schema();
  all.handler = api::answering([this](const Call&) { return list(); });

  Route made = all;
  made.method = "POST";
  made.idempotency = Idempotency::accepted;
  made.body_limit = kBodyBytes;
  made.body_required = true;
  made.name = "createKey";
  made.summary = "Makes a key, and shows it in this answer alone.";
  made.request_schema = key_request_schema();
  made.reply_schema = created_key_schema();
  made.handler = [this](Call call, const http::Responder& respond) { create(std::move(call), respond); };

  Route revoked = all;
  revoked.method = "DELETE";
  revoked.path = "/api/v1/keys/{rest}";
  revoked.idempotency = Idempotency::accepted;
  revoked.name = "revokeKey";
  revoked.summary = "Ends a key, from this moment on.";
  revoked.query = {{kLastAdmin, R"({"type":"boolean"})", "whether the last live admin key may go"},
                   {"reason", R"({"type":"string","maxLength":500})", "kept in the audit log"}};
  revoked.reply_schema = revoked_key_schema();
  revoked.handler = [this](Call call, const http::Responder& respond) { revoke(std::move(call), respond); };

  const auto local = [](Route route, std::string_view path, std::string_view name) {
    route.path = path;
    route.name = name;
    route.access = api::LocalOwner{};
    route.rate_class = RateClass::none;
    return route;
  };
  return {all,
          made,
          revoked,
          local(all, "/control/v1/keys", "listKeysLocally"),
          local(made, "/control/v1/keys", "createKeyLocally"),
          local(revoked, "/control/v1/keys/{rest}", "revokeKeyLocally")};
}

}  // namespace server::auth
