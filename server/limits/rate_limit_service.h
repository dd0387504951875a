#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gate/base/result.h"
#include "server/api/change.h"
#include "server/api/service.h"
#include "server/limits/limiter.h"

namespace server::limits {

// What the service has to be told of others.
struct RateLimitSettings {
  std::function<std::vector<std::string>()> endpoints;                       // the groups of the route table
  std::function<std::vector<RateClass>(std::string_view endpoint)> classes;  // that a group draws on
  std::function<std::vector<std::string>()> owners;                          // of live keys
};

// The longest name of an owner or an endpoint, and the longest reason, in bytes.
inline constexpr std::size_t kNameBytes = 128;
inline constexpr std::size_t kReasonBytes = 500;

// The group of its own routes.
inline constexpr std::string_view kLimitGroup = "rateLimitManagement";

// Shows and changes rate limits: /api/v1/rate-limit/….
class RateLimitService {
 public:
  RateLimitService(const api::Core& core, Limiter& limiter, RateLimitSettings settings);
  RateLimitService(const RateLimitService&) = delete;
  RateLimitService& operator=(const RateLimitService&) = delete;

  std::vector<api::Route> routes();
  gate::Status reload(store::Transaction& transaction);

 private:
  using Answer = std::variant<http::Response, api::Problem>;

  [[nodiscard]] Answer status(const api::Call& call) const;
  [[nodiscard]] Answer events(const api::Call& call) const;
  [[nodiscard]] Answer config(const api::Call& call) const;
  void configure(api::Call call, const http::Responder& respond);
  void end(api::Call call, const http::Responder& respond);
  void clear(api::Call call, const http::Responder& respond);
  void reset(api::Call call, const http::Responder& respond);
  [[nodiscard]] std::variant<Override, api::Problem> read_override(const api::Call& call) const;
  [[nodiscard]] std::vector<RateClass> classes_of(const std::string& endpoint) const;

  api::Core core_;
  Limiter& limiter_;
  const RateLimitSettings settings_;
};

}  // namespace server::limits
