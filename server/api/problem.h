#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/message.h"

namespace server::api {

// What can be wrong, as a closed list: the `code` of a problem, the status it comes with, and what to do.
struct ProblemKind {
  std::string_view code;  // "rate_limited"
  int status = 400;
  std::string_view title;   // "Too many requests"
  std::string_view advice;  // what whoever reads it does next, one sentence
};
std::span<const ProblemKind> problem_kinds();
const ProblemKind& problem_kind(std::string_view code);  // REQUIRES: one of the list

// One part of a request that is wrong: {"/maxRequests", "must be from 1 to 100000"}.
struct FieldError {
  std::string pointer;  // JSON Pointer into the body; "?hours" of the query; a header's name
  std::string message;

  bool operator==(const FieldError&) const = default;
};

struct Problem {
  std::string_view code;  // of the list
  std::string detail;     // one sentence about this very request; lower case, no full stop
  std::vector<FieldError> errors;
  http::Headers headers;  // Allow, Retry-After, WWW-Authenticate …
};

// RFC 9457: {"type": "/problems/rate_limited", "title", "status", "detail", "code", "correlation_id",
// "errors"}.
http::Response as_response(const Problem& problem, const std::string& correlation_id);

}  // namespace server::api
