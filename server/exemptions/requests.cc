#include "server/exemptions/requests.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/cli/ci_facts.h"
#include "server/api/body.h"
#include "server/exemptions/limits.h"

namespace server::exemptions {
namespace {

using api::BodyReader;
using api::Problem;

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; });
}

// A text for one line of an answer or a log; empty where it is absent.
std::string line(BodyReader& body, std::string_view name, std::size_t most_bytes) {
  auto text = body.text(name, most_bytes);
  if (!text) return {};
  if (has_control(*text)) body.fault(name, "must be one line of text");
  return std::move(*text);
}

// Faults of what no finding can be in.
void check_files(BodyReader& body, const std::vector<std::string>& files) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string name = fmt::format("files/{}", i);
    const auto segments = gate::split(files[i], '/');
    if (has_control(files[i])) body.fault(name, "must be one line of text");
    if (std::find(segments.begin(), segments.end(), "..") != segments.end())
      body.fault(name, "must hold no segment \"..\": paths go from the root of the repository");
  }
}

// Reads the body by `read`, and takes what it returns if nothing is wrong.
template <class Request, class Read>
std::variant<Request, Problem> read_body(const api::Call& call, const Read& read) {
  auto document = api::json_body(call);
  if (auto* problem = std::get_if<Problem>(&document)) return std::move(*problem);
  BodyReader body{std::get<gate::load::Document>(document)};
  Request request = read(body);
  if (auto problem = body.finish()) return std::move(*problem);
  return request;
}

}  // namespace

std::variant<CoverageRequest, Problem> coverage_request(const api::Call& call) {
  return read_body<CoverageRequest>(call, [](BodyReader& body) {
    CoverageRequest request;
    body.require("files");
    const auto files = body.texts("files", kMostFiles, kLongestPattern);
    if (files && files->empty()) body.fault("files", "must name at least one file");
    if (files) check_files(body, *files);
    if (files) request.question.files = *files;
    request.question.rule = body.text("rule", kLongestPattern);
    if (request.question.rule && request.question.rule->empty()) body.fault("rule", "must not be empty");
    const auto as_of = body.text("as_of", kLongestPattern);
    if (!as_of) return request;
    const auto moment = gate::parse_moment(*as_of);
    if (moment) {
      request.as_of = gate::date_of(*moment);
    } else {
      body.fault("as_of", "must be a date, or a moment of RFC 3339");
    }
    return request;
  });
}

std::variant<ReasonRequest, Problem> reason_request(const api::Call& call) {
  return read_body<ReasonRequest>(call, [](BodyReader& body) {
    return ReasonRequest{line(body, "reason", kLongestReason), std::nullopt};
  });
}

std::variant<ReasonRequest, Problem> reset_request(const api::Call& call) {
  return read_body<ReasonRequest>(call, [](BodyReader& body) {
    return ReasonRequest{line(body, "reason", kLongestReason),
                         body.integer("to_generation", 1, std::numeric_limits<std::int64_t>::max())};
  });
}

std::variant<PushRequest, Problem> push_request(const api::Call& call) {
  return read_body<PushRequest>(call, [](BodyReader& body) {
    PushRequest request;
    body.require("register");
    request.text = body.text("register", kLongestRegister).value_or("");
    request.source = line(body, "source", kLongestSource);
    request.git_sha = body.text("git_sha", kLongestSource).value_or("");
    if (!request.git_sha.empty() && !gate::cli::is_commit_id(request.git_sha))
      body.fault("git_sha", "must be a full commit id: 40 or 64 lower-case hex digits");
    request.reason = line(body, "reason", kLongestReason);
    return request;
  });
}

}  // namespace server::exemptions
