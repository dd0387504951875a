#include "server/app/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace server::app {
namespace {

using ::testing::HasSubstr;

TEST(CheckSettings, LetsOthersReachMetricsOnlyWhereThatIsTold) {
  struct Row {
    const char* name;
    const char* metrics;
    bool is_insecure;
    bool has_tls;
    bool is_allowed;
  };
  const Row rows[] = {
      {"every address", "0.0.0.0:9100", false, false, false},
      {"every address, TLS for the others", "0.0.0.0:9100", false, true, false},
      {"every IPv6 address", "[::]:9100", false, false, false},
      {"an address of the network", "10.0.0.1:9100", false, false, false},
      {"an address of the network, told", "10.0.0.1:9100", true, false, true},
      {"this machine", "127.0.0.1:9100", false, false, true},
      {"this machine, IPv6", "[::1]:9100", false, false, true},
      {"none", "", false, false, true},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    Settings settings;
    settings.metrics_listen = row.metrics;
    settings.insecure_listen = row.is_insecure;
    if (row.has_tls) settings.tls = http::TlsFiles{"a.pem", "a.key"};
    const auto checked = check_settings(settings);
    EXPECT_EQ(static_cast<bool>(checked), row.is_allowed);
    if (checked) continue;
    EXPECT_EQ(checked.error().code, gate::ErrorCode::usage);
    EXPECT_THAT(checked.error().message, HasSubstr("[metrics] has neither TLS nor a key"));
  }
}

}  // namespace
}  // namespace server::app
