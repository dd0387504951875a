#include "tests/integration/prometheus/exporter.h"

#include <fmt/format.h>

namespace gate::test {

WireReply Exporter::page() {
  const std::lock_guard lock{guard_};
  const long n = ++readings_;
  std::string text;
  const auto line = [&](const char* series, long value) { text += fmt::format("{} {}\n", series, value); };
  text += "# TYPE requests_total counter\n";
  line("requests_total{code=\"200\"}", 90 * n);
  line("requests_total{code=\"500\"}", 10 * n);
  text += "# TYPE idle_total counter\n";
  line("idle_total{code=\"200\"}", 7);
  line("idle_total{code=\"500\"}", 0);
  text += "# TYPE duration_seconds histogram\n";
  line("duration_seconds_bucket{le=\"0.1\"}", 50 * n);
  line("duration_seconds_bucket{le=\"0.3\"}", 90 * n);
  line("duration_seconds_bucket{le=\"1\"}", 98 * n);
  line("duration_seconds_bucket{le=\"+Inf\"}", 100 * n);
  line("duration_seconds_sum", 20 * n);
  line("duration_seconds_count", 100 * n);
  text += "# TYPE queue_length gauge\n";
  line("queue_length", 5);
  return wire_reply(200, text, "Content-Type: text/plain; version=0.0.4\r\n");
}

}  // namespace gate::test
