#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/result.h"
#include "server/data/services.h"
#include "server/http/server.h"

namespace server::app {

// What server.toml and the command line say. Paths of server.toml are relative to its folder.
struct Settings {
  std::string data;  // the data folder; from the command line alone
  std::vector<std::string> listen{"127.0.0.1:8080"};
  std::string metrics_listen;  // plain and without a key; empty: /metrics of `listen` alone
  bool insecure_listen = false;
  std::optional<http::TlsFiles> tls;
  http::Limits limits;
  std::size_t threads = 0;      // 0: as many as the machine has cores, two at least
  std::string log_file;         // empty: standard error
  std::string first_key_file;   // where the first admin key goes instead of standard output
  bool network_folder = false;  // the data folder may be on a network file system
  bool demo = false;

  data::DataSettings behind;  // the services that /api/v1/data forwards to
  std::string register_file;  // of exemptions
  std::string policy_file;    // whose [exemptions] rules hold
  std::string objectives_file;
  std::chrono::milliseconds slo_interval{10'000};
};

// One setting, its value and who set it: for `config --show-effective`.
struct SettingLine {
  std::string name;
  std::string value;
  std::string source;  // "server.toml:3", "--listen", "default"
};

// Reads `server.toml`. Errors: malformed, as `path:line:column: why`.
gate::Result<Settings> parse_settings(std::string_view text, const std::string& path);

// What is not allowed whatever the syntax: an address others can reach without TLS, and one of the metrics
// that others can reach at all, unless told. Error: usage.
gate::Status check_settings(const Settings& settings);

// Every setting in the order of the documentation, with the line of `text`, which is the file's, that set it.
std::vector<SettingLine> effective(const Settings& settings, std::string_view text, const std::string& path);

// Whether only this machine can reach that address: "127.0.0.1:8080", "[::1]:0", "localhost:80".
bool is_loopback(std::string_view listen);

}  // namespace server::app
