#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "server/api/call.h"
#include "server/api/route.h"
#include "server/api/service.h"
#include "server/app/chores.h"
#include "server/store/audit.h"
#include "server/store/sqlite_store.h"

namespace server::app {

// What the server says of itself: health, metrics, its API, its audit log; and, on the control socket, what
// its owner does with the store.
class SystemService {
 public:
  SystemService(api::Core core, store::SqliteStore& store, Chores& chores);
  SystemService(const SystemService&) = delete;
  SystemService& operator=(const SystemService&) = delete;

  std::vector<api::Route> routes();

  // /metrics and health for an address of their own, where nobody shows a key.
  std::vector<api::Route> metrics_routes();

  // What /openapi.json answers from now on.
  void publish_document(std::string document) { document_ = std::move(document); }

  // Walks the audit log and shows by a metric whether it is whole; what is not is logged.
  void watch_audit();

  // Ready from now on, or not: while it starts and while it ends.
  void set_serving(bool serving) { serving_ = serving; }

 private:
  std::vector<api::Route> open_routes();
  std::vector<api::Route> audit_routes();
  std::vector<api::Route> control_routes();
  [[nodiscard]] http::Response readiness() const;
  void newest(const api::Call& call, const http::Responder& respond);
  void verify(const api::Call& call, const http::Responder& respond,
              const std::shared_ptr<store::AuditWalk>& walk);  // shared by the pieces of one walk
  void watch_audit(const std::shared_ptr<store::AuditWalk>& walk);
  void backup(const api::Call& call, const http::Responder& respond);

  api::Core core_;
  store::SqliteStore& store_;
  Chores& chores_;
  observe::Gauge& audit_whole_;
  std::string document_;
  std::atomic<bool> serving_{false};
};

}  // namespace server::app
