#pragma once

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gate/base/hash.h"
#include "gate/base/json_text.h"
#include "server/exemptions/service.h"
#include "tests/support/service_world.h"

namespace server::exemptions {

// One [[exemption]] that is in order on 20 November 2026, where the test's clock starts.
inline std::string record(const std::string& id, const std::string& expires,
                          const std::string& approver = "@security", const std::string& scope = "") {
  return "[[exemption]]\nid = \"" + id + "\"\nrule = \"schema.required\"\nscope = " +
         (scope.empty() ? "{ paths = [\"data/" + id + ".json\"] }" : scope) +
         "\nreason = \"the field arrives with version 3\"\nticket = \"OPS-12\"\nowner = \"@platform\"\n"
         "approver = \"" +
         approver + "\"\ncreated = 2026-11-01\nexpires = " + expires + "\n";
}

// One in force, one expiring (to 20 November: today is its last day), one expired the day before.
inline const std::string kRegister = "version = 1\n" + record("EX-1", "2026-12-31") +
                                     record("EX-2", "2026-11-20") + record("EX-3", "2026-11-19");

// So many records.
inline std::string records(int count, const std::string& expires) {
  std::string text;
  for (int i = 0; i < count; ++i) text += record("EX-" + std::to_string(i), expires);
  return text;
}

// A register whose records cannot be compared within the bound on steps.
inline std::string unjudged() {
  std::string glob = "*";
  for (int i = 0; i < 250; ++i) glob += "a*";
  std::string text = "version = 1\n";
  for (int i = 0; i < 40; ++i) {
    const std::string id = std::to_string(i);
    text += record("SLOW-" + id, i % 2 == 0 ? "2026-12-30" : "2026-12-31", "@security",
                   "{ paths = [\"" + glob + id + "\"] }");
  }
  return text;
}

// The service over a real store.
class ExemptionWorld : public gate::test::ServiceWorld {
 public:
  explicit ExemptionWorld(ExemptionSettings settings = {})
      : ServiceWorld({kExemptionMigration}), settings_(std::move(settings)) {
    start();
  }

  void start() {
    service_ = std::make_unique<ExemptionService>(core(), settings_);
    const auto read =
        store().read_now([&](store::Transaction& transaction) { return service_->reload(transaction); });
    ASSERT_TRUE(read) << read.error().message;
    tick();
  }

  void restart_process() {
    service_.reset();
    metrics = observe::Metrics::make();  // the old one knows the old service
    restart();
    start();
  }

  // One turn, and what it set going.
  void tick() {
    service_->tick();
    settle();
  }
  void settle() {
    ASSERT_TRUE(store().write_now([](store::Transaction&) { return gate::done(); }));
  }

  http::Response ask(const std::string& method, const std::string& what, const std::string& body = {},
                     http::Headers headers = {}) {
    gate::test::Asked asked;
    asked.method = method;
    asked.target = "/api/v1/exemptions/" + what;
    asked.body = body;
    asked.headers = std::move(headers);
    return gate::test::ask(service_->routes(), asked);
  }
  gate::Value get(const std::string& what) { return gate::test::json_of(ask("GET", what)); }
  gate::Value post(const std::string& what, const std::string& body = {}) {
    return gate::test::json_of(ask("POST", what, body));
  }
  http::Response push(const std::string& text, http::Headers headers = {}) {
    return ask("PUT", "register",
               gate::to_compact_json(gate::Value::object({{"register", text}, {"source", "ci"}})),
               std::move(headers));
  }

  ExemptionService& service() { return *service_; }

 private:
  ExemptionSettings settings_;
  std::unique_ptr<ExemptionService> service_;
};

// The part of an answer at a path of members and indexes, as JSON on one line.
inline std::string at(gate::Value tree, const std::vector<std::string>& path = {}) {
  for (const std::string& step : path) {
    const gate::Value* next = tree.find(step);
    const auto* elements = tree.as_array();
    if (elements != nullptr && std::stoul(step) < elements->size()) next = &(*elements)[std::stoul(step)];
    if (next == nullptr) return "(none)";
    tree = gate::Value{*next};
  }
  return gate::to_compact_json(tree);
}

inline std::string code_of(const http::Response& response) {
  return at(gate::test::json_of(response), {"code"});
}

}  // namespace server::exemptions
