#include "server/api/change.h"

#include <algorithm>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "gate/base/hash.h"
#include "gate/base/json_text.h"
#include "gate/load/json_fields.h"
#include "server/store/idempotency.h"

namespace server::api {
namespace {

using store::KeyedAnswer;

// 1 to 255 visible ASCII characters (draft-ietf-httpapi-idempotency-key-header).
bool is_key(std::string_view key) {
  return !key.empty() && key.size() <= 255 &&
         std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

// Two tries of one intent may differ in white space and in the order of members, in nothing else.
std::string fingerprint(const Call& call) {
  std::string content = call.body;
  if (const auto document = gate::load::parse_json(call.body, {call.body.size() + 1, 32})) {
    content = gate::to_canonical_json(gate::load::to_value(document->root));
  }
  return gate::sha256_hex(fmt::format("{}\n{}\n{}", call.head.method, call.head.target, content));
}

// One change on its way: what was asked, and what came of it.
struct Pending {
  Call call;
  Decide decide;
  std::string key_id;  // of KeyedAnswer; empty: no key was sent
  std::optional<Problem> problem;
  http::Response answer;
  std::function<void()> publish;
};

std::string scope_of(const Route& route) {
  const auto* scope = std::get_if<auth::Scope>(&route.access);
  return scope == nullptr ? "local" : std::string{auth::name_of(*scope)};
}

// Whether the answer of an earlier try is given again, or the key was sent with another request.
gate::Result<bool> replay(Pending& pending, store::Transaction& transaction, const std::string& request) {
  auto kept = store::find_keyed_answer(transaction, pending.key_id);
  if (!kept) return kept.error();
  if (!*kept) return false;
  if ((*kept)->request_sha256 != request) {
    pending.problem =
        Problem{"idempotency_key_reused", "this Idempotency-Key came with another request before", {}, {}};
    return true;
  }
  pending.answer = {
      (*kept)->status, (*kept)->body, (*kept)->content_type, {{"idempotency-replayed", "true"}}, false};
  return true;
}

gate::Status keep(const Pending& pending, store::Transaction& transaction, const std::string& request,
                  gate::Timestamp at) {
  const http::Response& answer = pending.answer;
  return store::keep_keyed_answer(
      transaction, {pending.key_id, request, answer.status, answer.content_type, answer.body}, at);
}

// The change's row in the audit log; none where it changed nothing.
gate::Status note(store::Transaction& transaction, const store::AuditEntry& entry, gate::Timestamp at) {
  if (entry.action.empty()) return gate::done();
  const auto audited = store::append_audit(transaction, entry, at);
  return audited ? gate::done() : gate::Status{audited.error()};
}

void sign(store::AuditEntry& entry, const Pending& pending) {
  entry.actor = pending.call.caller.id;
  entry.owner = pending.call.caller.owner;
  entry.scope = scope_of(*pending.call.route);
  entry.correlation_id = pending.call.head.correlation_id;
  entry.idempotency = pending.key_id;
}

// Undoes the transaction of a change that is refused; the refusal itself stands in Pending::problem.
gate::Error refused() {
  return {gate::ErrorCode::refused, "refused"};
}

gate::Status carry_out(Pending& pending, store::Transaction& transaction, gate::Timestamp at) {
  std::string request;
  if (!pending.key_id.empty()) {
    request = fingerprint(pending.call);
    const auto replayed = replay(pending, transaction, request);
    if (!replayed) return replayed.error();
    if (*replayed) return pending.problem ? gate::Status{refused()} : gate::done();
  }
  auto decided = pending.decide(transaction);
  if (!decided) return decided.error();
  if (auto* problem = std::get_if<Problem>(&*decided)) {
    pending.problem = std::move(*problem);
    return refused();
  }
  auto& change = std::get<Change>(*decided);
  sign(change.audit, pending);
  if (auto noted = note(transaction, change.audit, at); !noted) return noted;
  pending.answer = std::move(change.answer);
  pending.publish = std::move(change.publish);
  return pending.key_id.empty() ? gate::done() : keep(pending, transaction, request, at);
}

Problem problem_of(const gate::Error& error) {
  switch (error.code) {
    case gate::ErrorCode::unconfirmed:
      return {"outcome_unknown",
              "the store failed while it wrote: it may have been done",
              {},
              {{"retry-after", "1"}}};
    case gate::ErrorCode::unavailable:
      return {"store_unavailable", error.message, {}, {{"retry-after", "1"}}};
    case gate::ErrorCode::budget: return {"overloaded", error.message, {}, {{"retry-after", "1"}}};
    default: return {"internal", "the change could not be made; nothing was done", {}, {}};
  }
}

http::Response outcome(Pending& pending, const gate::Status& status) {
  const std::string& correlation_id = pending.call.head.correlation_id;
  if (status) {
    if (pending.publish) pending.publish();
    return std::move(pending.answer);
  }
  if (pending.problem) return as_response(*pending.problem, correlation_id);
  http::Response response = as_response(problem_of(status.error()), correlation_id);
  response.cause = status.error().message;
  return response;
}

}  // namespace

void make_change(store::Store& store, const gate::ports::Clock& clock, Call call, Decide decide,
                 const http::Responder& respond) {
  std::string key_id;
  if (const auto key = call.head.find_header("idempotency-key")) {
    if (!is_key(*key)) {
      const Problem problem{
          "malformed_key", "Idempotency-Key must be 1 to 255 visible ASCII characters", {}, {}};
      return respond(as_response(problem, call.head.correlation_id));
    }
    key_id = gate::sha256_hex(fmt::format("{}\n{}\n{}", call.caller.id, call.route->name, *key));
  }
  // Shared by the work and by what is called when it is done: std::function copies what it holds.
  const auto pending =
      std::make_shared<Pending>(Pending{std::move(call), std::move(decide), std::move(key_id), {}, {}, {}});
  store.write([pending, &clock](
                  store::Transaction& transaction) { return carry_out(*pending, transaction, clock.now()); },
              [pending, respond](const gate::Status& status) { respond(outcome(*pending, status)); });
}

void make_system_change(store::Store& store, const gate::ports::Clock& clock, SystemDecide decide,
                        std::function<void(const gate::Status&)> done) {
  const auto publish = std::make_shared<std::function<void()>>();  // shared, as Pending is
  store.write(
      [publish, decide = std::move(decide), &clock](store::Transaction& transaction) -> gate::Status {
        auto change = decide(transaction);
        if (!change) return change.error();
        change->audit.actor = "system";
        if (auto noted = note(transaction, change->audit, clock.now()); !noted) return noted;
        *publish = std::move(change->publish);
        return gate::done();
      },
      [publish, done = std::move(done)](const gate::Status& status) {
        if (status && *publish) (*publish)();
        if (done) done(status);
      });
}

}  // namespace server::api
