#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "server/http/application.h"

namespace server::data {

// A service to try the server on, in one version: GET /health and GET /symbols.
class DemoService final : public http::Application {
 public:
  explicit DemoService(std::string version) : version_(std::move(version)) {}

  [[nodiscard]] std::variant<http::Response, http::Admitted> admit(http::Head head) override;
  [[nodiscard]] http::Response refuse(int status, std::string_view why,
                                      const std::string& correlation_id) override;

 private:
  [[nodiscard]] http::Response answer(const std::string& path) const;

  const std::string version_;
};

}  // namespace server::data
