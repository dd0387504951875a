#include "gate/load/haproxy_log.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>

#include <fmt/format.h>

#include "gate/base/text.h"

namespace gate::load {
namespace {

constexpr std::string_view kDateShape = "[20/Nov/2026:05:01:23.123]";

bool is_date(std::string_view text) {
  return text.size() >= kDateShape.size() && text[0] == '[' && text[3] == '/' && text[7] == '/' &&
         text[12] == ':' && text[21] == '.' && text[25] == ']';
}

// Where the accept date's bracket opens; npos: there is none.
std::size_t find_date(std::string_view line) {
  std::size_t at = line.find('[');
  while (at != std::string_view::npos && !is_date(line.substr(at))) at = line.find('[', at + 1);
  return at;
}

// What follows the `haproxy[123]: ` of syslog, else the line itself.
std::string_view message_of(std::string_view line) {
  const std::size_t tag = line.find("haproxy[");
  if (tag == std::string_view::npos) return line;
  const std::size_t end = line.find("]: ", tag);
  return end == std::string_view::npos ? std::string_view{} : line.substr(end + 3);
}

// "Server app/web1 is DOWN, reason: …" and its like.
bool is_own_message(std::string_view line) {
  constexpr std::string_view kStarts[] = {
      "Server ",  "Backup Server ", "Health check for ", "Proxy ",      "proxy ",   "backend ", "Stopping ",
      "Pausing ", "Resuming",       "Loading ",          "New worker ", "[NOTICE]", "[WARNING]"};
  const std::string_view message = message_of(line);
  return std::any_of(std::begin(kStarts), std::end(kStarts),
                     [&](std::string_view start) { return message.starts_with(start); });
}

// The next token of a line, up to a space.
std::string_view take_token(std::string_view line, std::size_t& at) {
  while (at < line.size() && line[at] == ' ') ++at;
  const std::size_t start = at;
  at = std::min(line.find(' ', at), line.size());
  return line.substr(start, at - start);
}

// How far the clock of a RFC 3339 date in front is ahead of UTC; 0 where there is none.
std::chrono::milliseconds offset_in_front(std::string_view prefix) {
  constexpr std::size_t kSeconds = 19;
  std::size_t at = 0;
  for (int token = 0; token < 2; ++token) {  // syslog's priority may come first
    const std::string_view text = take_token(prefix, at);
    const auto utc = text.size() > kSeconds ? parse_timestamp(text) : Result<Timestamp>{Error{}};
    if (!utc) continue;
    const auto local = parse_timestamp(std::string{text.substr(0, kSeconds)} + "Z");
    if (local)
      return std::chrono::floor<std::chrono::seconds>(*local) -
             std::chrono::floor<std::chrono::seconds>(*utc);
  }
  return std::chrono::milliseconds{0};
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return read.ec == std::errc{} && read.ptr == end ? std::optional{number} : std::nullopt;
}

bool names_canary(std::string_view name) {
  return lower(name).find("canary") != std::string::npos;
}

// The tokens behind the accept date that a sample is made of.
struct Request {
  std::string_view frontend;
  std::string_view server;  // backend/server
  std::string_view timers;
  std::string_view status;
  std::string_view ending;  // termination state
  bool whole = false;       // everything up to the request's text is there
};

Request request_behind(std::string_view line, std::size_t at) {
  Request request;
  request.frontend = take_token(line, at);
  request.server = take_token(line, at);
  request.timers = take_token(line, at);
  request.status = take_token(line, at);
  for (int passed_over = 0; passed_over < 3; ++passed_over) take_token(line, at);  // bytes and cookies
  request.ending = take_token(line, at);
  take_token(line, at);  // connections
  const std::string_view queues = take_token(line, at);
  request.whole = queues.find('/') != std::string_view::npos && line.substr(at).starts_with(' ');
  return request;
}

std::size_t offset_of(std::string_view part, std::string_view line) {
  return part.empty() ? line.size() : static_cast<std::size_t>(part.data() - line.data());
}

slo::Track track_of(std::string_view server, slo::Track otherwise) {
  if (names_canary(server)) return slo::Track::canary;
  return server.ends_with("/<NOSRV>") ? slo::Track::none : otherwise;
}

// Sets the latency to the fifth timer; answers why there is none.
const char* set_latency(std::string_view timers, slo::Sample& sample) {
  constexpr std::int64_t kMost = 1'000'000'000'000;
  const auto parts = split(timers, '/');
  const bool is_http =
      parts.size() == 5 && std::all_of(parts.begin(), parts.end() - 1,
                                       [](std::string_view part) { return whole_number(part).has_value(); });
  if (!is_http) return "not the five timers of an HTTP log line";
  if (parts[4].starts_with('+')) return "a line logged before the request ended (option logasap)";
  const auto total = whole_number(parts[4]);
  if (!total || *total < 0 || *total > kMost) return "no total time";
  sample.latency_ms = static_cast<double>(*total);
  return nullptr;
}

// Whether a good answer is none, because the server aborted it or timed out within it: its client has a part.
bool server_broke_off(std::string_view ending, std::int64_t status) {
  return status < 500 && (ending[0] == 'S' || ending[0] == 's');
}

std::optional<LineFault> set_outcome(std::string_view line, const Request& request, slo::Sample& sample) {
  if (const char* why = set_latency(request.timers, sample)) {
    return LineFault{offset_of(request.timers, line), why};
  }
  const auto status = whole_number(request.status);
  const bool is_status = status && (*status == -1 || (*status >= 100 && *status <= 599));
  if (!is_status)
    return LineFault{offset_of(request.status, line), "status is neither -1 nor from 100 to 599"};
  if (!request.whole) return LineFault{line.size(), "the line is cut off"};
  if (request.ending.size() != 4)
    return LineFault{offset_of(request.ending, line), "no termination state of four letters"};
  const bool answered = *status != -1 && !server_broke_off(request.ending, *status);
  sample.status = answered ? static_cast<int>(*status) : 0;
  return std::nullopt;
}

// "frontend/bind: SSL handshake failure": a connection without a request.
bool is_connection_error(std::string_view frontend) {
  return frontend.ends_with(':') && frontend.find('/') != std::string_view::npos;
}

bool client_left_before_asking(std::string_view ending) {
  return (ending[0] == 'C' || ending[0] == 'c') && ending[1] == 'R';
}

}  // namespace

bool is_haproxy_line(std::string_view line) {
  return find_date(line) != std::string_view::npos || is_own_message(line);
}

HaproxySampleReader::Line HaproxySampleReader::read(std::string_view line) {
  const std::size_t date = find_date(line);
  if (date == std::string_view::npos) {
    if (is_own_message(line)) return NoRequest{};
    return LineFault{0, "neither a request of HAProxy's HTTP log nor a message of its own"};
  }
  const Request request = request_behind(line, date + kDateShape.size());
  if (is_connection_error(request.frontend)) return NoRequest{};
  slo::Sample sample;
  if (auto fault = set_front(line, date, sample)) return std::move(*fault);
  if (auto fault = set_outcome(line, request, sample)) return std::move(*fault);
  if (sample.status == 0 && client_left_before_asking(request.ending)) return NoRequest{};
  sample.track = track_of(request.server, otherwise_);
  return sample;
}

// Who asked, and when.
std::optional<LineFault> HaproxySampleReader::set_front(std::string_view line, std::size_t date,
                                                        slo::Sample& sample) {
  const auto accepted = moments_.haproxy(line.substr(date + 1, kDateShape.size() - 2));
  if (!accepted) return LineFault{date, "not a date such as [20/Nov/2026:05:01:23.123]"};
  const std::string_view before = trim(line.substr(0, date));
  const std::string_view client = before.substr(before.rfind(' ') + 1);
  const std::size_t port = client.rfind(':');
  if (port == 0 || port == std::string_view::npos) return LineFault{date, "no client in front of the date"};
  sample.at = *accepted - offset_in_front(before);
  sample.client = client.substr(0, port);
  return std::nullopt;
}

}  // namespace gate::load
