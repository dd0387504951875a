#include "server/http/message.h"

#include <atomic>

namespace server::http {

std::optional<std::string_view> Head::find_header(std::string_view name) const {
  for (const auto& [known, value] : headers) {
    if (known == name) return value;
  }
  return std::nullopt;
}

std::string_view Head::header(std::string_view name) const {
  return find_header(name).value_or(std::string_view{});
}

std::optional<std::string_view> Head::parameter(std::string_view name) const {
  for (const auto& [known, value] : query) {
    if (known == name) return value;
  }
  return std::nullopt;
}

struct Responder::State {
  std::function<void(Response)> send;
  std::atomic<bool> answered{false};

  ~State() {
    if (!answered.exchange(true)) send(Response{500, {}, "application/json", {}, true});
  }
};

Responder::Responder(std::function<void(Response)> send) : state_(std::make_shared<State>()) {
  state_->send = std::move(send);
}

void Responder::operator()(Response response) const {
  if (!state_->answered.exchange(true)) state_->send(std::move(response));
}

}  // namespace server::http
