#include "server/http/framing.h"

#include <charconv>
#include <optional>

#include "gate/base/text.h"
#include "server/http/query.h"
#include "server/http/syntax.h"

namespace server::http {
namespace {

using Fault = std::optional<Refusal>;

Fault bad(std::string_view why) {
  return Refusal{400, why};
}

// Space and tab only: other white space never gets here.
std::string_view without_padding(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Takes the next line, without its CRLF.
std::string_view next_line(std::string_view& rest) {
  const std::size_t end = rest.find("\r\n");
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 2);
  return line;
}

Fault take_host(std::string_view value, CheckedHead&) {
  return is_host(value) ? Fault{} : bad("the Host header names no host");
}

Fault take_length(std::string_view value, CheckedHead& checked) {
  if (value.empty() || value.find_first_not_of("0123456789") != std::string_view::npos)
    return bad("the Content-Length is not one number");
  std::uint64_t length = 0;
  const auto parsed = std::from_chars(value.data(), value.data() + value.size(), length);
  if (parsed.ec != std::errc{}) return Refusal{413, "the Content-Length is out of all bounds"};
  checked.head.content_length = length;
  return {};
}

Fault take_coding(std::string_view value, CheckedHead& checked) {
  if (!gate::equal_ignoring_case(value, "chunked")) return bad("the Transfer-Encoding is not chunked");
  checked.is_chunked = true;
  return {};
}

Fault take_connection(std::string_view value, CheckedHead& checked) {
  for (const std::string_view part : gate::split(value, ',')) {
    const std::string_view option = without_padding(part);
    if (gate::equal_ignoring_case(option, "close")) {
      checked.keeps_alive = false;
    } else if (!gate::equal_ignoring_case(option, "keep-alive") && !gate::equal_ignoring_case(option, "te")) {
      return bad("the Connection header holds an option that is not taken");
    }
  }
  return {};
}

Fault take_expect(std::string_view value, CheckedHead& checked) {
  if (!gate::equal_ignoring_case(value, "100-continue"))
    return Refusal{417, "only 100-continue can be expected"};
  checked.expects_continue = true;
  return {};
}

Fault refuse_encoding(std::string_view, CheckedHead&) {
  return Refusal{415, "a body with a Content-Encoding is not taken"};
}

Fault refuse_upgrade(std::string_view, CheckedHead&) {
  return bad("the protocol cannot be changed");
}

// A header that the transport reads, or of which two would mean different things to different readers.
struct Rule {
  std::string_view name;
  bool only_once = true;
  Fault (*take)(std::string_view value, CheckedHead& checked) = nullptr;
};

constexpr Rule kRules[] = {
    {"host", true, take_host},
    {"content-length", true, take_length},
    {"transfer-encoding", true, take_coding},
    {"connection", false, take_connection},
    {"expect", true, take_expect},
    {"content-encoding", true, refuse_encoding},
    {"upgrade", true, refuse_upgrade},
    {"content-type"},
    {"authorization"},
    {"x-api-key"},
    {"idempotency-key"},
    {"x-service"},
    {"x-canary-test"},
};

Fault obey_rule(const Rule& rule, std::string_view value, CheckedHead& checked) {
  if (rule.only_once) {
    for (const auto& field : checked.head.headers) {
      if (field.first == rule.name) return bad("a header that must stand once stands twice");
    }
  }
  return rule.take == nullptr ? Fault{} : rule.take(value, checked);
}

Fault take_field(std::string_view line, CheckedHead& checked) {
  if (line.front() == ' ' || line.front() == '\t') return bad("a header is folded over two lines");
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return bad("a header has no colon");
  if (!is_token(line.substr(0, colon))) return bad("a header's name is none");
  std::string name = gate::lower(line.substr(0, colon));
  const std::string_view value = without_padding(line.substr(colon + 1));
  for (const Rule& rule : kRules) {
    if (rule.name != name) continue;
    if (const Fault fault = obey_rule(rule, value, checked)) return fault;
  }
  checked.head.headers.emplace_back(std::move(name), value);
  return {};
}

Fault take_fields(std::string_view rest, const Limits& limits, CheckedHead& checked) {
  for (std::string_view line = next_line(rest); !line.empty(); line = next_line(rest)) {
    if (checked.head.headers.size() == limits.header_fields)
      return Refusal{431, "there are too many headers"};
    if (const Fault fault = take_field(line, checked)) return fault;
  }
  return {};
}

Fault take_version(std::string_view version) {
  if (version == "HTTP/1.1") return {};
  const bool is_other = version.size() == 8 && version.starts_with("HTTP/") && version[6] == '.' &&
                        version[5] >= '0' && version[5] <= '9' && version[7] >= '0' && version[7] <= '9';
  return is_other ? Refusal{505, "only HTTP/1.1 is spoken"}
                  : Refusal{400, "the request line names no version"};
}

Fault take_target(std::string_view target, const Limits& limits, Head& head) {
  if (target.size() > limits.target_bytes) return Refusal{414, "the target is too long"};
  if (!is_origin_form(target)) return bad("the target is no path");
  const std::size_t question = target.find('?');
  head.target = target;
  head.path = target.substr(0, question);
  if (question == std::string_view::npos) return {};
  auto query = parse_query(target.substr(question + 1));
  if (!query) return bad("the query is no text");
  head.query = std::move(*query);
  return {};
}

Fault take_request_line(std::string_view line, const Limits& limits, Head& head) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return bad("the request line is not of three words");
  const std::string_view method = line.substr(0, first);
  if (!is_token(method) || method.size() > 32) return bad("the method is none");
  head.method = method;
  if (const Fault fault = take_version(line.substr(last + 1))) return fault;
  return take_target(line.substr(first + 1, last - first - 1), limits, head);
}

// The value of a header that stands once and is fit; else empty, as if it had not come.
template <class IsFit>
std::string_view only_fit(const Head& head, std::string_view name, IsFit is_fit) {
  std::string_view found;
  for (const auto& [known, value] : head.headers) {
    if (known != name) continue;
    if (!found.empty() || !is_fit(value)) return {};
    found = value;
  }
  return found;
}

// What only the whole head can say.
Fault conclude(CheckedHead& checked) {
  Head& head = checked.head;
  if (head.header("host").empty()) return bad("there is no Host header");
  if (checked.is_chunked && head.content_length) return bad("there are two lengths of one body");
  head.has_body = checked.is_chunked || head.content_length.value_or(0) > 0;
  head.correlation_id = only_fit(head, "x-correlation-id", is_correlation_id);
  head.traceparent = only_fit(head, "traceparent", is_traceparent);
  return {};
}

}  // namespace

HeadEnd find_head_end(std::string_view received, std::size_t from) {
  constexpr HeadEnd kMalformed{HeadEnd::State::malformed, 0};
  for (std::size_t i = from; i < received.size(); ++i) {
    const char c = received[i];
    const bool after_cr = i > 0 && received[i - 1] == '\r';
    if (after_cr != (c == '\n')) return kMalformed;
    if (c == '\n') {
      if (i == 1) return kMalformed;
      if (received[i - 2] == '\n') return {HeadEnd::State::complete, i + 1};
    } else if (c != '\r' && c != '\t' && (c < ' ' || c > '~')) {
      return kMalformed;
    }
  }
  return {};
}

Refusal too_long(std::string_view head, const Limits& limits) {
  std::string_view target = head.substr(0, head.find('\r'));
  target.remove_prefix(target.find(' ') + 1);
  if (target.substr(0, target.find(' ')).size() > limits.target_bytes) return {414, "the target is too long"};
  return {431, "the headers are too long"};
}

std::variant<CheckedHead, Refusal> check_head(std::string_view raw, const Limits& limits) {
  const HeadEnd end = find_head_end(raw, 0);
  if (end.state != HeadEnd::State::complete || end.bytes != raw.size())
    return Refusal{400, "the head holds a byte that none may hold"};
  if (raw.size() > limits.header_bytes) return too_long(raw, limits);
  CheckedHead checked;
  if (const Fault fault = take_request_line(next_line(raw), limits, checked.head)) return *fault;
  if (const Fault fault = take_fields(raw, limits, checked)) return *fault;
  if (const Fault fault = conclude(checked)) return *fault;
  return checked;
}

}  // namespace server::http
