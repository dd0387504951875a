#include "server/data/demo_service.h"

#include <array>
#include <utility>

#include "gate/base/json_text.h"
#include "gate/base/value.h"

namespace server::data {
namespace {

struct Symbol {
  std::string_view symbol;
  std::string_view name;
  std::string_view currency;
};

constexpr std::array<Symbol, 6> kSymbols{{
    {"ALDR", "Alder Shipping", "EUR"},
    {"BRCH", "Birch Mills", "EUR"},
    {"CEDR", "Cedar Rail", "USD"},
    {"HAZL", "Hazel Foods", "GBP"},
    {"MAPL", "Maple Power", "USD"},
    {"WILW", "Willow Health", "CHF"},
}};

http::Response json(int status, const gate::Value& body) {
  http::Response response;
  response.status = status;
  response.body = gate::to_compact_json(body) + "\n";
  return response;
}

http::Response error(int status, std::string_view why) {
  return json(status, gate::Value::object({{"error", why}}));
}

gate::Value symbols() {
  gate::Value all = gate::Value::array();
  for (const Symbol& one : kSymbols) {
    all.push(gate::Value::object({{"symbol", one.symbol}, {"name", one.name}, {"currency", one.currency}}));
  }
  return all;
}

}  // namespace

http::Response DemoService::answer(const std::string& path) const {
  if (path == "/health") return json(200, gate::Value::object({{"status", "ok"}, {"version", version_}}));
  if (path == "/symbols") return json(200, gate::Value::object({{"data", symbols()}, {"version", version_}}));
  return error(404, "the demo has /health and /symbols");
}

std::variant<http::Response, http::Admitted> DemoService::admit(http::Head head) {
  if (head.method != "GET") {
    http::Response response = error(405, "the demo only answers GET");
    response.headers.emplace_back("allow", "GET");
    return response;
  }
  http::Response response = answer(head.path);
  return http::Admitted{0, [response = std::move(response)](
                               const std::string&, const http::Responder& respond) { respond(response); }};
}

http::Response DemoService::refuse(int status, std::string_view why, const std::string&) {
  return error(status, why);
}

}  // namespace server::data
