#include "server/data/demo.h"

namespace server::data {
namespace {

http::ServerSettings on_free_port() {
  http::ServerSettings settings;
  settings.listen = {"127.0.0.1:0"};
  settings.threads = 1;
  return settings;
}

}  // namespace

gate::Result<std::unique_ptr<Demo>> Demo::open(const gate::ports::Clock& clock,
                                               const gate::ports::Random& random) {
  std::unique_ptr<Demo> demo{new Demo};
  for (std::size_t i = 0; i < demo->servers_.size(); ++i) {
    auto server = http::Server::open(on_free_port(), demo->versions_[i], clock, random);
    if (!server) return server.error().within("demo service");
    demo->servers_[i] = std::move(*server);
  }
  return demo;
}

void Demo::start() {
  for (const auto& server : servers_) server->start();
}

void Demo::stop() {
  for (const auto& server : servers_) server->stop(std::chrono::milliseconds{500});
}

DataSettings Demo::settings() const {
  Service service;
  service.name = "demo";
  service.stable = "http://" + servers_[0]->addresses().front();
  service.canary = "http://" + servers_[1]->addresses().front();
  service.stable_version = "v41";
  service.canary_version = "v42";
  service.staging = true;
  return {{service}, "demo"};
}

}  // namespace server::data
