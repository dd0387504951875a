#include "server/api/problem.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "gate/base/json_text.h"
#include "gate/base/value.h"
#include "server/auth/api_key.h"

namespace server::api {
namespace {

constexpr std::array kKinds{
    ProblemKind{"malformed_request", 400, "Malformed request",
                "Send a well-formed HTTP/1.1 request; the detail says what is wrong with this one."},
    ProblemKind{"bad_path", 400, "Bad path", "Write the path without empty, `.`, `..` or encoded segments."},
    ProblemKind{"malformed_json", 400, "Malformed JSON",
                "Mend the body at the line and column that the detail names."},
    ProblemKind{"malformed_key", 400, "Malformed Idempotency-Key",
                "Send 1 to 255 visible ASCII characters, the same for each try of one intent."},
    ProblemKind{
        "unauthenticated", 401, "Not authenticated",
        "Send a key as `X-API-Key` or `Authorization: Bearer`; `gate-server keys list` shows which live."},
    ProblemKind{"forbidden", 403, "Not allowed",
                "Use a key with the scope that the detail names, or ask its owner."},
    ProblemKind{"not_found", 404, "Not found", "See /openapi.json for what there is."},
    ProblemKind{"method_not_allowed", 405, "Method not allowed", "Use a method that `Allow` lists."},
    ProblemKind{"request_timeout", 408, "Request timeout", "Send the whole request within 10 seconds."},
    ProblemKind{"conflict", 409, "Conflict", "Read the present state, then decide anew."},
    ProblemKind{"precondition_failed", 412, "Precondition failed",
                "It was changed since you read it: read it again, and send its new ETag."},
    ProblemKind{"too_large", 413, "Content too large", "Send less; the detail names the limit."},
    ProblemKind{"target_too_long", 414, "Target too long", "Send less in the path and the query."},
    ProblemKind{"unsupported_media_type", 415, "Unsupported media type",
                "Send `Content-Type: application/json` and no Content-Encoding."},
    ProblemKind{"expectation_failed", 417, "Expectation failed",
                "Send no `Expect`, or `Expect: 100-continue`."},
    ProblemKind{"invalid_request", 422, "Invalid request", "Mend what `errors` lists."},
    ProblemKind{"idempotency_key_reused", 422, "Idempotency-Key reused",
                "Use a new key for a new intent: this one was sent with another request."},
    ProblemKind{"rate_limited", 429, "Too many requests",
                "Wait as long as `Retry-After` says. Rollbacks have a limit of their own."},
    ProblemKind{"header_too_large", 431, "Header too large", "Send fewer or shorter header fields."},
    ProblemKind{"internal", 500, "Internal error",
                "It is our fault: look in the server's log for the correlation id."},
    ProblemKind{"bad_gateway", 502, "Bad gateway", "The service behind failed; look at it, not here."},
    ProblemKind{"overloaded", 503, "Overloaded", "Try again after `Retry-After`; nothing was done."},
    ProblemKind{"not_configured", 503, "Not configured",
                "server.toml lacks what the detail names: add it there and start the server again, or ask "
                "without it."},
    ProblemKind{"upstream_unavailable", 503, "Service unavailable",
                "The service behind failed too often and rests; look at it, not here."},
    ProblemKind{"store_unavailable", 503, "Store unavailable",
                "Nothing was done. See /health/ready, the log and the disk's free space."},
    ProblemKind{
        "outcome_unknown", 503, "Outcome unknown",
        "It may have been done. Send it again with the same Idempotency-Key; if it had none, look first: "
        "/api/v1/audit has what was done."},
    ProblemKind{"shutting_down", 503, "Shutting down", "Try again in a few seconds; nothing was done."},
    ProblemKind{"gateway_timeout", 504, "Gateway timeout",
                "The answer took too long; it may have been done: look before you send it again."},
    ProblemKind{"version_not_supported", 505, "HTTP version not supported",
                "Speak HTTP/1.1; a proxy in front can speak others."},
};

}  // namespace

std::span<const ProblemKind> problem_kinds() {
  return kKinds;
}

const ProblemKind& problem_kind(std::string_view code) {
  const auto* found =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const ProblemKind& kind) { return kind.code == code; });
  assert(found != kKinds.end());
  return *found;
}

http::Response as_response(const Problem& problem, const std::string& correlation_id) {
  const ProblemKind& kind = problem_kind(problem.code);
  gate::Value body = gate::Value::object();
  body.set("type", "/problems/" + std::string{kind.code});
  body.set("title", kind.title);
  body.set("status", kind.status);
  body.set("detail", auth::without_secrets(problem.detail));
  body.set("code", kind.code);
  body.set("correlation_id", correlation_id);
  if (!problem.errors.empty()) {
    gate::Value errors = gate::Value::array();
    for (const FieldError& error : problem.errors) {
      errors.push(gate::Value::object({{"pointer", auth::without_secrets(error.pointer)},
                                       {"message", auth::without_secrets(error.message)}}));
    }
    body.set("errors", std::move(errors));
  }
  body.set("advice", kind.advice);
  return {kind.status, gate::to_compact_json(body) + "\n", "application/problem+json", problem.headers,
          false};
}

}  // namespace server::api
