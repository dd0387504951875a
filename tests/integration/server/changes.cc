#include "tests/integration/server/changes.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "gate/load/json.h"
#include "gate/load/json_fields.h"
#include "tests/integration/server/oracles.h"

namespace gate::test {
namespace {

std::string limit_of(int number) {
  return fmt::format(R"({{"endpoint":"canaryManagement","maxRequests":{},"windowMs":60000}})", number);
}

}  // namespace

std::map<std::int64_t, int> applied(const RealServer& server, const std::string& key) {
  std::map<std::int64_t, int> times;
  std::string before;
  while (true) {
    RealServer::Reply reply;
    // Right after an overload it may still be refused.
    const bool told = eventually([&] {
      reply = server.ask("GET", "/api/v1/audit?limit=1000" + before, {}, {}, key);
      return reply.status == 200;
    });
    EXPECT_TRUE(told) << reply.body;
    const auto document = load::parse_json(reply.body);
    if (!told || !document) return times;
    const Value body = load::to_value(document->root);
    const Value::Array& rows = *body.find("rows")->as_array();
    if (rows.empty()) return times;
    for (const Value& row : rows) {
      if (*row.find("action")->as_string() != "rate_limit.configured") continue;
      const Value* requests = row.find("after")->find("requests");
      EXPECT_NE(requests, nullptr) << reply.body.substr(0, 500);
      if (requests != nullptr) ++times[*requests->as_integer()];
    }
    before = fmt::format("&before={}", *rows.back().find("sequence")->as_integer());
  }
}

RealServer::Reply NumberedChanges::send(int number) {
  auto reply =
      server_.ask("POST", "/api/v1/rate-limit/config", limit_of(number), fmt::format("n-{}", number), key_);
  const std::lock_guard lock{mutex_};
  sent_.insert(number);
  if (reply.status == 200) acknowledged_.insert(number);
  if (reply.status != 200 && reply.status != 0 && reply.status != 503)
    others_ += fmt::format("{} {}\n", reply.status, reply.body);
  if (reply.status == 503 && reply.whole.header("retry-after").empty())
    others_ += fmt::format("no Retry-After: {}\n", reply.body);
  return reply;
}

void NumberedChanges::check() const {
  const auto times = applied(server_, key_);
  for (const int number : acknowledged_) {
    EXPECT_EQ(times.contains(number) ? times.at(number) : 0, 1) << "acknowledged: " << number;
  }
  for (const auto& [number, count] : times) {
    EXPECT_EQ(count, 1) << "applied more than once: " << number;
    EXPECT_TRUE(sent_.contains(static_cast<int>(number))) << "never sent: " << number;
  }
  EXPECT_EQ(others_, "");
}

std::set<int> NumberedChanges::unacknowledged() const {
  const std::lock_guard lock{mutex_};
  std::set<int> left;
  std::set_difference(sent_.begin(), sent_.end(), acknowledged_.begin(), acknowledged_.end(),
                      std::inserter(left, left.end()));
  return left;
}

std::size_t NumberedChanges::acknowledged() const {
  const std::lock_guard lock{mutex_};
  return acknowledged_.size();
}

}  // namespace gate::test
