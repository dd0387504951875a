#include "tests/integration/server/real_server.h"

#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

#include <fmt/format.h>

namespace gate::test {
namespace {

std::string binary() {
  const char* folder = std::getenv("RELEASE_GATE_BIN_DIR");
  return fmt::format("{}/gate-server", folder == nullptr ? "." : folder);
}

std::string content(const std::filesystem::path& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

// From `start` on, up to white space, a comma or a quotation mark.
std::string word_at(const std::string& text, std::string_view start) {
  const std::size_t at = text.find(start);
  return at == std::string::npos ? std::string{} : text.substr(at, text.find_first_of(" ,\"\n", at) - at);
}

}  // namespace

RealServer::RealServer(std::vector<std::string> options) : options_(std::move(options)) {}

std::string RealServer::said() const {
  return content(folder_.path() / fmt::format("said-{}", starts_));
}

bool RealServer::start(std::vector<std::string> wrapper) {
  ++starts_;
  std::vector<std::string> words = std::move(wrapper);
  for (const std::string& word :
       {binary(), std::string{"--data"}, data(), std::string{"--listen"}, std::string{"127.0.0.1:0"}}) {
    words.push_back(word);
  }
  words.insert(words.end(), options_.begin(), options_.end());
  process_ = std::make_unique<ChildProcess>(words, folder_.path() / fmt::format("said-{}", starts_));
  for (int i = 0; i < 2'000; ++i) {
    const std::string text = said();
    // On standard output, or where that is closed in the log.
    if (text.find("\nready: ") != std::string::npos || text.starts_with("ready: ") ||
        text.find("\"event\":\"ready\"") != std::string::npos) {
      url_ = word_at(text, "http://127");
      if (const std::string key = word_at(text, "rgk_"); !key.empty()) key_ = key;
      return true;
    }
    if (process_->has_ended()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  return false;
}

int RealServer::end() {
  process_->tell(SIGTERM);
  const int code = process_->wait();
  process_.reset();
  return code;
}

RealServer::Ran RealServer::command(std::vector<std::string> words) const {
  static int runs = 0;
  const std::filesystem::path output = folder_.path() / fmt::format("command-{}", ++runs);
  words.insert(words.begin(), binary());
  words.insert(words.end(), {"--data", data()});
  ChildProcess process{words, output};
  const int code = process.wait();
  return {code, content(output)};
}

RealServer::Reply RealServer::ask(const std::string& method, const std::string& target,
                                  const std::string& body, const std::string& idempotency_key,
                                  const std::string& key) const {
  ports::HttpRequest request;
  request.method = method;
  request.url = url_ + target;
  if (key != kNoKey) request.headers = {{"X-API-Key", key.empty() ? key_ : key}};
  if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  if (!idempotency_key.empty()) request.headers.emplace_back("Idempotency-Key", idempotency_key);
  request.body = body;
  request.timeout = std::chrono::seconds{20};
  auto reply = http_.send(request);
  if (!reply) return {};
  return {reply->status, reply->body, *reply};
}

}  // namespace gate::test
