#pragma once

#include <memory>

#include "gate/base/result.h"
#include "server/http/server.h"

namespace boost::asio::ssl {
class context;
}

namespace server::http {

// The client's side, which trusts whom the system trusts.
[[nodiscard]] gate::Result<std::shared_ptr<boost::asio::ssl::context>> load_client_tls();

// A server's side of TLS 1.2 and 1.3, without renegotiation. Shared: connections keep the one they began with
// when the files are read anew. Error: usage for files that cannot be read or do not fit together.
[[nodiscard]] gate::Result<std::shared_ptr<boost::asio::ssl::context>> load_tls(const TlsFiles& files);

}  // namespace server::http
