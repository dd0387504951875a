#include "server/api/call.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "gate/base/edit_distance.h"
#include "gate/base/json_text.h"
#include "gate/base/text.h"

namespace server::api {
namespace {

// Whether a list of entity tags, as If-Match and If-None-Match have them (RFC 9110, 13.1), names this one.
bool names_tag(std::string_view list, const std::string& etag) {
  const auto tags = gate::split(list, ',');
  return std::any_of(tags.begin(), tags.end(), [&](std::string_view tag) {
    const std::string_view trimmed = gate::trim(tag);
    return trimmed == "*" || trimmed == etag;
  });
}

std::string known_parameters(const Route& route) {
  if (route.query.empty()) return "this route takes none";
  std::string names;
  for (const QueryParameter& known : route.query) {
    names += fmt::format("{}{}", names.empty() ? "known: " : ", ", known.name);
  }
  return names;
}

Problem wrong_parameter(std::string_view name, const std::string& why) {
  return {"invalid_request", fmt::format("{} {}", name, why), {{fmt::format("?{}", name), why}}, {}};
}

}  // namespace

http::Response answer(const gate::Value& body, int status) {
  http::Response response;
  response.status = status;
  response.body = gate::to_compact_json(body) + "\n";
  return response;
}

std::variant<gate::load::Document, Problem> json_body(const Call& call) {
  if (call.body.empty()) return gate::load::Document{};
  auto document = gate::load::parse_json(call.body, {call.body.size(), 32});
  if (!document) return Problem{"malformed_json", document.error().message, {}, {}};
  return std::move(*document);
}

std::variant<std::int64_t, Problem> integer_parameter(const Call& call, std::string_view name,
                                                      std::int64_t least, std::int64_t most,
                                                      std::int64_t otherwise) {
  const auto text = call.head.parameter(name);
  if (!text) return otherwise;
  std::int64_t value = 0;
  const char* end = text->data() + text->size();
  const auto [stopped, error] = std::from_chars(text->data(), end, value);
  const bool whole = error == std::errc{} && stopped == end && !text->empty();
  if (whole && value >= least && value <= most) return value;
  const std::string why = fmt::format("must be a whole number from {} to {}", least, most);
  return wrong_parameter(name, why);
}

std::variant<std::string, Problem> text_parameter(const Call& call, std::string_view name,
                                                  std::size_t most_bytes) {
  const std::string_view text = call.head.parameter(name).value_or("");
  if (text.size() <= most_bytes) return std::string{text};
  return wrong_parameter(name, fmt::format("must have at most {} bytes", most_bytes));
}

std::variant<std::string, Problem> required_text_parameter(const Call& call, std::string_view name,
                                                           std::size_t most_bytes) {
  if (call.head.parameter(name).value_or("").empty()) return wrong_parameter(name, "is required");
  return text_parameter(call, name, most_bytes);
}

std::optional<Problem> check_parameters(const Call& call) {
  for (std::size_t i = 0; i < call.head.query.size(); ++i) {
    const std::string& name = call.head.query[i].first;
    const auto is_it = [&](const auto& other) { return other.first == name; };
    const auto begin = call.head.query.begin();
    const bool twice = std::any_of(begin, begin + static_cast<std::ptrdiff_t>(i), is_it);
    const bool known = std::any_of(call.route->query.begin(), call.route->query.end(),
                                   [&](const QueryParameter& parameter) { return parameter.name == name; });
    if (known && !twice) continue;
    const std::string shown = gate::shortened(name, 64);
    const std::string why = twice ? "is given twice" : "is not a parameter of this route";
    return Problem{"invalid_request",
                   fmt::format("{} {} ({})", gate::json_quoted(shown), why, known_parameters(*call.route)),
                   {{"?" + shown, why}},
                   {}};
  }
  return std::nullopt;
}

Handler answering(std::function<std::variant<http::Response, Problem>(const Call&)> look) {
  return [look = std::move(look)](const Call& call, const http::Responder& respond) {
    auto result = look(call);
    if (const auto* problem = std::get_if<Problem>(&result)) {
      respond(as_response(*problem, call.head.correlation_id));
    } else {
      respond(std::get<http::Response>(std::move(result)));
    }
  };
}

std::string etag_of(std::int64_t generation) {
  return fmt::format("\"{}\"", generation);
}

http::Response answer_tagged(const Call& call, const gate::Value& body, const std::string& etag) {
  http::Response response = answer(body);
  if (names_tag(call.head.header("if-none-match"), etag)) response = http::Response{304, {}, {}, {}, false};
  response.headers.emplace_back("etag", etag);
  return response;
}

std::optional<Problem> check_if_match(const Call& call, const std::string& etag) {
  const std::string_view wanted = call.head.header("if-match");
  if (wanted.empty() || names_tag(wanted, etag)) return std::nullopt;
  return Problem{"precondition_failed",
                 fmt::format("If-Match is {}, the present ETag is {}", gate::shortened(wanted, 80), etag),
                 {{"If-Match", "does not name the present ETag"}},
                 {{"etag", etag}}};
}

std::optional<Problem> check_if_none_match(const Call& call, const std::string& etag) {
  const std::string_view unwanted = call.head.header("if-none-match");
  if (!names_tag(unwanted, etag)) return std::nullopt;
  return Problem{
      "precondition_failed",
      fmt::format("If-None-Match is {}, the present ETag is {}", gate::shortened(unwanted, 80), etag),
      {{"If-None-Match", "names what is there already"}},
      {{"etag", etag}}};
}

}  // namespace server::api
