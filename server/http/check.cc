#include "server/http/check.h"

#include <ctime>

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <fmt/format.h>
#include <boost/asio/ssl/context.hpp>

#include "server/http/sockets.h"
#include "server/http/tls.h"

namespace server::http {
namespace {

using gate::Error;
using gate::ErrorCode;

// Whether one takes what the other wants. [::] takes IPv4's ports too.
bool collide(const ListenAddress& one, const ListenAddress& other) {
  if (one.port == 0 || one.port != other.port) return false;
  const auto takes = [](const ListenAddress& all, const ListenAddress& its) {
    const bool is_ipv4 = its.host.find(':') == std::string::npos;
    return all.host == its.host || all.host == "::" || (all.host == "0.0.0.0" && is_ipv4);
  };
  return takes(one, other) || takes(other, one);
}

}  // namespace

gate::Status check_addresses(const std::vector<std::string>& addresses) {
  std::vector<ListenAddress> taken;
  for (const std::string& text : addresses) {
    auto address = parse_listen_address(text);
    if (!address) return address.error();
    for (std::size_t i = 0; i < taken.size(); ++i) {
      if (collide(taken[i], *address))
        return Error{ErrorCode::usage, fmt::format("{}: {} has that port already", text, addresses[i])};
    }
    taken.push_back(std::move(*address));
  }
  return gate::done();
}

gate::Status check_tls(const TlsFiles& files) {
  const auto context = load_tls(files);
  return context ? gate::done() : gate::Status{context.error()};
}

gate::Status check_validity(const TlsFiles& files, gate::Timestamp now) {
  const auto context = load_tls(files);
  if (!context) return context.error();
  const X509* certificate = SSL_CTX_get0_certificate((*context)->native_handle());
  std::time_t moment = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  const bool has_begun = X509_cmp_time(X509_get0_notBefore(certificate), &moment) < 0;
  const bool has_ended = X509_cmp_time(X509_get0_notAfter(certificate), &moment) <= 0;
  if (has_begun && !has_ended) return gate::done();
  return Error{ErrorCode::usage, fmt::format("{}: the certificate {}", files.certificate,
                                             has_ended ? "has expired" : "is not valid yet")};
}

}  // namespace server::http
