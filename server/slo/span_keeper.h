#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/result.h"
#include "gate/checks/slo.h"
#include "server/api/call.h"
#include "server/api/service.h"
#include "server/slo/breaches.h"
#include "server/slo/in_flight.h"
#include "server/slo/span_table.h"
#include "server/slo/spans.h"

namespace server::slo {

// Keeps what evaluations saw as spans in the store, and tells of them. Safe to share between threads.
class SpanKeeper {
 public:
  // `services`: of the objectives that are evaluated, one for each.
  SpanKeeper(const api::Core& core, std::chrono::milliseconds interval, std::vector<std::string> services);
  SpanKeeper(const SpanKeeper&) = delete;
  SpanKeeper& operator=(const SpanKeeper&) = delete;

  gate::Status reload(store::Transaction& transaction);

  // Stores what changes by that evaluation; what begins and ends is in the audit log too. While the store has
  // not answered for the one before, an evaluation is left out: the next one tells the same.
  void record(std::span<const gate::checks::EvaluatedObjective> evaluated, gate::Timestamp now);

  // Of objectives; the views live as long as this.
  [[nodiscard]] std::vector<std::string_view> services_in_reach(const auth::Principal& caller) const;

  // Answers `GET /api/v1/slo/breaches`.
  void tell(const api::Call& call, const http::Responder& respond);

  // Deletes spans that nobody can ask for any more.
  void forget();

 private:
  struct Record;  // one evaluation on its way

  [[nodiscard]] std::shared_ptr<Record> next(std::span<const gate::checks::EvaluatedObjective> evaluated,
                                             gate::Timestamp now);
  [[nodiscard]] http::Response answer_of(Look& look);
  void finish(const Record& record, const gate::Status& status);
  void count();  // with mutex_ held

  const api::Core core_;
  const std::chrono::milliseconds interval_;
  const std::vector<std::string> services_;
  std::map<SpanKind, observe::Gauge*> open_;
  std::map<SpanKind, observe::Counter*> opened_;

  std::mutex mutex_;  // of what follows; never held while the store or a responder is called
  bool is_busy_ = false;
  SpanBook book_;
  std::optional<Observation> observation_;
  InFlight in_flight_;
};

}  // namespace server::slo
