#pragma once

#include <string>
#include <string_view>

#include "gate/base/time.h"
#include "server/http/message.h"

namespace server::http {

// What an answer says of its request and its connection.
struct AnswerFrame {
  std::string_view correlation_id;
  std::string_view traceparent;  // empty: none
  std::string_view date;         // as http_date() gives it
  bool closes = false;           // the connection ends with it
  bool without_body = false;     // the answer to a HEAD
};

// Whether every header of it can be sent: none can smuggle a line into the answer.
[[nodiscard]] bool is_sendable(const Response& response);

// The bytes of a sendable answer. Headers that frame it (Content-Length, Connection …) are ours: those of the
// response are left out.
[[nodiscard]] std::string wire_form(const Response& response, const AnswerFrame& frame);

// IMF-fixdate (RFC 9110, 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT".
[[nodiscard]] std::string http_date(gate::Timestamp now);

}  // namespace server::http
