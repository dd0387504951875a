#pragma once

#include <array>
#include <vector>

#include "server/api/call.h"
#include "server/api/service.h"
#include "server/exemptions/changes.h"
#include "server/exemptions/memory.h"

namespace server::exemptions {

// /api/v1/exemptions: the register in force, by the rules of gate/policy. It is the newest version in the
// store, pushed or read from a file; a file that cannot be read leaves the last good one in force.
class ExemptionService {
 public:
  ExemptionService(const api::Core& core, ExemptionSettings settings);
  ExemptionService(const ExemptionService&) = delete;
  ExemptionService& operator=(const ExemptionService&) = delete;

  std::vector<api::Route> routes();

  gate::Status reload(store::Transaction& transaction);

  // Reads the policy and the register file anew, and takes a register that changed. Called once the store is
  // open, every `interval`, and when told to read files again. Reads files: never on an I/O thread.
  void tick();

  [[nodiscard]] std::chrono::milliseconds interval() const { return settings_.interval; }

 private:
  using Decide = Changes::Decided (Changes::*)(store::Transaction&, const Asker&, const ReasonRequest&);

  std::vector<api::Route> looks();
  std::vector<api::Route> mutations();
  Situation now();
  void measure();
  void show_register(const api::Call& call, const http::Responder& respond);
  void push(api::Call call, const http::Responder& respond);
  void change(api::Call call, const http::Responder& respond,
              std::variant<ReasonRequest, api::Problem> request, Decide decide);

  const api::Core core_;
  const ExemptionSettings settings_;
  Memory memory_;
  Changes changes_;
  std::array<observe::Gauge*, 4> standings_;
  observe::Gauge& unprocessed_;
  observe::Gauge& age_;
};

}  // namespace server::exemptions
