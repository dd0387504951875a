#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gate/base/result.h"
#include "gate/base/value.h"
#include "gate/checks/http_secrets.h"
#include "gate/ports/clock.h"
#include "gate/ports/environment.h"
#include "gate/ports/files.h"
#include "gate/ports/http_client.h"
#include "gate/ports/random.h"

namespace gate::checks {

// Where gate-server is and who asks, as a command line says it.
struct ServerOptions {
  std::optional<std::string> url;       // else CCT_URL
  std::optional<std::string> key_file;  // else X_API_KEY
  bool allow_http = false;              // beyond this machine, where anybody on the way reads the key
};

// Errors: usage where the URL or the key is missing or is none, and for http:// to another machine; those of
// Files for the key's file. No message holds the key.
Result<HttpAccess> server_access(const ServerOptions& options, const ports::Environment& environment,
                                 const ports::Files& files);

struct ServerRequest {
  std::string method = "GET";
  std::string path;  // with its query: "/api/v1/exemptions/register?generation=7"
  std::string body;  // JSON; empty: none
  std::vector<std::pair<std::string, std::string>> headers;  // beside those of every request: If-Match
  std::string idempotency_key;  // of one that changes something; empty: a new one
};

struct ServerReply {
  int status = 0;
  Value body;
};

// What talking to a server may touch.
struct ServerWorld {
  const ports::HttpClient& http;
  const ports::Clock& clock;
  const ports::Random& random;
};

// The same for all tries of one intent, another for each intent.
std::string new_idempotency_key(const ServerWorld& world);

// Talks to one gate-server. A request is sent at most three times within the deadline, with the same
// Idempotency-Key: again where no connection came about, after 429 and 503, and where nobody knows whether it
// was done; after as long as `Retry-After` says, or a random wait of up to 100 ms, 200 ms.
class ServerClient {
 public:
  // `deadline` is of one request with all its tries.
  ServerClient(HttpAccess access, std::chrono::milliseconds deadline, const ServerWorld& world);

  // A 2xx answer, as JSON. Errors, with what the server's problem says:
  //   refused      401, 403, 409, 412, 429
  //   not_found, malformed   404; other 4xx and 3xx
  //   unconfirmed  of a request that changes something: it may have been done, and no try found out
  //   unavailable, timeout   nobody answered, or 5xx
  // Messages hold no secret.
  [[nodiscard]] Result<ServerReply> send(const ServerRequest& request) const;

 private:
  HttpAccess access_;
  std::chrono::milliseconds deadline_;
  ServerWorld world_;
};

}  // namespace gate::checks
