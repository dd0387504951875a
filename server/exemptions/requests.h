#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "gate/base/time.h"
#include "server/api/call.h"
#include "server/exemptions/coverage.h"

namespace server::exemptions {

// What the routes take, read and checked.

struct CoverageRequest {
  Question question;
  std::optional<gate::Date> as_of;
};
std::variant<CoverageRequest, api::Problem> coverage_request(const api::Call& call);

// For cleanup, revalidate and reset; no body at all is one without members.
struct ReasonRequest {
  std::string reason;                         // empty: none was given
  std::optional<std::int64_t> to_generation;  // of a reset alone
};
std::variant<ReasonRequest, api::Problem> reason_request(const api::Call& call);
std::variant<ReasonRequest, api::Problem> reset_request(const api::Call& call);

struct PushRequest {
  std::string text;
  std::string source;   // empty: not said
  std::string git_sha;  // empty: not said
  std::string reason;
};
std::variant<PushRequest, api::Problem> push_request(const api::Call& call);

}  // namespace server::exemptions
