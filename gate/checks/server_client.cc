#include "gate/checks/server_client.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/base/uuid.h"
#include "gate/load/json.h"
#include "gate/load/json_fields.h"

namespace gate::checks {
namespace {

using std::chrono::milliseconds;

constexpr int kTries = 3;
constexpr milliseconds kFirstWait{100};
constexpr milliseconds kLongestWait{5'000};
constexpr std::uint64_t kReplyLimit = 16U << 20U;
constexpr std::uint64_t kKeyFileLimit = 4U << 10U;
constexpr std::size_t kShownText = 500;  // bytes of what a server says
constexpr std::size_t kShownErrors = 5;

Error usage(std::string message) {
  return Error{ErrorCode::usage, std::move(message)};
}

bool is_number(std::string_view text, unsigned most) {
  unsigned value = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc{} && stop == text.data() + text.size() && value <= most;
}

bool is_loopback_host(std::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  const std::vector<std::string_view> parts = split(host, '.');
  return parts.size() == 4 && parts.front() == "127" &&
         std::all_of(parts.begin(), parts.end(), [](std::string_view part) { return is_number(part, 255); });
}

// Whether an http:// URL leads to this machine. What cannot be read for certain does not.
bool is_loopback(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  const std::string_view rest = url.substr(kScheme.size());
  const std::string_view authority = rest.substr(0, rest.find('/'));
  const std::size_t colon = authority.find(':', authority.starts_with('[') ? authority.find(']') : 0);
  if (colon == std::string_view::npos) return is_loopback_host(authority);
  return is_loopback_host(authority.substr(0, colon)) && is_number(authority.substr(colon + 1), 65'535);
}

Result<std::string> url_of(const ServerOptions& options, const ports::Environment& environment) {
  const std::string text = options.url ? *options.url : environment.get("CCT_URL").value_or("");
  if (text.empty()) return usage("which server? --url URL, or the variable CCT_URL");
  if (text.find('@') != std::string::npos)
    return usage("url: it holds a user or a password: the key stands in X_API_KEY or a file");
  auto url = base_url(text);
  if (!url) return url.error();
  if (url->starts_with("http://") && !options.allow_http && !is_loopback(*url))
    return usage(
        "url: http:// would show the key to everybody on the way: https:// is wanted, or --allow-http");
  return url;
}

Result<std::string> key_of(const ServerOptions& options, const ports::Environment& environment,
                           const ports::Files& files) {
  std::string text = environment.get("X_API_KEY").value_or("");
  std::string_view from = "X_API_KEY";
  if (options.key_file) {
    const auto content = files.read(*options.key_file, kKeyFileLimit);
    if (!content) return content.error().within("--key-file");
    text = *content;
    from = *options.key_file;
  }
  const std::string_view key = trim(text);
  if (key.empty() && !options.key_file) return usage("which key? the variable X_API_KEY, or --key-file FILE");
  const bool is_key = std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7F; });
  if (key.empty() || !is_key) return usage(fmt::format("{}: it holds no key", from));
  return std::string{key};
}

std::uint64_t random_below(std::uint64_t bound, const ports::Random& random) {
  std::array<std::uint8_t, 8> bytes{};
  random.fill(bytes);
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data(), bytes.size());
  return number % bound;
}

// Full jitter: anything up to a bound that doubles with each try.
milliseconds jitter(int tries_before, const ports::Random& random) {
  const milliseconds bound = std::min(kFirstWait * (1 << tries_before), kLongestWait);
  return milliseconds{random_below(static_cast<std::uint64_t>(bound.count()) + 1, random)};
}

// How long the server wants to be left alone; a date, which ours does not send, is not read.
milliseconds retry_after(const ports::HttpReply& reply) {
  const std::string_view text = reply.header("retry-after");
  constexpr unsigned kWeek = 7 * 24 * 3'600;
  if (text.empty() || !is_number(text, kWeek)) return milliseconds{0};
  unsigned seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return std::chrono::seconds{seconds};
}

std::string text_of(const Value& body, std::string_view name) {
  const Value* member = body.find(name);
  const std::string* text = member == nullptr ? nullptr : member->as_string();
  return text == nullptr ? std::string{} : shortened(*text, kShownText);
}

Value json_of(const ports::HttpReply& reply) {
  const auto document = load::parse_json(reply.body);
  return document ? load::to_value(document->root) : Value{};
}

// "/register: 3:1: a value is missing; /source: …"
std::string errors_of(const Value& problem) {
  const Value* errors = problem.find("errors");
  if (errors == nullptr || errors->as_array() == nullptr) return {};
  std::vector<std::string> parts;
  for (const Value& error : *errors->as_array()) {
    if (parts.size() == kShownErrors) break;
    parts.push_back(fmt::format("{}: {}", text_of(error, "pointer"), text_of(error, "message")));
  }
  const std::size_t more = errors->as_array()->size() - parts.size();
  if (more > 0) parts.push_back(fmt::format("{} more", more));
  return join(parts, "; ");
}

// What to do about a reply that does not say why it is none: a proxy's, or another server's.
std::string_view advice_for(int status) {
  if (status >= 300 && status < 400)
    return "the server is elsewhere, and the key is not sent there: name its own address in the URL";
  if (status == 401 || status == 403) return "the key is not taken: ask whoever runs the server for one";
  if (status == 404) return "no such route: is that a gate-server?";
  if (status == 429) return "too many requests: wait a minute, then try again";
  if (status >= 500) return "the server or a proxy before it failed: try again, then look at its log";
  return "the request is not taken: is that a gate-server?";
}

// What a reply that is no success says: "409: conflict: the generation is 8 (correlation id 7f…)".
std::string described(const ports::HttpReply& reply, const Value& problem) {
  std::string out = fmt::format("{}", reply.status);
  for (const std::string& part : {text_of(problem, "code"), text_of(problem, "detail"), errors_of(problem)}) {
    if (!part.empty()) out += ": " + part;
  }
  if (text_of(problem, "detail").empty() && errors_of(problem).empty())
    out += fmt::format(": {}", advice_for(reply.status));
  const std::string id = text_of(problem, "correlation_id");
  return id.empty() ? out : fmt::format("{} (correlation id {})", out, id);
}

// What an answer that is no success means for whoever asked.
ErrorCode code_of(int status, bool changes, std::string_view problem) {
  switch (status) {
    case 401:
    case 403:
    case 409:
    case 412:
    case 429: return ErrorCode::refused;
    case 404: return ErrorCode::not_found;
    case 408: return ErrorCode::unavailable;
    default: break;
  }
  if (status < 500) return ErrorCode::malformed;
  const bool is_nothing_done = status == 503 && problem != "outcome_unknown";
  return changes && !is_nothing_done ? ErrorCode::unconfirmed : ErrorCode::unavailable;
}

// One try: an answer, or why not and whether and when to try again.
struct Try {
  Result<ServerReply> result;
  bool again = false;
  milliseconds wait{0};
};

Try read(const ports::HttpReply& reply, const ports::HttpRequest& request) {
  Value body = json_of(reply);
  const std::string place = fmt::format("{} {}", request.method, request.url);
  if (reply.status >= 200 && reply.status < 300) {
    if (body.as_object() != nullptr) return {ServerReply{reply.status, std::move(body)}};
    const Error error{request.changes ? ErrorCode::unconfirmed : ErrorCode::unavailable,
                      "the answer is no JSON object: is that a gate-server?"};
    return {error.within(place)};
  }
  const Error error{code_of(reply.status, request.changes, text_of(body, "code")), described(reply, body)};
  return {error.within(place), reply.status == 429 || reply.status == 503, retry_after(reply)};
}

ports::HttpRequest http_request(const HttpAccess& access, const ServerRequest& request,
                                const ServerWorld& world) {
  ports::HttpRequest sent;
  sent.method = request.method;
  sent.url = access.url + request.path;
  sent.headers = access.headers;
  sent.headers.insert(sent.headers.end(), request.headers.begin(), request.headers.end());
  sent.headers.emplace_back("Accept", "application/json, application/problem+json");
  sent.changes = request.method != "GET" && request.method != "HEAD";
  if (sent.changes)
    sent.headers.emplace_back("Idempotency-Key", request.idempotency_key.empty() ? new_idempotency_key(world)
                                                                                 : request.idempotency_key);
  if (!request.body.empty()) sent.headers.emplace_back("Content-Type", "application/json");
  sent.body = request.body;
  sent.ca_file = access.ca_file;
  sent.reply_limit = kReplyLimit;
  return sent;
}

Try try_once(const ports::HttpRequest& request, const ServerWorld& world) {
  const auto reply = world.http.send(request);
  if (reply) return read(*reply, request);
  const bool again =
      reply.error().code == ErrorCode::unavailable || reply.error().code == ErrorCode::unconfirmed;
  return {reply.error(), again};
}

}  // namespace

Result<HttpAccess> server_access(const ServerOptions& options, const ports::Environment& environment,
                                 const ports::Files& files) {
  const auto url = url_of(options, environment);
  if (!url) return url.error();
  const auto key = key_of(options, environment, files);
  if (!key) return key.error();
  return HttpAccess{*url, {{"X-API-Key", *key}}, "", {*key}};
}

std::string new_idempotency_key(const ServerWorld& world) {
  std::array<std::uint8_t, 10> bytes{};
  world.random.fill(bytes);
  return uuid_v7(world.clock.now(), bytes);
}

ServerClient::ServerClient(HttpAccess access, milliseconds deadline, const ServerWorld& world)
    : access_(std::move(access)), deadline_(deadline), world_(world) {}

Result<ServerReply> ServerClient::send(const ServerRequest& request) const {
  ports::HttpRequest sent = http_request(access_, request, world_);
  const auto end = world_.clock.elapsed() + deadline_;
  const auto left = [&] { return std::chrono::floor<milliseconds>(end - world_.clock.elapsed()); };
  bool may_be_done = false;
  for (int tries = 1;; ++tries) {
    sent.timeout = left();
    Try tried = try_once(sent, world_);
    if (tried.result) return tried.result;
    Error error = tried.result.error();
    may_be_done = may_be_done || error.code == ErrorCode::unconfirmed;
    const milliseconds wait = tried.wait + jitter(tries - 1, world_.random);
    if (tried.again && tries < kTries && wait < left()) {
      world_.clock.sleep(wait);
      continue;
    }
    // An earlier try may have been done, and this one did not find out.
    if (may_be_done && tried.again) error.code = ErrorCode::unconfirmed;
    error.message = redacted(std::move(error.message), access_.secrets);
    return error;
  }
}

}  // namespace gate::checks
