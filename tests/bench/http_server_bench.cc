// The transport alone: answers every request with a small JSON text until standard input ends. For wrk:
//   http_server_bench 127.0.0.1:8080 &  wrk -t2 -c64 -d10 http://127.0.0.1:8080/

#include <iostream>
#include <string>

#include "gate/platform/system.h"
#include "server/http/server.h"

namespace {

class Trivial final : public server::http::Application {
 public:
  std::variant<server::http::Response, server::http::Admitted> admit(server::http::Head) override {
    constexpr std::uint64_t kBodyLimit = 1U << 20U;
    return server::http::Admitted{kBodyLimit, [](const std::string&, const server::http::Responder& respond) {
                                    respond({200, R"({"status":"ok"})", "application/json", {}, false});
                                  }};
  }

  server::http::Response refuse(int status, std::string_view why, const std::string&) override {
    return {status, std::string{why}, "text/plain", {}, true};
  }
};

}  // namespace

int main(int argc, char** argv) {
  const gate::platform::System system;
  Trivial application;
  server::http::ServerSettings settings;
  settings.listen = {argc > 1 ? argv[1] : "127.0.0.1:8080"};
  settings.limits.connections_per_address = settings.limits.connections;
  const auto server = server::http::Server::open(settings, application, system.clock, system.random);
  if (!server) {
    std::cerr << server.error().message << '\n';
    return 2;
  }
  (*server)->start();
  std::cout << (*server)->addresses().front() << std::endl;
  std::cin.ignore(1);
  (*server)->stop(std::chrono::milliseconds{1'000});
}
