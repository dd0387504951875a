#include "tests/support/fake_http.h"

#include <algorithm>

#include "gate/base/percent.h"

namespace gate::test {
namespace {

std::string text_of(const ports::HttpRequest& request) {
  const std::string raw = request.method + " " + request.url + "\n" + request.body;
  return percent_decoded(raw).value_or(raw);
}

}  // namespace

void FakeHttp::answer(const std::string& part, Reply reply) {
  rules_.emplace_back(part, std::move(reply));
}

void FakeHttp::answer(const std::string& part, const std::string& body, int status) {
  ports::HttpReply reply;
  reply.status = status;
  reply.body = body;
  answer(part, Reply{std::move(reply)});
}

void FakeHttp::answer_once(const std::string& part, Reply reply) {
  const std::lock_guard lock{guard_};
  once_.emplace_back(part, std::move(reply));
}

void FakeHttp::decide(std::function<std::optional<Reply>(const std::string&)> decision) {
  decision_ = std::move(decision);
}

std::vector<ports::HttpRequest> FakeHttp::requests() const {
  const std::lock_guard lock{guard_};
  return requests_;
}

std::vector<std::string> FakeHttp::texts() const {
  std::vector<std::string> texts;
  for (const ports::HttpRequest& request : requests()) texts.push_back(text_of(request));
  return texts;
}

FakeHttp::Reply FakeHttp::send(const ports::HttpRequest& request) const {
  const std::string text = text_of(request);
  const auto fits = [&](const auto& rule) { return text.find(rule.first) != std::string::npos; };
  const std::lock_guard lock{guard_};
  requests_.push_back(request);
  if (decision_) {
    if (auto decided = decision_(text)) return *decided;
  }
  const auto once = std::find_if(once_.begin(), once_.end(), fits);
  if (once != once_.end()) {
    Reply reply = std::move(once->second);
    once_.erase(once);
    return reply;
  }
  const auto rule = std::find_if(rules_.rbegin(), rules_.rend(), fits);
  if (rule != rules_.rend()) return rule->second;
  return Error{ErrorCode::unavailable, "nobody answers " + text};
}

}  // namespace gate::test
