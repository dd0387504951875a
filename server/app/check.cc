#include "server/app/check.h"

#include <fmt/format.h>

#include "server/exemptions/source_files.h"
#include "server/http/check.h"
#include "server/slo/objectives.h"

namespace server::app {
namespace {

constexpr std::uint64_t kTlsBytes = 1U << 20U;

template <class T>
void collect(const gate::Result<T>& result, std::vector<gate::Error>& faults) {
  if (!result) faults.push_back(result.error());
}

gate::Status check_listen(const Settings& settings) {
  std::vector<std::string> all = settings.listen;
  if (!settings.metrics_listen.empty()) all.push_back(settings.metrics_listen);
  return http::check_addresses(all);
}

gate::Status check_tls_files(const http::TlsFiles& tls, const World& world) {
  for (const std::string& file : {tls.certificate, tls.key}) {
    if (const auto content = world.files.read(file, kTlsBytes); !content) return content.error();
  }
  return http::check_tls(tls);
}

// The file itself is made when it is opened.
gate::Status check_log(const std::string& file, const gate::ports::Files& files) {
  const std::size_t slash = file.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : file.substr(0, slash + 1);
  if (files.status(folder).kind != gate::ports::FileKind::folder)
    return gate::Error{gate::ErrorCode::usage, fmt::format("{}: the log's folder is not there", file)};
  if (files.status(file).kind == gate::ports::FileKind::folder)
    return gate::Error{gate::ErrorCode::usage, fmt::format("{}: the log is a folder", file)};
  return gate::done();
}

}  // namespace

std::vector<gate::Error> check_files(const Settings& settings, const World& world) {
  std::vector<gate::Error> faults;
  if (!settings.register_file.empty()) {
    collect(exemptions::read_register_file(settings.register_file, world.files), faults);
  }
  collect(exemptions::load_rules(settings.policy_file, world.files), faults);
  collect(slo::load_objectives(settings.objectives_file, {}, world.files, world.clock.now()), faults);
  collect(check_listen(settings), faults);
  if (settings.tls) collect(check_tls_files(*settings.tls, world), faults);
  if (!settings.log_file.empty()) collect(check_log(settings.log_file, world.files), faults);
  return faults;
}

std::vector<gate::Error> check_all(const Settings& settings, const World& world) {
  auto faults = check_files(settings, world);
  if (settings.tls && http::check_tls(*settings.tls))
    collect(http::check_validity(*settings.tls, world.clock.now()), faults);
  return faults;
}

}  // namespace server::app
