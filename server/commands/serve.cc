#include <algorithm>
#include <array>
#include <ostream>

#include <fmt/format.h>

#include "gate/base/parallel.h"
#include "gate/base/text.h"
#include "gate/render/visible.h"
#include "server/app/check.h"
#include "server/commands/owner.h"
#include "server/commands/world.h"
#include "server/http/server.h"

namespace server::commands {
namespace {

namespace cli = gate::cli;
using gate::Result;
using gate::ports::Signal;
using std::chrono::milliseconds;

constexpr milliseconds kDrain{15'000};
constexpr milliseconds kLook{500};  // how soon a store that failed is noticed

constexpr std::array kExamples{
    cli::Example{"gate-server --data state", "on 127.0.0.1:8080; prints the first admin key, once"},
    cli::Example{"gate-server --data state --demo", "with a demo service behind it"},
    cli::Example{"gate-server --data /var/lib/gate-server --config /etc/release-gate/server.toml",
                 "as a service"},
};

http::ServerSettings api_of(const app::Settings& settings) {
  const std::size_t threads =
      settings.threads == 0 ? std::max<std::size_t>(2, gate::available_cores()) : settings.threads;
  return {settings.listen, control_socket_of(settings.data), settings.tls, settings.limits, threads};
}

// The servers of one process: the API and, where it has an address of its own, /metrics.
class Sockets {
 public:
  static Result<std::unique_ptr<Sockets>> open(const app::Settings& settings, app::App& app,
                                               const cli::Context& io) {
    auto sockets = std::unique_ptr<Sockets>{new Sockets};
    auto api = http::Server::open(api_of(settings), app.application(), io.clock, io.random);
    if (!api) return api.error();
    sockets->api_ = std::move(*api);
    if (settings.metrics_listen.empty()) return sockets;
    auto metrics = http::Server::open({{settings.metrics_listen}, {}, {}, {}, 1}, app.metrics_application(),
                                      io.clock, io.random);
    if (!metrics) return metrics.error();
    sockets->metrics_ = std::move(*metrics);
    return sockets;
  }

  void start() {
    api_->start();
    if (metrics_) metrics_->start();
  }
  // Requests under way get their answers, unless somebody tells it a second time.
  void stop(const gate::ports::Signals& signals) {
    api_->stop(kDrain, [&signals] {
      const Signal signal = signals.wait(milliseconds{0});
      return signal == Signal::interrupt || signal == Signal::terminate;
    });
    if (metrics_) metrics_->stop(milliseconds{0});
  }
  http::Server& api() { return *api_; }

 private:
  std::unique_ptr<http::Server> api_;
  std::unique_ptr<http::Server> metrics_;
};

std::string address_of(const http::Server& server, const app::Settings& settings) {
  const std::string scheme = settings.tls ? "https://" : "http://";
  return scheme + server.addresses().front();
}

gate::Status hand_over(const std::string& key, const app::Settings& settings, const std::string& address,
                       const cli::Context& io) {
  const std::string& file = settings.first_key_file;
  if (file.empty()) {
    io.out << fmt::format("first admin key, shown this once:\n  export CCT_URL={} X_API_KEY={}\n", address,
                          key)
           << std::flush;
    if (io.out.good()) return gate::done();
    return gate::Error{gate::ErrorCode::io, "standard output: cannot be written; no key was made"};
  }
  if (io.files.status(file).kind != gate::ports::FileKind::missing) {
    return gate::Error{gate::ErrorCode::usage,
                       fmt::format("{}: exists already: remove it or name another; no key was made", file)};
  }
  if (auto written = io.files.write_secret(file, key + "\n"); !written)
    return gate::Error{written.error().code, written.error().message + "; no key was made"};
  return gate::done();
}

void watch_sockets(http::Server& server, app::App& app) {
  observe::Metrics& metrics = app.metrics();
  auto& open = metrics.gauge("release_gate_http_connections_open", "Connections that are open.");
  auto& accepted =
      metrics.counter("release_gate_http_connections_accepted_total", "Connections since the start.");
  auto& refused = metrics.counter("release_gate_http_connections_refused_total", "Connections over a cap.");
  auto& malformed =
      metrics.counter("release_gate_http_malformed_total", "Requests refused for their framing.");
  auto& timed_out = metrics.counter("release_gate_http_timed_out_total", "Connections ended by a deadline.");
  auto& lag = metrics.gauge("release_gate_http_lag_seconds", "How long work waits for a thread.");
  metrics.before_text([&server, &open, &accepted, &refused, &malformed, &timed_out, &lag] {
    const http::ServerCounts& counts = server.counts();
    open.set(static_cast<double>(counts.open));
    accepted.raise_to(static_cast<double>(counts.accepted));
    refused.raise_to(static_cast<double>(counts.refused_connections));
    malformed.raise_to(static_cast<double>(counts.malformed));
    timed_out.raise_to(static_cast<double>(counts.timed_out));
    lag.set(std::chrono::duration<double>(server.lag()).count());
  });
}

// Until it is told to end, or cannot go on.
std::string wait_for_the_end(app::App& app, http::Server& server, const cli::Context& io) {
  while (true) {
    switch (io.signals->wait(kLook)) {
      case Signal::none: break;
      case Signal::hangup:
        app.reload();
        if (const auto reloaded = server.reload_tls(); !reloaded) {
          app.log().error("tls_not_reloaded", {{"why", reloaded.error().message}});
        }
        break;
      case Signal::interrupt:
      case Signal::terminate: return {};
    }
    if (std::string failure = app.failure(); !failure.empty()) return failure;
  }
}

Result<cli::ExitCode> serve_until_told(const app::Settings& settings, app::App& app, const cli::Context& io) {
  const auto sockets = Sockets::open(settings, app, io);
  if (!sockets) return sockets.error();
  http::Server& server = (*sockets)->api();
  const std::string address = address_of(server, settings);
  const auto handed =
      app.first_key([&](const std::string& key) { return hand_over(key, settings, address, io); });
  if (!handed) return handed.error();
  watch_sockets(server, app);
  app.start([&server] { return server.lag(); });
  (*sockets)->start();
  app.set_serving(true);
  io.out << fmt::format("ready: {}, data in {}\n", address, gate::render::visible(settings.data))
         << std::flush;
  app.log().info("ready", {{"address", address}, {"version", gate::cli::version()}});

  const std::string failure = wait_for_the_end(app, server, io);
  app.set_serving(false);
  app.log().info("ending", {{"why", failure.empty() ? "told to" : failure}});
  (*sockets)->stop(*io.signals);
  if (failure.empty()) return cli::ExitCode::passed;
  return gate::Error{gate::ErrorCode::io, failure};
}

// What is wrong with files that the settings name, before anything is opened.
gate::Error as_usage(const std::vector<gate::Error>& faults) {
  std::string message = faults.front().message;
  if (faults.size() > 1)
    message += fmt::format(" (and {} more: gate-server check)", gate::counted(faults.size() - 1, "fault"));
  return {gate::ErrorCode::usage, std::move(message)};
}

Result<cli::ExitCode> serve(const ServeOptions& options, cli::Context& io) {
  auto settings = settings_of(options, io);
  if (!settings) return settings.error();
  if (const auto faults = app::check_files(*settings, world_of(io)); !faults.empty()) return as_usage(faults);
  io.signals->take();
  auto app = app::App::open(*settings, world_of(io));
  if (!app) return app.error();
  auto code = serve_until_told(*settings, **app, io);
  (*app)->close();
  return code;
}

}  // namespace

const cli::Tool<ServeOptions> kServe{{"gate-server serve",
                                      "Runs the control plane. State lies in one folder; SIGTERM ends it, "
                                      "SIGHUP reads TLS files and the register anew.",
                                      kExamples},
                                     declare_serve,
                                     serve};

}  // namespace server::commands
