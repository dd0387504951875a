#include "gate/base/error.h"

#include <stdexcept>

#include <fmt/format.h>

namespace gate {
namespace {

// Whether a message begins with "3:14: ", a position in the text that could not be read.
bool starts_with_position(std::string_view message) {
  for (int numbers = 0; numbers < 2; ++numbers) {
    const std::size_t end = message.find_first_not_of("0123456789");
    if (end == 0 || end == std::string_view::npos || message[end] != ':') return false;
    message.remove_prefix(end + 1);
  }
  return message.starts_with(' ');
}

}  // namespace

Error Error::within(std::string_view place) const {
  return Error{code, fmt::format("{}:{}{}", place, starts_with_position(message) ? "" : " ", message)};
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
