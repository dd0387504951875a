#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/value.h"
#include "gate/platform/curl_http_client.h"
#include "gate/ports/http_client.h"
#include "tests/support/programs.h"

namespace gate::test {

// The gate-server binary with a data folder of its own, on a free port.
class RealServer {
 public:
  // `wrapper` is what it is run by: strace with its options; empty: nothing.
  explicit RealServer(std::vector<std::string> options = {});

  // Starts it and waits until it says that it is ready; false where it ends before or takes 20 s.
  [[nodiscard]] bool start(std::vector<std::string> wrapper = {});
  void kill() { process_.reset(); }
  // SIGTERM; its exit code.
  int end();
  [[nodiscard]] ChildProcess& process() { return *process_; }

  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] std::string address() const { return url_.substr(std::string_view{"http://"}.size()); }
  [[nodiscard]] const std::string& key() const { return key_; }  // the first one, or the one that was made
  [[nodiscard]] std::string data() const { return (folder_.path() / "data").string(); }
  [[nodiscard]] std::string said() const;  // since its last start
  [[nodiscard]] const ScratchFolder& folder() const { return folder_; }

  // Runs `gate-server COMMAND… --data …` to its end.
  struct Ran {
    int code = -1;
    std::string output;
  };
  [[nodiscard]] Ran command(std::vector<std::string> words) const;

  struct Reply {
    int status = 0;  // 0: no answer
    std::string body;
    ports::HttpReply whole;
  };
  static constexpr const char* kNoKey = "-";
  // With the first key unless another is given.
  [[nodiscard]] Reply ask(const std::string& method, const std::string& target, const std::string& body = {},
                          const std::string& idempotency_key = {}, const std::string& key = {}) const;

 private:
  ScratchFolder folder_;
  std::vector<std::string> options_;
  std::unique_ptr<ChildProcess> process_;
  std::string url_;
  std::string key_;
  int starts_ = 0;
  platform::CurlHttpClient http_;
};

}  // namespace gate::test
