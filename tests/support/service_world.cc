#include "tests/support/service_world.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <future>
#include <iterator>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "gate/load/json.h"
#include "gate/load/json_fields.h"
#include "gate/load/json_instance.h"
#include "gate/schema/compile.h"
#include "gate/schema/explain.h"
#include "server/store/idempotency.h"
#include "server/store/migration.h"
#include "tests/support/test_data.h"

namespace gate::test {
namespace {

namespace api = server::api;
namespace http = server::http;
namespace store = server::store;

// Fails the test where the body does not keep to the schema.
void expect_kept(std::string_view schema, const std::string& body, std::string_view route) {
  const std::string dialect = R"({"$schema":"https://json-schema.org/draft/2020-12/schema",)";
  const auto text = load::parse_json(dialect + std::string{schema.substr(1)});
  ASSERT_TRUE(text) << route << ": its reply_schema is no JSON: " << text.error().message;
  const auto compiled = schema::compile({&text->root, &text->exact, "test:reply", "reply"});
  ASSERT_TRUE(compiled.program) << route << ": its reply_schema: " << compiled.defects.front().message;
  load::JsonInstanceReader reader;
  const auto document = reader.read(body);
  ASSERT_TRUE(document) << route << ": " << body;
  for (const schema::Fault& fault : schema::explain(*compiled.program, (*document)->root(), {}).faults) {
    ADD_FAILURE() << route << ": " << fault.instance << ": " << fault.message << "\n" << body;
  }
}

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size();
    out += escape ? static_cast<char>(std::stoi(std::string{text.substr(i + 1, 2)}, nullptr, 16)) : text[i];
    if (escape) i += 2;
  }
  return out;
}

http::Head head_of(const Asked& asked) {
  http::Head head;
  head.method = asked.method;
  head.target = asked.target;
  head.path = asked.target.substr(0, asked.target.find('?'));
  head.headers = asked.headers;
  head.correlation_id = "test-1";
  head.has_body = !asked.body.empty();
  if (head.path.size() == asked.target.size()) return head;
  std::string_view rest = std::string_view{asked.target}.substr(head.path.size() + 1);
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    head.query.emplace_back(decoded(pair.substr(0, equals)),
                            equals < pair.size() ? decoded(pair.substr(equals + 1)) : std::string{});
  }
  return head;
}

}  // namespace

ServiceWorld::ServiceWorld(std::vector<store::Migration> migrations)
    : metrics(server::observe::Metrics::make()),
      migrations_{store::kCoreMigration, store::kAuditMigration, store::kIdempotencyMigration} {
  for (store::Migration& migration : migrations) {
    migration.version = static_cast<int>(migrations_.size()) + 1;  // those of other services are left out
    migrations_.push_back(migration);
  }
  auto log = server::observe::Log::open((folder_.path() / "log").string(), clock);
  log_ = std::move(*log);
  restart();
}

ServiceWorld::~ServiceWorld() {
  if (store_) store_->close();
}

void ServiceWorld::restart() {
  if (store_) store_->close();
  store_.reset();
  auto opened = store::SqliteStore::open({(folder_.path() / "data").string()}, migrations_, clock);
  if (!opened) throw std::runtime_error(opened.error().message);
  store_ = std::move(*opened);
}

api::Core ServiceWorld::core() {
  return {*store_, clock, random, files, *log_, *metrics};
}

std::vector<store::AuditRow> ServiceWorld::audit() {
  std::vector<store::AuditRow> rows;
  const auto read = store_->read_now([&](store::Transaction& transaction) -> Status {
    auto newest = store::newest_audit(transaction, 1'000'000);
    if (!newest) return newest.error();
    rows = std::move(*newest);
    return done();
  });
  EXPECT_TRUE(read) << read.error().message;
  return rows;
}

std::string ServiceWorld::logged() {
  log_->flush();
  std::ifstream file{folder_.path() / "log"};
  return {std::istreambuf_iterator<char>{file}, {}};
}

server::auth::Principal administrator() {
  server::auth::Principal all;
  all.id = "adminkey";
  all.owner = "alice";
  for (const server::auth::Scope scope : server::auth::kScopes) all.scopes.add(scope);
  return all;
}

http::Response ask(const std::vector<api::Route>& routes, const Asked& asked) {
  const auto router = api::Router::of(routes);
  if (!router) {
    ADD_FAILURE() << router.error().message;
    return {};
  }
  api::Call call;
  call.head = head_of(asked);
  const auto found = router->find(call.head.method, call.head.path);
  const auto* match = std::get_if<api::Match>(&found);
  if (match == nullptr) {
    ADD_FAILURE() << "no route answers " << asked.method << ' ' << asked.target;
    return {};
  }
  call.route = match->route;
  call.rest = match->rest;
  call.body = asked.body;
  call.caller = asked.caller.value_or(administrator());
  const api::Route& route = *match->route;
  // Shared with the responder, which is kept in std::function.
  const auto promise = std::make_shared<std::promise<http::Response>>();
  auto future = promise->get_future();
  route.handler(std::move(call), http::Responder{[promise](http::Response response) {
                  promise->set_value(std::move(response));
                }});
  http::Response response = future.get();
  if (response.status == 200 && !route.reply_schema.empty())
    expect_kept(route.reply_schema, response.body, route.name);
  return response;
}

Value json_of(const http::Response& response) {
  const auto document = load::parse_json(response.body);
  EXPECT_TRUE(document) << response.body;
  return document ? load::to_value(document->root) : Value{};
}

}  // namespace gate::test
