#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "server/api/call.h"
#include "server/api/router.h"
#include "server/api/service.h"
#include "server/auth/key_book.h"
#include "server/http/application.h"
#include "server/limits/limiter.h"

namespace server::app {

// Every request takes the same way: its row, overload, who asks, whether that key may, its rate, the kind of
// body. What is refused on the way costs no body and no store. Each answer is counted, and logged where it
// changed something, was refused for who asked, or failed.
class Gateway final : public http::Application {
 public:
  Gateway(const api::Router& router, auth::KeyBook& keys, limits::Limiter& limiter, api::Core core);
  ~Gateway() override;
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  // How long work waits for a thread now; above kOverloaded all but rollbacks and health is shed with 503.
  static constexpr std::chrono::milliseconds kOverloaded{100};
  void watch(std::function<std::chrono::milliseconds()> lag) { lag_ = std::move(lag); }

  [[nodiscard]] std::variant<http::Response, http::Admitted> admit(http::Head head) override;
  [[nodiscard]] http::Response refuse(int status, std::string_view why,
                                      const std::string& correlation_id) override;

 private:
  struct Series;  // the metrics of one route
  struct About;   // what is left of a request once its handler has it

  [[nodiscard]] std::optional<api::Problem> identify(api::Call& call, http::Headers& headers);
  [[nodiscard]] std::optional<api::Problem> by_key(api::Call& call, http::Headers& headers);
  [[nodiscard]] bool is_overloaded(const api::Route& route) const;
  [[nodiscard]] http::Responder counting(About about, http::Headers headers,
                                         const http::Responder& respond) const;
  void count(const About& about, const http::Response& response) const;

  const api::Router& router_;
  auth::KeyBook& keys_;
  limits::Limiter& limiter_;
  api::Core core_;
  std::function<std::chrono::milliseconds()> lag_;
  std::map<const api::Route*, std::unique_ptr<Series>> series_;
  std::unique_ptr<Series> elsewhere_;  // of what no route answers
};

}  // namespace server::app
