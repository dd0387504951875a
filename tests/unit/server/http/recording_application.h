#pragma once

#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "server/http/application.h"

namespace server::http {

// Notes what it ran, and answers with the note; what a test wants otherwise, it says in `handle`.
class RecordingApplication final : public Application {
 public:
  using Handle = std::function<void(const Head& head, const std::string& body, const Responder& respond)>;

  Handle handle;  // set before the first request
  std::uint64_t body_limit = 1'000;

  std::variant<Response, Admitted> admit(Head head) override {
    if (head.path == "/throws-at-once") throw std::runtime_error("dsn=secret");
    if (head.path == "/refused") return Response{401, "no", "text/plain", {}, false};
    return Admitted{body_limit,
                    [this, head = std::move(head)](const std::string& body, const Responder& respond) {
                      run(head, body, respond);
                    }};
  }

  Response refuse(int status, std::string_view why, const std::string& correlation_id) override {
    const std::lock_guard lock{guard_};
    refusals_.push_back(status);
    return {status, std::string{why} + " " + correlation_id, "text/plain", {}, true};
  }

  [[nodiscard]] std::vector<std::string> log() const {
    const std::lock_guard lock{guard_};
    return log_;
  }
  [[nodiscard]] std::vector<Head> heads() const {
    const std::lock_guard lock{guard_};
    return heads_;
  }
  [[nodiscard]] std::vector<int> refusals() const {
    const std::lock_guard lock{guard_};
    return refusals_;
  }

 private:
  void run(const Head& head, const std::string& body, const Responder& respond) {
    const std::string note = head.method + " " + head.target + (body.empty() ? "" : " " + body);
    {
      const std::lock_guard lock{guard_};
      log_.push_back(note);
      heads_.push_back(head);
    }
    if (handle) return handle(head, body, respond);
    respond({200, note, "text/plain", {}, false});
  }

  mutable std::mutex guard_;  // over what follows
  std::vector<std::string> log_;
  std::vector<Head> heads_;
  std::vector<int> refusals_;
};

}  // namespace server::http
