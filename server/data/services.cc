#include "server/data/services.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace server::data {
namespace {

constexpr std::chrono::milliseconds kLongestDeadline{25'000};

bool is_name(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), fits);
}

// Scheme, host and port; user names, paths and white space have no place in it.
bool is_address(std::string_view url) {
  const std::size_t scheme = url.starts_with("http://") ? 7 : url.starts_with("https://") ? 8 : 0;
  const std::string_view authority = url.substr(scheme);
  const auto fits = [](char c) {
    return c > ' ' && c < '\x7f' && std::string_view{"/?#@\\"}.find(c) == std::string_view::npos;
  };
  return scheme != 0 && !authority.empty() && std::all_of(authority.begin(), authority.end(), fits);
}

// What is wrong with a service, or empty.
std::string fault_of(const Service& service) {
  const char* kAddress = "must be http:// or https:// with a host and a port, and no path";
  if (!is_name(service.name)) return "its name must be 1 to 64 letters, digits, `-`, `_` or `.`";
  if (!is_address(service.stable)) return fmt::format("stable {}", kAddress);
  if (!service.canary.empty() && !is_address(service.canary)) return fmt::format("canary {}", kAddress);
  for (const std::string& version : {service.stable_version, service.canary_version}) {
    if (!version.empty() && !is_name(version))
      return "a version must be 1 to 64 letters, digits, `-`, `_` or `.`";
  }
  if (service.deadline.count() < 1 || service.deadline > kLongestDeadline)
    return "its deadline must be from 1 ms to 25 s";
  return {};
}

}  // namespace

gate::Status check_settings(const DataSettings& settings) {
  std::set<std::string_view> names;
  for (const Service& service : settings.services) {
    std::string fault = fault_of(service);
    if (fault.empty() && !names.insert(service.name).second) fault = "another service has its name";
    if (!fault.empty())
      return gate::Error{gate::ErrorCode::malformed, fmt::format("service \"{}\": {}", service.name, fault)};
  }
  const std::string& standard = settings.default_service;
  if (standard.empty() || names.count(standard) > 0) return gate::done();
  return gate::Error{gate::ErrorCode::malformed,
                     fmt::format("default_service \"{}\": there is no such service", standard)};
}

}  // namespace server::data
