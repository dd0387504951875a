#include "server/http/upstream_reply.h"

#include <fmt/format.h>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "gate/base/text.h"
#include "server/http/upstream_wire.h"

namespace server::http {
namespace {

namespace beast = boost::beast;
using Parser = beast::http::response_parser<beast::http::string_body>;

constexpr std::uint32_t kHeaderBytes = 32U << 10U;
constexpr int kInterimAtMost = 8;

gate::Error unavailable(std::string message) {
  return {gate::ErrorCode::unavailable, std::move(message)};
}

gate::Error fault_of(const beast::error_code& fault, std::size_t limit) {
  if (fault == beast::http::error::body_limit)
    return {gate::ErrorCode::budget, fmt::format("the reply is longer than {} bytes", gate::grouped(limit))};
  if (fault == beast::http::error::partial_message) return unavailable("the reply ended before its end");
  return unavailable("the reply is not HTTP");
}

Headers headers_of(const Parser::value_type& message) {
  Headers headers;
  for (const auto& field : message)
    headers.emplace_back(gate::lower({field.name_string().data(), field.name_string().size()}),
                         std::string_view{field.value().data(), field.value().size()});
  return headers;
}

}  // namespace

class UpstreamReply::Impl {
 public:
  explicit Impl(Expected expected) : expected_(expected) { expect_reply(); }

  gate::Result<std::optional<Response>> take(std::string_view& bytes) {
    has_begun_ = has_begun_ || !bytes.empty();
    while (!bytes.empty()) {
      beast::error_code fault;
      const std::size_t used = parser_->put(boost::asio::const_buffer{bytes.data(), bytes.size()}, fault);
      bytes.remove_prefix(used);
      if (fault == beast::http::error::need_more) break;
      if (fault) return fault_of(fault, expected_.limit);
      if (const auto seen = look_at_head(); !seen) return seen.error();
      if (parser_->is_done()) return whole();
    }
    return std::optional<Response>{};
  }

  gate::Result<std::optional<Response>> end() {
    beast::error_code fault;
    parser_->put_eof(fault);
    if (fault || !parser_->is_done()) return fault_of(beast::http::error::partial_message, expected_.limit);
    return whole();
  }

  [[nodiscard]] bool has_begun() const { return has_begun_; }
  [[nodiscard]] bool keeps_connection() const { return parser_->is_done() && parser_->keep_alive(); }

 private:
  void expect_reply() {
    parser_.emplace();
    parser_->header_limit(kHeaderBytes);
    parser_->body_limit(expected_.limit);
    parser_->skip(expected_.has_no_body);
    reply_.reset();
  }

  // Once the head is there; an interim one is forgotten.
  gate::Status look_at_head() {
    if (reply_ || !parser_->is_header_done()) return gate::done();
    const int status = static_cast<int>(parser_->get().result_int());
    if (status >= 100 && status < 200) {
      if (status == 101 || ++interim_ > kInterimAtMost)
        return unavailable("the reply is an unwanted interim one");
      expect_reply();
      return gate::done();
    }
    auto checked = checked_reply(status, headers_of(parser_->get()));
    if (!checked) return checked.error();
    reply_ = std::move(*checked);
    return gate::done();
  }

  gate::Result<std::optional<Response>> whole() {
    reply_->body = std::move(parser_->get().body());
    return std::exchange(reply_, std::nullopt);
  }

  Expected expected_;
  std::optional<Parser> parser_;
  std::optional<Response> reply_;
  int interim_ = 0;
  bool has_begun_ = false;
};

UpstreamReply::UpstreamReply(Expected expected) : impl_(std::make_unique<Impl>(expected)) {}
UpstreamReply::~UpstreamReply() = default;

gate::Result<std::optional<Response>> UpstreamReply::take(std::string_view& bytes) {
  return impl_->take(bytes);
}

gate::Result<std::optional<Response>> UpstreamReply::end() {
  return impl_->end();
}

bool UpstreamReply::has_begun() const {
  return impl_->has_begun();
}

bool UpstreamReply::keeps_connection() const {
  return impl_->keeps_connection();
}

}  // namespace server::http
