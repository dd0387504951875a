#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace server::data {

// A service that requests are forwarded to, in one version or two.
struct Service {
  std::string name;            // "checkout"
  std::string stable;          // "http://127.0.0.1:9001": scheme, host and port
  std::string canary;          // the same; empty: it has none
  std::string stable_version;  // "v41"; empty: unknown
  std::string canary_version;
  std::chrono::milliseconds deadline{5'000};  // of one forwarded request, to its reply's last byte
  bool staging = false;

  bool operator==(const Service&) const = default;
};

struct DataSettings {
  std::vector<Service> services;
  std::string default_service;  // of a request without X-Service; empty: the only one, if there is one

  bool operator==(const DataSettings&) const = default;
};

}  // namespace server::data
