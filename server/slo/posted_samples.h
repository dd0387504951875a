#pragma once

#include <chrono>
#include <functional>
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
#include "gate/slo/sample.h"
#include "server/api/call.h"
#include "server/api/change.h"
#include "server/api/service.h"
#include "server/slo/batch.h"
#include "server/slo/bins.h"
#include "server/slo/in_flight.h"
#include "server/slo/objectives.h"
#include "server/slo/posted_counts.h"

namespace server::slo {

// Called for each batch once it is durable, on the store's thread: must not block. The samples are valid for
// the call.
using OnSamples = std::function<void(const std::string& service, std::span<const gate::slo::Sample> samples)>;

// The samples that are posted to this server: taken, counted into bins, kept in the store, and measured. Safe
// to share between threads.
class PostedSamples {
 public:
  static constexpr std::int64_t kMostServices = 200;  // where none are named

  // `known` are the services that may post; empty: all.
  PostedSamples(const api::Core& core, const Objectives& objectives, std::vector<std::string> known);

  gate::Status reload(store::Transaction& transaction);

  // Answers `POST /api/v1/slo/samples`.
  void post(api::Call call, const http::Responder& respond);

  [[nodiscard]] gate::checks::Measurements measure(std::span<const gate::slo::Objective> objectives) const;

  // Deletes what no tier keeps any more.
  void forget();

  void on_samples(OnSamples on_samples);  // before the first request

 private:
  struct Posted;  // one batch on its way

  std::optional<api::Problem> refusal_of(const api::Call& call, const std::string& service) const;
  gate::Result<std::variant<api::Change, api::Problem>> decide(const std::shared_ptr<Posted>& posted,
                                                               store::Transaction& transaction);
  void publish(const Posted& posted);
  [[nodiscard]] const LatencyBuckets& buckets_of(std::string_view service) const;
  gate::Timestamp steady_now();

  const api::Core core_;
  const Tiers tiers_;
  const std::chrono::seconds oldest_;
  const std::vector<std::string> known_;
  const LatencyBuckets usual_buckets_{{}};
  std::map<std::string, LatencyBuckets, std::less<>> buckets_;  // of services with thresholds of their own
  observe::Counter& taken_;
  OnSamples on_samples_;

  mutable std::mutex mutex_;  // held for as long as one service's windows take to sum up
  PostedCounts counts_;
  std::optional<gate::Timestamp> steady_;  // and the monotonic time then
  std::chrono::nanoseconds steady_elapsed_{0};
  InFlight in_flight_;
};

}  // namespace server::slo
