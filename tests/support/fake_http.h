#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gate/ports/http_client.h"

namespace gate::test {

// Answers requests from a script and records them. A request is known by its method, URL and body in one
// text, percent-escapes undone: "GET http://p/api/v1/query?query=up&time=1\n". One that nobody scripted
// cannot be sent.
class FakeHttp final : public ports::HttpClient {
 public:
  using Reply = Result<ports::HttpReply>;

  // Requests whose text holds `part` get this reply; the rule added last counts first.
  void answer(const std::string& part, Reply reply);
  // The same, with the body alone: status 200, or another.
  void answer(const std::string& part, const std::string& body, int status = 200);
  // As answer(), for one request only, in front of every other rule; several count in their order.
  void answer_once(const std::string& part, Reply reply);
  // Decides before any rule; nullopt leaves it to them. Called by one thread at a time.
  void decide(std::function<std::optional<Reply>(const std::string& text)> decision);

  // Every request and its text, in the order of the calls; those of parallel_for() in no certain one.
  [[nodiscard]] std::vector<ports::HttpRequest> requests() const;
  [[nodiscard]] std::vector<std::string> texts() const;

  [[nodiscard]] Reply send(const ports::HttpRequest& request) const override;

 private:
  std::function<std::optional<Reply>(const std::string&)> decision_;
  std::vector<std::pair<std::string, Reply>> rules_;
  mutable std::mutex guard_;  // over everything below
  mutable std::deque<std::pair<std::string, Reply>> once_;
  mutable std::vector<ports::HttpRequest> requests_;
};

}  // namespace gate::test
