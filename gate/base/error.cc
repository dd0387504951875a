#include "gate/base/error.h"

#include <stdexcept>

#include <fmt/format.h>

namespace gate {

Error Error::within(std::string_view place) const {
  return Error{code, fmt::format("{}: {}", place, message)};
}

std::string_view name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage: return "usage";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::malformed: return "malformed";
    case ErrorCode::io: return "io";
    case ErrorCode::unavailable: return "unavailable";
    case ErrorCode::timeout: return "timeout";
    case ErrorCode::budget: return "budget";
    case ErrorCode::refused: return "refused";
    case ErrorCode::unconfirmed: return "unconfirmed";
  }
  return "?";
}

void throw_exception_from_error(const Error& error, const boost::source_location& where) {
  throw std::logic_error(
      fmt::format("{}:{}: value() of an error: {}", where.file_name(), where.line(), error.message));
}

}  // namespace gate
