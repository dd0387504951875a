#pragma once

#include <string>
#include <string_view>

#include <boost/assert/source_location.hpp>

namespace gate {

// Why work could not be done. Each code maps to one exit code (gate/cli/exit_code.h).
enum class ErrorCode {
  usage,        // the command line is wrong
  not_found,    // a named path or name does not exist
  malformed,    // configuration, schema, policy or register that does not parse
  io,           // reading or writing failed
  unavailable,  // a dependency could not be reached
  timeout,      // a deadline passed
  budget,       // a cap on size, depth, steps or time was hit
  refused,      // the other side said no: authentication, permission, conflict, rate limit
  unconfirmed,  // accepted, but the effect was not seen before the deadline
};

// "We could not do the work." A broken rule is not an Error but a policy::Finding.
// The message reads `what: why`, in lower case and without a full stop.
struct Error {
  ErrorCode code = ErrorCode::malformed;
  std::string message;

  // The same error with where it happened in front: "gate.toml: unknown key".
  [[nodiscard]] Error within(std::string_view place) const;

  bool operator==(const Error&) const = default;
};

std::string_view name_of(ErrorCode code);

// Called by Result when value() is asked of an error: a bug, caught only by run_tool.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

}  // namespace gate
