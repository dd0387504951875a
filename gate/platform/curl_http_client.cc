#include "gate/platform/curl_http_client.h"

#include <curl/curl.h>
#include <cstdlib>

#include <algorithm>
#include <array>
#include <limits>
#include <mutex>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/base/time.h"

namespace gate::platform {
namespace {

using ports::HttpReply;
using ports::HttpRequest;

constexpr std::size_t kMaxHeaderBytes = 256 * 1024;

struct CloseEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using Easy = std::unique_ptr<CURL, CloseEasy>;

struct CloseUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, CloseUrl>;

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string copy{text};
  curl_free(text);
  return copy;
}

// The URL as messages may show it, without its query; what cannot be read is not quoted, for it may hold a
// password.
Result<std::string> shown_url(const std::string& text) {
  const Url url{curl_url()};
  const CURLUcode parsed = curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_DISALLOW_USER);
  if (parsed == CURLUE_USER_NOT_ALLOWED)
    return Error{ErrorCode::usage, "the URL holds a user or a password, which belong into headers"};
  const std::string scheme = part_of(url.get(), CURLUPART_SCHEME);
  if (parsed != CURLUE_OK || text.find('\0') != std::string::npos || (scheme != "http" && scheme != "https"))
    return Error{ErrorCode::usage, "the URL is none of http:// or https://"};
  const std::string port = part_of(url.get(), CURLUPART_PORT);
  return fmt::format("{}://{}{}{}{}", scheme, part_of(url.get(), CURLUPART_HOST), port.empty() ? "" : ":",
                     port, part_of(url.get(), CURLUPART_PATH));
}

bool is_token(std::string_view text) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

Status check_words(const HttpRequest& request) {
  if (!is_token(request.method)) return Error{ErrorCode::usage, "the method is none"};
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name)) return Error{ErrorCode::usage, "a header's name is none"};
    if (value.find_first_of(std::string_view{"\r\n\0", 3}) != std::string::npos)
      return Error{ErrorCode::usage, fmt::format("the header {} holds a line break", name)};
  }
  return done();
}

// What a transfer has brought so far.
struct Transfer {
  HttpReply reply;
  std::uint64_t limit = 0;
  std::size_t header_bytes = 0;
  bool over_limit = false;
};

std::size_t take_body(char* data, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.over_limit = size > transfer.limit - transfer.reply.body.size();
  if (transfer.over_limit) return 0;
  transfer.reply.body.append(data, size);
  return size;
}

std::size_t take_header(char* data, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.header_bytes += size;
  transfer.over_limit = transfer.header_bytes > kMaxHeaderBytes;
  if (transfer.over_limit) return 0;
  const std::string_view line{data, size};
  if (line.starts_with("HTTP/")) transfer.reply.headers.clear();  // what came before was an interim reply
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos && !line.starts_with("HTTP/")) {
    transfer.reply.headers.emplace_back(lower(trim(line.substr(0, colon))), trim(line.substr(colon + 1)));
  }
  return size;
}

HeaderList headers_of(const HttpRequest& request) {
  HeaderList list{curl_slist_append(nullptr, "Expect:")};
  for (const auto& [name, value] : request.headers) {
    // "Name;" is how libcurl is told of a header without a value.
    const std::string line = value.empty() ? name + ";" : fmt::format("{}: {}", name, value);
    curl_slist_append(list.get(), line.c_str());
  }
  return list;
}

void set_method(CURL* easy, const HttpRequest& request) {
  if (request.method == "HEAD") curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  if (request.method == "GET" || request.method == "HEAD") return;
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

// No proxy stands between this machine and itself, and none is to see what is said there.
std::string without_proxy() {
  std::string hosts = "localhost,127.0.0.1,::1";
  for (const char* name : {"no_proxy", "NO_PROXY"}) {
    if (const char* more = std::getenv(name)) hosts += fmt::format(",{}", more);
  }
  return hosts;
}

// A socket file is reached without whatever proxy the environment names.
void set_socket(CURL* easy, const HttpRequest& request) {
  if (request.unix_socket.empty()) return;
  curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, request.unix_socket.c_str());
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
}

void set_request(CURL* easy, const HttpRequest& request, const HeaderList& headers) {
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_NOPROXY, without_proxy().c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "release-gate/" RELEASE_GATE_VERSION);
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
  if (!request.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, request.ca_file.c_str());
  set_socket(easy, request);
  constexpr long kLongest = std::numeric_limits<int>::max();
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, std::min<long>(request.timeout.count(), kLongest));
  set_method(easy, request);
}

void set_callbacks(CURL* easy, Transfer& transfer, char* why) {
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, why);
}

// The system's word on a connection that failed, else libcurl's.
std::string connection_fault(CURL* easy, CURLcode code) {
  long number = 0;
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &number);
  if (number == 0) return lower(curl_easy_strerror(code));
  return lower(std::error_code{static_cast<int>(number), std::generic_category()}.message());
}

Error unavailable(std::string message) {
  return Error{ErrorCode::unavailable, std::move(message)};
}

Error fault_of(CURL* easy, CURLcode code, const HttpRequest& request, const Transfer& transfer,
               const char* why) {
  if (transfer.over_limit) {
    return Error{ErrorCode::budget,
                 fmt::format("the reply is longer than {} bytes", grouped(request.reply_limit))};
  }
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return Error{ErrorCode::timeout,
                   fmt::format("no whole reply within {}", human_duration(request.timeout))};
    case CURLE_COULDNT_RESOLVE_HOST: return unavailable("the host's name is not known");
    case CURLE_COULDNT_RESOLVE_PROXY: return unavailable("the proxy's name is not known");
    case CURLE_COULDNT_CONNECT:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR: return unavailable(connection_fault(easy, code));
    case CURLE_PARTIAL_FILE:
      return unavailable(fmt::format("the reply ended after {} bytes", grouped(transfer.reply.body.size())));
    case CURLE_GOT_NOTHING: return unavailable("the connection was closed without a reply");
    case CURLE_BAD_CONTENT_ENCODING: return unavailable("the reply cannot be decompressed");
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY: return unavailable("the reply is not HTTP");
    case CURLE_SSL_CACERT_BADFILE:
      return Error{ErrorCode::usage, fmt::format("{}: cannot be read", request.ca_file)};
    case CURLE_PEER_FAILED_VERIFICATION: return unavailable(fmt::format("not trusted: {}", first_line(why)));
    default: return unavailable(lower(curl_easy_strerror(code)));
  }
}

// Whether any of the request was given to the connection.
bool was_sent(CURL* easy) {
  long bytes = 0;
  curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &bytes);
  return bytes > 0;
}

// What was sent and not answered may have been done.
Error of_change(Error fault) {
  const bool is_open = fault.code == ErrorCode::unavailable || fault.code == ErrorCode::timeout ||
                       fault.code == ErrorCode::budget;
  if (is_open) fault.code = ErrorCode::unconfirmed;
  return fault;
}

}  // namespace

// Handles nobody uses at the moment, each with the connections it holds open.
class CurlHttpClient::Pool {
 public:
  ~Pool() {
    idle_.clear();
    if (is_ready_) curl_global_cleanup();
  }

  Easy take() {
    const std::lock_guard lock{guard_};
    if (!is_ready_) is_ready_ = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    if (idle_.empty()) return Easy{curl_easy_init()};
    Easy easy = std::move(idle_.back());
    idle_.pop_back();
    return easy;
  }

  void give_back(Easy easy) {
    curl_easy_reset(easy.get());
    const std::lock_guard lock{guard_};
    idle_.push_back(std::move(easy));
  }

 private:
  std::mutex guard_;
  bool is_ready_ = false;
  std::vector<Easy> idle_;
};

CurlHttpClient::CurlHttpClient() : pool_(std::make_unique<Pool>()) {}
CurlHttpClient::~CurlHttpClient() = default;

Result<HttpReply> CurlHttpClient::send(const HttpRequest& request) const {
  const auto shown = shown_url(request.url);
  if (!shown) return shown.error();
  if (auto words = check_words(request); !words) return words.error().within(*shown);
  if (request.timeout.count() <= 0)
    return Error{ErrorCode::timeout, "the deadline has passed"}.within(*shown);
  Easy easy = pool_->take();
  if (easy == nullptr) return unavailable("libcurl cannot be used").within(*shown);
  const HeaderList headers = headers_of(request);
  Transfer transfer;
  transfer.limit = request.reply_limit;
  std::array<char, CURL_ERROR_SIZE> why{};
  set_request(easy.get(), request, headers);
  set_callbacks(easy.get(), transfer, why.data());
  const CURLcode code = curl_easy_perform(easy.get());
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  const bool is_whole = code == CURLE_OK;
  Error fault = is_whole ? Error{} : fault_of(easy.get(), code, request, transfer, why.data());
  if (request.changes && was_sent(easy.get())) fault = of_change(std::move(fault));
  pool_->give_back(std::move(easy));
  if (!is_whole) return fault.within(*shown);
  transfer.reply.status = static_cast<int>(status);
  return std::move(transfer.reply);
}

}  // namespace gate::platform
