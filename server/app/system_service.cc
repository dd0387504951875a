#include "server/app/system_service.h"

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "server/api/body.h"
#include "server/store/audit.h"

namespace server::app {
namespace {

using api::Anybody;
using api::Call;
using api::Idempotency;
using api::LocalOwner;
using api::Problem;
using api::Route;
using gate::Value;
using limits::RateClass;

constexpr std::string_view kGroup = "system";
constexpr std::size_t kPathBytes = 4096;

constexpr std::string_view kStatusSchema =
    R"({"type":"object","properties":{"status":{"enum":["ok","ready","not_ready"]}},"required":["status"],"additionalProperties":false})";
constexpr std::string_view kProblemKindSchema =
    R"({"type":"object","properties":{"code":{"type":"string"},"status":{"type":"integer"},"title":{"type":"string"},)"
    R"("advice":{"type":"string"}},"required":["code","status","title","advice"],"additionalProperties":false})";
constexpr std::string_view kAuditSchema =
    R"({"type":"object","properties":{"rows":{"type":"array","items":{"type":"object","properties":{)"
    R"("sequence":{"type":"integer"},"at":{"type":"string"},"actor":{"type":"string"},"owner":{"type":"string"},)"
    R"("scope":{"type":"string"},"action":{"type":"string"},"subject":{"type":"string"},"reason":{"type":"string"},)"
    R"("correlation_id":{"type":"string"},"before":{},"after":{},"hash":{"type":"string"}},)"
    R"("required":["sequence","at","actor","action","subject","hash"],"additionalProperties":false}}},)"
    R"("required":["rows"],"additionalProperties":false})";
constexpr std::string_view kVerifySchema =
    R"({"type":"object","properties":{"whole":{"type":"boolean"},"rows":{"type":"integer"},"head":{"type":"string"},)"
    R"("broken_at":{"type":["integer","null"]},"why":{"type":"string"}},)"
    R"("required":["whole","rows","head","broken_at","why"],"additionalProperties":false})";

http::Response plain(int status, std::string body, std::string_view type) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  response.content_type = type;
  return response;
}

std::variant<http::Response, Problem> problem_page(const Call& call) {
  for (const api::ProblemKind& kind : api::problem_kinds()) {
    if (kind.code != call.rest) continue;
    return api::answer(Value::object(
        {{"code", kind.code}, {"status", kind.status}, {"title", kind.title}, {"advice", kind.advice}}));
  }
  return Problem{"not_found", "there is no problem of that name", {}, {}};
}

Value row_of(const store::AuditRow& row) {
  const store::AuditEntry& entry = row.entry;
  return Value::object({{"sequence", row.sequence},
                        {"at", gate::to_string(row.at)},
                        {"actor", entry.actor},
                        {"owner", entry.owner},
                        {"scope", entry.scope},
                        {"action", entry.action},
                        {"subject", entry.subject},
                        {"reason", entry.reason},
                        {"correlation_id", entry.correlation_id},
                        {"before", entry.before},
                        {"after", entry.after},
                        {"hash", row.hash}});
}

Value verdict_of(const store::AuditCheck& check) {
  return Value::object({{"whole", !check.broken_at},
                        {"rows", check.rows},
                        {"head", check.head},
                        {"broken_at", check.broken_at ? Value{*check.broken_at} : Value{}},
                        {"why", check.why}});
}

void respond_failure(const Call& call, const http::Responder& respond, const gate::Error& error) {
  respond(api::as_response({"store_unavailable", error.message, {}, {}}, call.head.correlation_id));
}

}  // namespace

SystemService::SystemService(api::Core core, store::SqliteStore& store, Chores& chores)
    : core_(core),
      store_(store),
      chores_(chores),
      audit_whole_(
          core.metrics.gauge("release_gate_audit_whole", "1 where the audit log fits its chain, else 0.")) {
  audit_whole_.set(1);
}

void SystemService::watch_audit() {
  watch_audit(std::make_shared<store::AuditWalk>());
}

void SystemService::watch_audit(const std::shared_ptr<store::AuditWalk>& walk) {
  store_.read([walk](store::Transaction& transaction) { return store::walk_audit(transaction, *walk); },
              [this, walk](const gate::Status& status) {
                if (!status) return;  // the store says so itself
                if (!walk->finished) return watch_audit(walk);
                audit_whole_.set(walk->check.broken_at ? 0 : 1);
                if (!walk->check.broken_at) return;
                core_.log.error("audit.broken", {{"row", *walk->check.broken_at}, {"why", walk->check.why}});
              });
}

http::Response SystemService::readiness() const {
  const bool ready = serving_ && store_.is_writable();
  http::Response response =
      api::answer(Value::object({{"status", ready ? "ready" : "not_ready"}}), ready ? 200 : 503);
  // Who may know why reads the log.
  if (!ready) response.cause = serving_ ? "the store takes no changes" : "the server starts or ends";
  return response;
}

std::vector<Route> SystemService::open_routes() {
  const auto open = [](std::string_view path, std::string_view name, std::string_view summary,
                       std::string_view schema,
                       std::function<std::variant<http::Response, Problem>(const Call&)> look) {
    Route route;
    route.method = "GET";
    route.path = path;
    route.access = Anybody{};
    route.endpoint = kGroup;
    route.idempotency = Idempotency::safe;
    route.name = name;
    route.summary = summary;
    route.reply_schema = schema;
    route.handler = api::answering(std::move(look));
    return route;
  };
  Route metrics = open("/metrics", "getMetrics", "What Prometheus reads: text exposition format 0.0.4.", "",
                       [this](const Call&) {
                         return plain(200, core_.metrics.text(), "text/plain; version=0.0.4; charset=utf-8");
                       });
  metrics.access = auth::Scope::read;
  metrics.rate_class = RateClass::read;
  return {open("/health/live", "getLiveness", "Whether the process answers at all.", kStatusSchema,
               [](const Call&) {
                 return api::answer(Value::object({{"status", "ok"}}));
               }),
          open("/health/ready", "getReadiness",
               "Whether it takes work: 503 while it starts, ends or cannot write.", kStatusSchema,
               [this](const Call&) { return readiness(); }),
          open("/openapi.json", "getOpenApi", "This document.", "",
               [this](const Call&) { return plain(200, document_, "application/json"); }),
          open("/problems/{rest}", "getProblem", "What a problem's code means, and what to do about it.",
               kProblemKindSchema, problem_page),
          std::move(metrics)};
}

void SystemService::newest(const Call& call, const http::Responder& respond) {
  const auto limit = api::integer_parameter(call, "limit", 1, 1000, 50);
  if (const auto* problem = std::get_if<Problem>(&limit)) {
    return respond(api::as_response(*problem, call.head.correlation_id));
  }
  const auto before = api::integer_parameter(call, "before", 1, store::kAfterAllRows, store::kAfterAllRows);
  if (const auto* problem = std::get_if<Problem>(&before)) {
    return respond(api::as_response(*problem, call.head.correlation_id));
  }
  // Shared by the work and by what is called when it is done: std::function copies what it holds.
  const auto rows = std::make_shared<Value>(Value::array());
  store_.read(
      [rows, most = std::get<std::int64_t>(limit),
       end = std::get<std::int64_t>(before)](store::Transaction& transaction) -> gate::Status {
        const auto newest = store::newest_audit(transaction, most, end);
        if (!newest) return newest.error();
        for (const store::AuditRow& row : *newest) rows->push(row_of(row));
        return gate::done();
      },
      [rows, respond, call](const gate::Status& status) {
        if (!status) return respond_failure(call, respond, status.error());
        respond(api::answer(Value::object({{"rows", std::move(*rows)}})));
      });
}

// A piece of the walk at a time, so that changes need not wait for all of it.
void SystemService::verify(const Call& call, const http::Responder& respond,
                           const std::shared_ptr<store::AuditWalk>& walk) {
  store_.read([walk](store::Transaction& transaction) { return store::walk_audit(transaction, *walk); },
              [this, walk, respond, call](const gate::Status& status) {
                if (!status) return respond_failure(call, respond, status.error());
                if (!walk->finished) return verify(call, respond, walk);
                respond(api::answer(verdict_of(walk->check)));
              });
}

std::vector<Route> SystemService::audit_routes() {
  Route rows;
  rows.method = "GET";
  rows.path = "/api/v1/audit";
  rows.access = auth::Scope::admin;
  rows.rate_class = RateClass::admin;
  rows.endpoint = kGroup;
  rows.idempotency = Idempotency::safe;
  rows.name = "getAudit";
  rows.summary = "The newest rows of the audit log, newest first.";
  rows.query = {{"limit", R"({"type":"integer","minimum":1,"maximum":1000})", "how many; 50 by default"},
                {"before", R"({"type":"integer","minimum":1})", "rows older than that sequence number"}};
  rows.reply_schema = kAuditSchema;
  rows.handler = [this](const Call& call, const http::Responder& respond) { newest(call, respond); };

  Route check = rows;
  check.path = "/api/v1/audit/verify";
  check.name = "verifyAudit";
  check.summary = "Walks the hash chain of the audit log from its first row.";
  check.query = {};
  check.reply_schema = kVerifySchema;
  check.handler = [this](const Call& call, const http::Responder& respond) {
    verify(call, respond, std::make_shared<store::AuditWalk>());
  };
  return {std::move(rows), std::move(check)};
}

void SystemService::backup(const Call& call, const http::Responder& respond) {
  auto body = api::json_body(call);
  const auto refuse = [&](const Problem& problem) {
    respond(api::as_response(problem, call.head.correlation_id));
  };
  if (const auto* problem = std::get_if<Problem>(&body)) return refuse(*problem);
  api::BodyReader reader{std::get<gate::load::Document>(body)};
  reader.require("path");
  const auto path = reader.text("path", kPathBytes);
  if (const auto problem = reader.finish()) return refuse(*problem);
  const bool queued = chores_.add([this, path = *path, respond, call] {
    const auto status = store_.backup(path);
    if (!status) return respond_failure(call, respond, status.error());
    core_.log.info("backup", {{"path", path}});
    respond(api::answer(Value::object({{"path", path}, {"bytes", core_.files.status(path).bytes}})));
  });
  if (!queued) refuse({"overloaded", "too many backups wait", {}, {{"retry-after", "5"}}});
}

std::vector<Route> SystemService::control_routes() {
  Route copy;
  copy.method = "POST";
  copy.path = "/control/v1/backup";
  copy.access = LocalOwner{};
  copy.endpoint = kGroup;
  copy.idempotency = Idempotency::safe;
  copy.body_limit = 2 * kPathBytes;
  copy.body_required = true;
  copy.name = "backup";
  copy.summary = "Writes a consistent copy of the whole state to a new file.";
  copy.handler = [this](const Call& call, const http::Responder& respond) { backup(call, respond); };

  Route migrations;
  migrations.method = "GET";
  migrations.path = "/control/v1/migrations";
  migrations.access = LocalOwner{};
  migrations.endpoint = kGroup;
  migrations.idempotency = Idempotency::safe;
  migrations.name = "listMigrations";
  migrations.summary = "The steps that the tables have made.";
  migrations.handler = api::answering([this](const Call&) {
    Value rows = Value::array();
    for (const store::AppliedMigration& step : store_.migrations()) {
      rows.push(
          Value::object({{"version", step.version}, {"name", step.name}, {"applied_at", step.applied_at}}));
    }
    return api::answer(Value::object({{"migrations", std::move(rows)}}));
  });
  return {std::move(copy), std::move(migrations)};
}

std::vector<Route> SystemService::metrics_routes() {
  std::vector<Route> open = open_routes();
  for (Route& route : open) {
    route.access = Anybody{};
    route.rate_class = RateClass::none;
  }
  return open;
}

std::vector<Route> SystemService::routes() {
  std::vector<Route> all = open_routes();
  for (auto& more : {audit_routes(), control_routes()}) all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace server::app
