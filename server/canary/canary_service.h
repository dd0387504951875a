#pragma once

#include <vector>

#include "server/api/call.h"
#include "server/api/route.h"
#include "server/data/services.h"

namespace server::canary {

// Which version of each service serves what. Traffic goes to a canary where a request asks for it, and
// nothing shifts it by weight.
class CanaryService {
 public:
  // The settings outlive it.
  explicit CanaryService(const data::DataSettings& services) : services_(services) {}
  CanaryService(const CanaryService&) = delete;
  CanaryService& operator=(const CanaryService&) = delete;

  std::vector<api::Route> routes();

 private:
  [[nodiscard]] std::variant<http::Response, api::Problem> status(const api::Call& call) const;

  const data::DataSettings& services_;
};

}  // namespace server::canary
