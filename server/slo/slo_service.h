#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gate/base/result.h"
#include "gate/checks/slo.h"
#include "gate/ports/environment.h"
#include "gate/ports/http_client.h"
#include "server/api/route.h"
#include "server/api/service.h"
#include "server/slo/bin_table.h"
#include "server/slo/objectives.h"
#include "server/slo/posted_samples.h"
#include "server/slo/span_keeper.h"
#include "server/slo/status.h"

namespace server::slo {

struct SloSettings {
  std::string objectives_file;  // slo.toml, or OpenSLO as .yaml; empty: there is none
  std::string built_in;         // the text of an slo.toml where no file is named (demo_objectives())
  std::chrono::milliseconds interval{10'000};  // between evaluations
  std::vector<std::string> services;           // that may post beside those of objectives; empty: all
};

// What evaluation reaches beside the core.
struct SloReach {
  const gate::ports::HttpClient* http = nullptr;  // nullptr: what needs it is unreachable
  const gate::ports::Environment& environment;
};

// Evaluates the objectives on a thread of its own, again and again, tells the last verdicts from memory,
// keeps what was breached and for how long, and takes samples. It judges nothing: gate::slo::evaluate() does.
class SloService {
 public:
  // Error: as load_objectives.
  static gate::Result<std::unique_ptr<SloService>> open(const api::Core& core, const SloSettings& settings,
                                                        const SloReach& reach);
  SloService(const api::Core& core, const SloSettings& settings, const SloReach& reach,
             Objectives objectives);  // for open()
  ~SloService();
  SloService(const SloService&) = delete;
  SloService& operator=(const SloService&) = delete;

  std::vector<api::Route> routes();
  gate::Status reload(store::Transaction& transaction);

  void start();
  void stop();  // waits for an evaluation under way, which its deadline ends

  // What the thread does each time: measures, judges, shows, records, and now and then forgets what is old.
  void evaluate_once();

  void on_samples(OnSamples on_samples) { posted_.on_samples(std::move(on_samples)); }

 private:
  [[nodiscard]] std::vector<gate::checks::EvaluatedObjective> evaluate(gate::Timestamp now) const;
  [[nodiscard]] gate::checks::MeasureSource measure() const;
  void show(const std::vector<gate::checks::EvaluatedObjective>& evaluated, gate::Timestamp now,
            std::chrono::nanoseconds elapsed);
  [[nodiscard]] std::variant<http::Response, api::Problem> status(const api::Call& call) const;
  api::Route status_route();
  api::Route breaches_route();
  api::Route samples_route();
  void run();

  const api::Core core_;
  const SloSettings settings_;
  const SloReach reach_;
  const Objectives objectives_;
  observe::Histogram& evaluation_seconds_;
  std::map<gate::slo::Outcome, observe::Gauge*> by_verdict_;
  PostedSamples posted_;
  SpanKeeper spans_;
  std::optional<std::chrono::nanoseconds> forgot_;

  mutable std::mutex mutex_;
  // Shared with readers, who may still look at it when the next one is here.
  std::shared_ptr<const Snapshot> snapshot_ = std::make_shared<Snapshot>();

  std::mutex thread_mutex_;
  std::condition_variable stopping_changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace server::slo
