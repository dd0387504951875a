#include "server/app/app.h"

#include <array>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "gate/cli/tool.h"
#include "server/api/openapi.h"
#include "server/app/chores.h"
#include "server/app/demo_files.h"
#include "server/app/gateway.h"
#include "server/app/migrations.h"
#include "server/app/system_service.h"
#include "server/app/ticker.h"
#include "server/canary/canary_service.h"
#include "server/data/data_service.h"
#include "server/data/demo.h"
#include "server/exemptions/service.h"
#include "server/http/check.h"
#include "server/http/upstream.h"
#include "server/limits/limiter.h"
#include "server/limits/rate_limit_service.h"
#include "server/slo/slo_service.h"
#include "server/store/audit.h"
#include "server/store/idempotency.h"
#include "server/store/sqlite_store.h"

namespace server::app {
namespace {

using gate::Error;
using gate::Result;
using gate::Status;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr hours kKeptAnswers{7 * 24};

// The parts that everything else stands on, in the order in which they are made.
struct Ground {
  std::unique_ptr<observe::Log> log;
  std::unique_ptr<observe::Metrics> metrics = observe::Metrics::make();
  std::unique_ptr<store::SqliteStore> store;
  std::unique_ptr<data::Demo> demo;
};

void append(std::vector<api::Route>& all, std::vector<api::Route> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::vector<std::string> names_of(const data::DataSettings& behind) {
  std::vector<std::string> names;
  for (const data::Service& service : behind.services) names.push_back(service.name);
  return names;
}

class RealApp final : public App {
 public:
  RealApp(Settings settings, const World& world, Ground ground)
      : settings_(std::move(settings)), world_(world), ground_(std::move(ground)) {}
  ~RealApp() override { end(); }

  // Makes what needs all of the above, and fills memory from the store.
  Status furnish();

  http::Application& application() override { return *gateway_; }
  http::Application& metrics_application() override { return *metrics_gateway_; }
  Status first_key(const std::function<Status(const std::string&)>& hand_over) override;
  void start(std::function<milliseconds()> lag) override;
  void set_serving(bool serving) override { system_.set_serving(serving); }
  void reload() override;
  [[nodiscard]] std::string failure() const override { return ground_.store->failure(); }
  observe::Log& log() override { return *ground_.log; }
  observe::Metrics& metrics() override { return *ground_.metrics; }
  void close() override { end(); }

 private:
  [[nodiscard]] api::Core core() const {
    return {*ground_.store, world_.clock, world_.random, world_.files, *ground_.log, *ground_.metrics};
  }
  void fill_memory_from_store(const std::function<Status(store::Transaction&)>& reload);
  std::vector<api::Route> api_routes();
  Status open_gateways();
  void watch_store();
  void look_at_certificate();
  void forget_old_answers();
  void count_audit_rows();
  std::vector<Ticker::Task> tasks();
  void end();

  const Settings settings_;
  const World world_;
  Ground ground_;
  Chores chores_;
  auth::KeyBook keys_{core(), {settings_.demo ? auth::KeyEnvironment::demo : auth::KeyEnvironment::live}};
  limits::Limiter limiter_{world_.clock, *ground_.metrics};
  limits::RateLimitService rate_limits_{
      core(),
      limiter_,
      {[this] { return api::Router::endpoints_of(router_->routes()); },
       [this](std::string_view endpoint) { return api::Router::classes_of(router_->routes(), endpoint); },
       [this] { return keys_.owners(); }}};
  canary::CanaryService canary_{settings_.behind};
  data::DataService data_{core(), http::Upstream::make(), settings_.behind};
  std::unique_ptr<exemptions::ExemptionService> exemptions_;
  std::unique_ptr<slo::SloService> slo_;
  SystemService system_{core(), *ground_.store, chores_};
  std::optional<api::Router> router_;
  std::optional<api::Router> metrics_router_;
  std::optional<Gateway> gateway_;
  std::optional<Gateway> metrics_gateway_;
  std::optional<Ticker> ticker_;
  bool ended_ = false;
};

std::vector<api::Route> RealApp::api_routes() {
  std::vector<api::Route> all = system_.routes();
  append(all, keys_.routes());
  append(all, rate_limits_.routes());
  append(all, canary_.routes());
  append(all, data_.routes());
  append(all, exemptions_->routes());
  append(all, slo_->routes());
  return all;
}

Status RealApp::open_gateways() {
  auto router = api::Router::of(api_routes());
  if (!router) return router.error();
  auto metrics_router = api::Router::of(system_.metrics_routes());
  if (!metrics_router) return metrics_router.error();
  system_.publish_document(api::openapi_document(router->routes(), gate::cli::version()));
  router_.emplace(std::move(*router));
  metrics_router_.emplace(std::move(*metrics_router));
  gateway_.emplace(*router_, keys_, limiter_, core());
  metrics_gateway_.emplace(*metrics_router_, keys_, limiter_, core());
  return gate::done();
}

Status RealApp::furnish() {
  exemptions_ = std::make_unique<exemptions::ExemptionService>(
      core(), exemptions::ExemptionSettings{settings_.register_file, settings_.policy_file, minutes{1}});
  const slo::SloSettings objectives{
      settings_.objectives_file, {}, settings_.slo_interval, names_of(settings_.behind)};
  auto slo = slo::SloService::open(core(), objectives, {&world_.http, world_.environment});
  if (!slo) return slo.error();
  slo_ = std::move(*slo);
  if (auto opened = open_gateways(); !opened) return opened;
  const std::vector<store::Reload> reloads = {
      [this](store::Transaction& transaction) { return keys_.reload(transaction); },
      [this](store::Transaction& transaction) { return rate_limits_.reload(transaction); },
      [this](store::Transaction& transaction) { return exemptions_->reload(transaction); },
      [this](store::Transaction& transaction) { return slo_->reload(transaction); },
  };
  for (const store::Reload& reload : reloads) {
    if (auto filled = ground_.store->on_open(reload); !filled) return filled;
  }
  return gate::done();
}

Status RealApp::first_key(const std::function<Status(const std::string&)>& hand_over) {
  return keys_.create_first_key([&](const auth::ApiKey& key) { return hand_over(key.reveal()); });
}

void RealApp::watch_store() {
  auto& writable = metrics().gauge("release_gate_store_writable", "1 where changes are taken, else 0.");
  auto& waiting = metrics().gauge("release_gate_store_waiting", "Changes that wait for the store.");
  auto& dropped =
      metrics().counter("release_gate_log_dropped_total", "Log lines that nobody was there to read.");
  metrics().before_text([this, &writable, &waiting, &dropped] {
    writable.set(ground_.store->is_writable() ? 1 : 0);
    waiting.set(static_cast<double>(ground_.store->waiting()));
    dropped.raise_to(static_cast<double>(log().dropped()));
  });
}

void RealApp::forget_old_answers() {
  ground_.store->write(
      [oldest = world_.clock.now() - kKeptAnswers](store::Transaction& transaction) -> Status {
        const auto forgotten = store::forget_keyed_answers(transaction, oldest);
        if (!forgotten) return forgotten.error();
        return gate::done();
      },
      [this](const Status& status) {
        if (!status) log().warning("old_answers_kept", {{"why", status.error().message}});
      });
}

// The series is made with its first value: a 0 before that would look like rows that are gone.
void RealApp::count_audit_rows() {
  ground_.store->read(
      [this](store::Transaction& transaction) -> Status {
        const auto newest = store::newest_audit(transaction, 1);
        if (!newest) return newest.error();
        const std::int64_t rows = newest->empty() ? 0 : newest->front().sequence;
        metrics().gauge("release_gate_audit_rows", "Rows of the audit log.").set(static_cast<double>(rows));
        return gate::done();
      },
      [](const Status&) {});
}

std::vector<Ticker::Task> RealApp::tasks() {
  return {{"exemptions", exemptions_->interval(), [this] { exemptions_->tick(); }},
          {"audit", hours{1}, [this] { system_.watch_audit(); }},
          {"old answers", hours{1}, [this] { forget_old_answers(); }},
          {"audit rows", minutes{1}, [this] { count_audit_rows(); }}};
}

// Clients refuse one that has expired; somebody who knows may serve it all the same.
void RealApp::look_at_certificate() {
  if (!settings_.tls) return;
  const auto checked = http::check_validity(*settings_.tls, world_.clock.now());
  if (!checked) log().warning("tls_not_in_order", {{"why", checked.error().message}});
}

void RealApp::start(std::function<milliseconds()> lag) {
  gateway_->watch(std::move(lag));
  watch_store();
  look_at_certificate();
  if (ground_.demo) ground_.demo->start();
  exemptions_->tick();
  slo_->start();
  ticker_.emplace(tasks(), world_.clock, log());
}

void RealApp::reload() {
  if (const auto reopened = log().reopen(); !reopened) {
    log().error("log_not_reopened", {{"why", reopened.error().message}});
  }
  exemptions_->tick();
  log().info("reloaded");
}

void RealApp::end() {
  if (ended_) return;
  ended_ = true;
  ticker_.reset();
  if (slo_) slo_->stop();
  if (ground_.demo) ground_.demo->stop();
  ground_.store->close();
  ground_.log->flush();
}

Status add_demo(Settings& settings, const World& world, Ground& ground) {
  auto demo = data::Demo::open(world.clock, world.random);
  if (!demo) return demo.error();
  const auto files = write_demo_files(world.files, settings.data, gate::date_of(world.clock.now()));
  if (!files) return files.error();
  ground.demo = std::move(*demo);
  const data::DataSettings demo_settings = ground.demo->settings();
  settings.behind.services.insert(settings.behind.services.end(), demo_settings.services.begin(),
                                  demo_settings.services.end());
  if (settings.behind.default_service.empty())
    settings.behind.default_service = demo_settings.services.front().name;
  if (settings.register_file.empty()) settings.register_file = files->register_file;
  if (settings.objectives_file.empty()) settings.objectives_file = files->objectives_file;
  return gate::done();
}

}  // namespace

Result<std::unique_ptr<App>> App::open(Settings settings, const World& world) {
  Ground ground;
  auto log = observe::Log::open(settings.log_file, world.clock);
  if (!log) return log.error();
  ground.log = std::move(*log);
  auto opened =
      store::SqliteStore::open({settings.data, 256, 128, settings.network_folder}, migrations(), world.clock);
  if (!opened) return opened.error();
  ground.store = std::move(*opened);
  if (settings.demo) {
    if (auto added = add_demo(settings, world, ground); !added) return added.error();
  }
  auto app = std::make_unique<RealApp>(std::move(settings), world, std::move(ground));
  if (auto furnished = app->furnish(); !furnished) return furnished.error();
  return std::unique_ptr<App>{std::move(app)};
}

}  // namespace server::app
