#include "server/http/answer.h"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>
#include <boost/beast/http/status.hpp>

#include "gate/base/text.h"
#include "server/http/syntax.h"

namespace server::http {
namespace {

// Headers that the transport alone sets, in lower case.
constexpr std::string_view kOurs[] = {
    "connection",
    "content-length",
    "content-type",
    "date",
    "keep-alive",
    "proxy-connection",
    "server",
    "te",
    "traceparent",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-correlation-id",
    "x-content-type-options",
};

bool is_ours(const std::string& name) {
  return std::find(std::begin(kOurs), std::end(kOurs), gate::lower(name)) != std::end(kOurs);
}

bool has_no_body(int status) {
  return status == 204 || status == 304;
}

std::string_view reason(int status) {
  const auto text = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
  return {text.data(), text.size()};
}

void append(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_own(std::string& out, const Response& response, const AnswerFrame& frame) {
  append(out, "Date", frame.date);
  append(out, "Server", "gate-server");
  if (!has_no_body(response.status)) {
    append(out, "Content-Type", response.content_type);
    append(out, "Content-Length", fmt::format_int(response.body.size()).c_str());
  }
  append(out, "X-Content-Type-Options", "nosniff");
  append(out, "X-Correlation-Id", frame.correlation_id);
  if (!frame.traceparent.empty()) append(out, "traceparent", frame.traceparent);
  if (frame.closes) append(out, "Connection", "close");
}

}  // namespace

bool is_sendable(const Response& response) {
  const bool is_final = response.status >= 200 && response.status <= 599;
  return is_final && is_field_value(response.content_type) &&
         std::all_of(response.headers.begin(), response.headers.end(), [](const auto& header) {
           return is_token(header.first) && is_field_value(header.second);
         });
}

std::string wire_form(const Response& response, const AnswerFrame& frame) {
  constexpr std::size_t kHeadBytes = 512;
  std::string out;
  out.reserve(kHeadBytes + response.body.size());
  fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", response.status, reason(response.status));
  append_own(out, response, frame);
  bool may_be_stored = true;
  for (const auto& [name, value] : response.headers) {
    if (is_ours(name)) continue;
    if (gate::equal_ignoring_case(name, "cache-control")) may_be_stored = false;
    append(out, name, value);
  }
  if (may_be_stored) append(out, "Cache-Control", "no-store");
  out.append("\r\n");
  if (!frame.without_body && !has_no_body(response.status)) out.append(response.body);
  return out;
}

std::string http_date(gate::Timestamp now) {
  constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto days = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date{days};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(now - days)};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     kDays[std::chrono::weekday{days}.c_encoding()], static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

}  // namespace server::http
