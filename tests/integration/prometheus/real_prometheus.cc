#include "tests/integration/prometheus/real_prometheus.h"

#include <fmt/format.h>

#include "gate/base/percent.h"
#include "tests/support/loopback_server.h"

namespace gate::test {

RealPrometheus::RealPrometheus(const std::filesystem::path& program,
                               const std::map<std::string, int>& ports_by_job)
    : program_(program), port_(free_port()) {
  std::string config = "global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n";
  for (const auto& [job, port] : ports_by_job)
    config += fmt::format("- {{job_name: {}, static_configs: [{{targets: ['127.0.0.1:{}']}}]}}\n", job, port);
  config_ = folder_.write("prometheus.yml", config);
}

void RealPrometheus::start() {
  process_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{program_.string(), "--config.file=" + config_,
                               "--storage.tsdb.path=" + data().string(), "--storage.tsdb.retention.time=60d",
                               fmt::format("--web.listen-address=127.0.0.1:{}", port_), "--log.level=warn"},
      folder_.path() / "log");
}

std::string RealPrometheus::url() const {
  return fmt::format("http://127.0.0.1:{}", port_);
}

bool RealPrometheus::wait_for(const std::string& promql, const std::string& part) const {
  const platform::SystemClock clock;
  ports::HttpRequest request;
  request.url = fmt::format("{}/api/v1/query?query={}", url(), percent_encoded(promql));
  const auto end = clock.elapsed() + std::chrono::seconds{20};
  while (clock.elapsed() < end) {
    const auto reply = http_.send(request);
    if (reply && reply->status == 200 && reply->body.find(part) != std::string::npos) return true;
    clock.sleep(std::chrono::milliseconds{50});
  }
  return false;
}

}  // namespace gate::test
