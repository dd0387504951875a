#include <algorithm>
#include <string>
#include <vector>

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "gate/base/text.h"
#include "server/http/chunked.h"
#include "server/http/framing.h"
#include "server/http/syntax.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {
namespace {

namespace http = boost::beast::http;
using server::http::CheckedHead;
using server::http::Head;

const server::http::Limits kLimits;

std::string_view as_view(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

bool is_taken(std::string_view raw, CheckedHead& checked) {
  auto decided = server::http::check_head(raw, kLimits);
  if (!std::holds_alternative<CheckedHead>(decided)) {
    const auto& refusal = std::get<server::http::Refusal>(decided);
    require(refusal.status >= 400 && refusal.status <= 599 && !refusal.why.empty(), "a refusal says why");
    return false;
  }
  checked = std::move(std::get<CheckedHead>(decided));
  return true;
}

std::string written(const Head& head) {
  std::string raw = head.method + " " + head.target + " HTTP/1.1\r\n";
  for (const auto& [name, value] : head.headers) raw += name + ": " + value + "\r\n";
  return raw + "\r\n";
}

void require_parts(const CheckedHead& checked) {
  const Head& head = checked.head;
  require(server::http::is_token(head.method), "a method is a token");
  require(server::http::is_origin_form(head.target), "a target is a path");
  require(head.target.starts_with(head.path), "a path is the start of its target");
  require(server::http::is_host(head.header("host")), "there is a host");
  require(!(checked.is_chunked && head.content_length), "there is one length at most");
  require(head.has_body == (checked.is_chunked || head.content_length.value_or(0) > 0),
          "a body has a length");
  for (const auto& [name, value] : head.headers) {
    require(server::http::is_token(name) && name == lower(name), "a name is a token in lower case");
    require(server::http::is_field_value(value), "a value holds no control character");
  }
}

// What it was written as anew is the same request.
void require_way_back(const CheckedHead& checked) {
  CheckedHead again;
  require(written(checked.head).size() > kLimits.header_bytes || is_taken(written(checked.head), again),
          "a head that was taken is taken again");
  if (again.head.method.empty()) return;
  require(again.head.method == checked.head.method && again.head.target == checked.head.target &&
              again.head.query == checked.head.query && again.head.headers == checked.head.headers &&
              again.head.content_length == checked.head.content_length &&
              again.is_chunked == checked.is_chunked && again.keeps_alive == checked.keeps_alive &&
              again.expects_continue == checked.expects_continue &&
              again.head.correlation_id == checked.head.correlation_id &&
              again.head.traceparent == checked.head.traceparent,
          "and is the same");
}

// Another reader sees the same request: what is behind it on the connection cannot be taken for a part of it.
// Beast alone obeys Proxy-Connection, which no standard knows.
void require_agreement(std::string_view raw, const CheckedHead& checked) {
  if (!checked.head.header("proxy-connection").empty()) return;
  http::request_parser<http::empty_body> parser;
  parser.body_limit(boost::none);
  parser.header_limit(2 * static_cast<std::uint32_t>(kLimits.header_bytes));
  boost::beast::error_code fault;
  const std::size_t used = parser.put(boost::asio::const_buffer{raw.data(), raw.size()}, fault);
  require(!fault && parser.is_header_done() && used == raw.size(), "Beast takes it whole");
  require(as_view(parser.get().method_string()) == checked.head.method, "with the same method");
  require(as_view(parser.get().target()) == checked.head.target, "with the same target");
  require(parser.chunked() == checked.is_chunked, "with the same coding");
  require(parser.keep_alive() == checked.keeps_alive, "with the same end of the connection");
  const auto length = parser.content_length();
  require(length.has_value() == checked.head.content_length.has_value(), "with a length where we see one");
  require(!length || *length == *checked.head.content_length, "with the same length");
  std::vector<std::pair<std::string, std::string>> fields;
  for (const auto& field : parser.get())
    fields.emplace_back(lower(as_view(field.name_string())), as_view(field.value()));
  auto own = checked.head.headers;
  // Beast keeps fields of one name together; we keep the order of the wire.
  std::stable_sort(fields.begin(), fields.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::stable_sort(own.begin(), own.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  require(fields == own, "with the same headers");
}

}  // namespace

void fuzz_http_head(std::string_view input) {
  const auto end = server::http::find_head_end(input, 0);
  for (const std::size_t from : {input.size() / 3, input.size() / 2}) {
    if (server::http::find_head_end(input.substr(0, from), 0).state !=
        server::http::HeadEnd::State::incomplete)
      continue;
    const auto resumed = server::http::find_head_end(input, from);
    require(resumed.state == end.state && resumed.bytes == end.bytes,
            "an end does not depend on how bytes came");
  }
  CheckedHead checked;
  if (end.state != server::http::HeadEnd::State::complete) {
    require(!is_taken(input, checked), "what does not end is no head");
    return;
  }
  const std::string_view raw = input.substr(0, end.bytes);
  if (!is_taken(raw, checked)) return;
  require_parts(checked);
  require_way_back(checked);
  require_agreement(raw, checked);
}

void fuzz_http_chunks(std::string_view input) {
  using server::http::ChunkedBody;
  constexpr std::uint64_t kLimit = 4'096;
  ChunkedBody whole{kLimit};
  std::string_view rest = input;
  const auto state = whole.take(rest);
  require(whole.body().size() <= kLimit, "a body keeps its limit");
  ChunkedBody bit_by_bit{kLimit};
  auto slow = ChunkedBody::State::incomplete;
  std::size_t used = 0;
  for (; used < input.size() && slow == ChunkedBody::State::incomplete; ++used) {
    std::string_view byte = input.substr(used, 1);
    slow = bit_by_bit.take(byte);
  }
  require(slow == state && bit_by_bit.body() == whole.body() && used == input.size() - rest.size(),
          "a body does not depend on how bytes came");
  if (state != ChunkedBody::State::complete) return;
  const std::string request =
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string{input.substr(0, used)};
  http::request_parser<http::string_body> parser;
  parser.eager(true);
  boost::beast::error_code fault;
  const std::size_t taken = parser.put(boost::asio::const_buffer{request.data(), request.size()}, fault);
  require(!fault && parser.is_done() && taken == request.size(), "Beast takes it whole");
  require(parser.get().body() == whole.body(), "with the same body");
}

}  // namespace gate::fuzz
