#pragma once

#include <array>
#include <memory>
#include <string_view>
#include <vector>

#include "server/api/call.h"
#include "server/api/service.h"
#include "server/data/choice.h"
#include "server/data/lane.h"
#include "server/data/services.h"
#include "server/http/upstream.h"

namespace server::data {

// Forwards /api/v1/data/… to a service's stable version or its canary, each behind a breaker of its own. It
// keeps nothing in the store.
class DataService {
 public:
  DataService(const api::Core& core, std::unique_ptr<http::Upstream> upstream, DataSettings settings);
  DataService(const DataService&) = delete;
  DataService& operator=(const DataService&) = delete;

  std::vector<api::Route> routes();

 private:
  void forward(api::Call call, const http::Responder& respond);
  api::Route route(std::string_view method, std::string_view name, std::string_view summary);
  Lane& lane_of(const Choice& choice);

  const api::Core core_;
  const DataSettings settings_;
  TrackMeters stable_meters_;
  TrackMeters canary_meters_;
  std::vector<std::array<std::unique_ptr<Lane>, 2>> lanes_;  // by service, by track: they hold a mutex
  std::unique_ptr<http::Upstream> upstream_;  // last: it ends first, and calls nothing back after that
};

}  // namespace server::data
