#include <utility>

#include "gate/base/hash.h"
#include "gate/base/json_text.h"
#include "server/exemptions/answers.h"
#include "server/exemptions/limits.h"
#include "server/exemptions/schemas.h"
#include "server/exemptions/service.h"

namespace server::exemptions {
namespace {

using api::Call;
using api::Problem;
using api::Route;
using http::Responder;
using http::Response;

Route base(std::string_view method, std::string_view path, std::string_view name, std::string_view summary) {
  Route row;
  row.method = method;
  row.path = path;
  row.endpoint = "exemptionManagement";
  row.name = name;
  row.summary = summary;
  return row;
}

// One that changes nothing.
Route look(Route row, std::string_view reply_schema, api::Handler handler) {
  row.access = auth::Scope::read;
  row.rate_class = limits::RateClass::read;
  row.idempotency = api::Idempotency::safe;
  row.reply_schema = reply_schema;
  row.handler = std::move(handler);
  return row;
}

Route mutation(Route row, std::string_view request_schema, std::string_view reply_schema,
               api::Handler handler) {
  row.access = auth::Scope::exempt;
  row.rate_class = limits::RateClass::write;
  row.idempotency = api::Idempotency::accepted;
  row.body_limit = kSmallBody;
  row.request_schema = request_schema;
  row.reply_schema = reply_schema;
  row.handler = std::move(handler);
  return row;
}

}  // namespace

std::vector<Route> ExemptionService::routes() {
  std::vector<Route> rows = looks();
  for (Route& row : mutations()) rows.push_back(std::move(row));
  return rows;
}

std::vector<Route> ExemptionService::looks() {
  using Looked = std::variant<Response, Problem>;
  const auto shows = [this](gate::Value (*show)(const Situation&)) {
    return api::answering([this, show](const Call& call) -> Looked {
      const gate::Value body = show(now());
      const std::string etag = gate::sha256_hex(gate::to_compact_json(body)).substr(0, 16);
      return api::answer_tagged(call, body, "\"" + etag + "\"");
    });
  };
  Route health =
      look(base("GET", "/api/v1/exemptions/health", "getExemptionHealth",
                "Says whether the exemption register can be relied on, and why not."),
           health_schema(),
           api::answering([this](const Call&) -> Looked { return api::answer(health_of(now())); }));
  Route validate = look(
      base("POST", "/api/v1/exemptions/validate", "validateExemptions",
           "Says which records would cover findings in some files. Changes nothing."),
      coverage_schema(), api::answering([this](const Call& call) -> Looked {
        auto request = coverage_request(call);
        if (auto* problem = std::get_if<Problem>(&request)) return std::move(*problem);
        const auto& asked = std::get<CoverageRequest>(request);
        return api::answer(coverage_of(memory_.situation(core_.clock.now(), asked.as_of), asked.question));
      }));
  validate.body_limit = kFilesBody;
  validate.body_required = true;
  validate.request_schema = coverage_request_schema();
  Route shown = look(base("GET", "/api/v1/exemptions/register", "getExemptionRegister",
                          "Gives a version of the register, as it was pushed or read."),
                     register_schema(),
                     [this](const Call& call, const Responder& respond) { show_register(call, respond); });
  shown.query = {
      {"generation", R"({"type":"integer","minimum":1})", "Of that version; the newest by default."}};
  return {std::move(health), std::move(validate),
          look(base("GET", "/api/v1/exemptions/report", "getExemptionReport",
                    "Lists all exemptions with their standing, by rule and by owner."),
               report_schema(), shows(report_of)),
          look(base("GET", "/api/v1/exemptions/expired", "getExpiredExemptions",
                    "Lists expired exemptions, and who acknowledged them."),
               expired_schema(), shows(expired_of)),
          std::move(shown)};
}

std::vector<Route> ExemptionService::mutations() {
  using Reader = std::variant<ReasonRequest, Problem> (*)(const Call&);
  const auto makes = [this](Reader read, Decide decide) {
    return [this, read, decide](Call call, const Responder& respond) {
      auto request = read(call);
      change(std::move(call), respond, std::move(request), decide);
    };
  };
  Route pushes = mutation(base("PUT", "/api/v1/exemptions/register", "putExemptionRegister",
                               "Makes this register the one in force, as a new version."),
                          push_request_schema(), push_schema(),
                          [this](Call call, const Responder& respond) { push(std::move(call), respond); });
  pushes.body_limit = kRegisterBody;
  pushes.body_required = true;
  return {
      std::move(pushes),
      mutation(base("POST", "/api/v1/exemptions/cleanup", "cleanUpExemptions",
                    "Acknowledges all expired exemptions; they exempt nothing anyway."),
               reason_request_schema(), cleanup_schema(), makes(reason_request, &Changes::clean_up)),
      mutation(
          base("POST", "/api/v1/exemptions/revalidate", "revalidateExemptions",
               "Reads the register's file anew, if there is one, and holds every record to today's rules."),
          reason_request_schema(), revalidation_schema(), makes(reason_request, &Changes::revalidate)),
      mutation(base("POST", "/api/v1/exemptions/reset", "resetExemptions",
                    "Goes back to the file, to the version before or to a named one, as a new version."),
               reset_request_schema(), reset_schema(), makes(reset_request, &Changes::reset))};
}

}  // namespace server::exemptions
