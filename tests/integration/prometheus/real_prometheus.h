#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "gate/checks/prometheus_source.h"
#include "gate/platform/curl_http_client.h"
#include "gate/platform/system.h"
#include "tests/support/programs.h"

namespace gate::test {

// The real world, as a source of telemetry sees it.
struct RealWorld {
  platform::SystemClock clock;
  platform::ProcessEnvironment environment;
  platform::DiskFiles files;
  platform::CurlHttpClient http;

  [[nodiscard]] checks::SourceWorld source() const { return {http, clock, environment, files}; }
};

// A Prometheus server on a free port with a data folder of its own, which reads the page of each job every
// second.
class RealPrometheus {
 public:
  RealPrometheus(const std::filesystem::path& program, const std::map<std::string, int>& ports_by_job);

  void start();
  void kill() { process_.reset(); }

  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::filesystem::path data() const { return folder_.path() / "data"; }
  [[nodiscard]] const ScratchFolder& folder() const { return folder_; }

  // Asks until the answer to an instant query holds `part`; false after 20 s.
  [[nodiscard]] bool wait_for(const std::string& promql, const std::string& part) const;

 private:
  std::filesystem::path program_;
  ScratchFolder folder_;
  std::string config_;
  int port_;
  platform::CurlHttpClient http_;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace gate::test
