#include "server/http/tls.h"

#include <openssl/ssl.h>

#include <fmt/format.h>
#include <boost/asio/ssl/context.hpp>

#include "gate/base/text.h"

namespace server::http {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

// Forward secrecy and authenticated encryption; what TLS 1.3 has is all of that kind.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

gate::Error tls_error(const std::string& file, const error_code& fault) {
  return {gate::ErrorCode::usage, fmt::format("{}: {}", file, gate::lower(fault.message()))};
}

bool harden(SSL_CTX* context) {
  SSL_CTX_set_options(context,
                      SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_cipher_list(context, kCiphers) == 1;
}

}  // namespace

gate::Result<std::shared_ptr<ssl::context>> load_tls(const TlsFiles& files) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  if (!harden(context->native_handle()))
    return gate::Error{gate::ErrorCode::usage, "TLS 1.2 is not to be had from this OpenSSL"};
  error_code fault;
  // A key under a password would have OpenSSL ask for it on the terminal.
  context->set_password_callback([](std::size_t, ssl::context::password_purpose) { return std::string{}; },
                                 fault);
  if (fault) return tls_error(files.key, fault);
  if (context->use_certificate_chain_file(files.certificate, fault); fault)
    return tls_error(files.certificate, fault);
  if (context->use_private_key_file(files.key, ssl::context::pem, fault); fault)
    return tls_error(files.key, fault);
  if (SSL_CTX_check_private_key(context->native_handle()) != 1)
    return gate::Error{gate::ErrorCode::usage,
                       fmt::format("{}: not the key of {}", files.key, files.certificate)};
  return context;
}

gate::Result<std::shared_ptr<ssl::context>> load_client_tls() {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  error_code fault;
  if (context->set_default_verify_paths(fault); fault || !harden(context->native_handle()))
    return gate::Error{gate::ErrorCode::unavailable, "TLS cannot be used here"};
  context->set_verify_mode(ssl::verify_peer, fault);
  return context;
}

}  // namespace server::http
