#include "server/app/settings.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "gate/base/parallel.h"
#include "gate/base/text.h"
#include "gate/load/slo_toml_source.h"
#include "gate/load/toml_reader.h"

namespace server::app {
namespace {

using gate::load::TomlFault;
using gate::load::TomlReader;
using gate::load::TomlTable;
using std::chrono::milliseconds;
using Faults = std::vector<TomlFault>;

constexpr gate::load::TomlBounds kBounds{64U << 10U};
constexpr std::size_t kMostServices = 1'000;

// A path of the file, from the folder the file is in.
std::string beside(const std::string& file, const std::string& path) {
  const std::size_t slash = file.rfind('/');
  if (path.empty() || path.front() == '/' || slash == std::string::npos) return path;
  return file.substr(0, slash + 1) + path;
}

void take_path(TomlReader& reader, std::string_view key, const std::string& file, std::string& target) {
  if (const auto path = reader.text(key)) {
    if (path->empty()) reader.fault_of(key, "must not be empty");
    target = beside(file, *path);
  }
}

template <class T>
void take_count(TomlReader& reader, std::string_view key, std::int64_t least, std::int64_t most, T& target) {
  if (const auto count = reader.integer(key, least, most)) target = static_cast<T>(*count);
}

void take_within(TomlReader& reader, std::string_view key, milliseconds least, milliseconds most,
                 milliseconds& target) {
  const auto duration = reader.duration(key);
  if (duration && (*duration < least || *duration > most)) {
    reader.fault_of(
        key, fmt::format("must be from {} to {}", gate::human_duration(least), gate::human_duration(most)));
  }
  gate::load::take(duration, target);
}

template <class Read>
void read_table(TomlReader& reader, std::string_view key, Faults& faults, Read read) {
  const TomlTable* table = reader.table(key);
  if (table == nullptr) return;
  TomlReader inner{*table, reader.position_of(key), faults};
  read(inner);
  inner.refuse_unknown();
}

void read_url(TomlReader& reader, std::string_view key, std::string& target) {
  const auto url = reader.text(key);
  if (!url) return;
  if (url->find('@') != std::string::npos) return reader.fault_of(key, "must hold no user and no password");
  if (const std::string_view why = gate::load::fault_of_url(*url); !why.empty()) reader.fault_of(key, why);
  const std::size_t host = url->find("://");
  const std::size_t path = host == std::string::npos ? host : url->find_first_of("/?#", host + 3);
  if (path != std::string::npos) reader.fault_of(key, "must end behind the host and the port");
  target = *url;
}

bool is_service_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string_view::npos &&
         std::string_view{"._-"}.find(name.front()) == std::string_view::npos;
}

data::Service read_service(TomlReader& reader) {
  data::Service service;
  for (const std::string_view key : {"name", "stable"}) {
    if (!reader.has(key)) reader.fault(fmt::format("{} is missing", key));
  }
  gate::load::take(reader.text("name"), service.name);
  if (reader.has("name") && !is_service_name(service.name)) {
    reader.fault_of("name", "must be 1 to 64 of a-z, 0-9 and . _ -, the first a letter or digit");
  }
  read_url(reader, "stable", service.stable);
  read_url(reader, "canary", service.canary);
  gate::load::take(reader.text("stable_version"), service.stable_version);
  gate::load::take(reader.text("canary_version"), service.canary_version);
  take_within(reader, "deadline", milliseconds{10}, milliseconds{25'000}, service.deadline);
  gate::load::take(reader.flag("staging"), service.staging);
  reader.refuse_unknown();
  return service;
}

void read_services(TomlReader& reader, Settings& settings, Faults& faults) {
  const auto* rows = reader.array("service");
  if (rows == nullptr) return;
  if (rows->size() > kMostServices) return reader.fault_of("service", "too many");
  std::set<std::string> names;
  for (const auto& element : *rows) {
    const auto* table = std::get_if<TomlTable>(&element.data);
    if (table == nullptr) {
      reader.fault_of("service", "must be tables: [[service]]");
      continue;
    }
    TomlReader inner{*table, element.at, faults};
    settings.behind.services.push_back(read_service(inner));
    if (!names.insert(settings.behind.services.back().name).second)
      inner.fault_of("name", "is another service's already");
  }
}

void read_default_service(TomlReader& reader, Settings& settings) {
  const auto name = reader.text("default_service");
  if (!name) return;
  const bool known = std::any_of(settings.behind.services.begin(), settings.behind.services.end(),
                                 [&](const data::Service& service) { return service.name == *name; });
  if (!known) reader.fault_of("default_service", "is no [[service]]");
  settings.behind.default_service = *name;
}

void read_limits(TomlReader& reader, http::Limits& limits) {
  take_count(reader, "connections", 16, 100'000, limits.connections);
  take_count(reader, "connections_per_address", 1, 100'000, limits.connections_per_address);
}

void read_tls(TomlReader& reader, const std::string& path, Settings& settings) {
  http::TlsFiles files;
  take_path(reader, "certificate", path, files.certificate);
  take_path(reader, "key", path, files.key);
  for (const std::string_view key : {"certificate", "key"}) {
    if (!reader.has(key)) reader.fault(fmt::format("{} is missing", key));
  }
  settings.tls = std::move(files);
}

void read_all(TomlReader& reader, const std::string& path, Settings& settings, Faults& faults) {
  reader.require_version(1);
  const auto listen = reader.texts("listen");
  if (listen && listen->empty()) reader.fault_of("listen", "must not be empty");
  gate::load::take(listen, settings.listen);
  gate::load::take(reader.flag("insecure_listen"), settings.insecure_listen);
  take_count(reader, "threads", 1, 64, settings.threads);
  gate::load::take(reader.flag("network_folder"), settings.network_folder);
  read_table(reader, "tls", faults, [&](TomlReader& table) { read_tls(table, path, settings); });
  read_table(reader, "http", faults, [&](TomlReader& table) { read_limits(table, settings.limits); });
  read_table(reader, "metrics", faults,
             [&](TomlReader& table) { gate::load::take(table.text("listen"), settings.metrics_listen); });
  read_table(reader, "log", faults,
             [&](TomlReader& table) { take_path(table, "file", path, settings.log_file); });
  read_services(reader, settings, faults);
  read_default_service(reader, settings);
  read_table(reader, "exemptions", faults, [&](TomlReader& table) {
    take_path(table, "register", path, settings.register_file);
    take_path(table, "policy", path, settings.policy_file);
  });
  read_table(reader, "slo", faults, [&](TomlReader& table) {
    take_path(table, "objectives", path, settings.objectives_file);
    take_within(table, "interval", milliseconds{1'000}, milliseconds{3'600'000}, settings.slo_interval);
  });
  reader.refuse_unknown();
}

std::string quoted(const std::vector<std::string>& all) {
  return fmt::format("[{}]", gate::join(all, ", "));
}

std::vector<SettingLine> values_of(const Settings& settings) {
  const auto text = [](const std::string& value) { return value.empty() ? std::string{"-"} : value; };
  std::vector<SettingLine> lines = {
      {"data", text(settings.data), {}},
      {"listen", quoted(settings.listen), {}},
      {"insecure_listen", settings.insecure_listen ? "true" : "false", {}},
      {"threads", settings.threads == 0 ? "cores" : std::to_string(settings.threads), {}},
      {"network_folder", settings.network_folder ? "true" : "false", {}},
      {"tls.certificate", settings.tls ? settings.tls->certificate : "-", {}},
      {"tls.key", settings.tls ? settings.tls->key : "-", {}},
      {"http.connections", std::to_string(settings.limits.connections), {}},
      {"http.connections_per_address", std::to_string(settings.limits.connections_per_address), {}},
      {"metrics.listen", text(settings.metrics_listen), {}},
      {"log.file", text(settings.log_file), {}},
      {"default_service", text(settings.behind.default_service), {}},
      {"exemptions.register", text(settings.register_file), {}},
      {"exemptions.policy", text(settings.policy_file), {}},
      {"slo.objectives", text(settings.objectives_file), {}},
      {"slo.interval", gate::human_duration(settings.slo_interval), {}},
  };
  for (std::size_t i = 0; i < settings.behind.services.size(); ++i) {
    const data::Service& service = settings.behind.services[i];
    const auto name = [&](std::string_view key) { return fmt::format("service[{}].{}", i, key); };
    lines.push_back({name("name"), service.name, {}});
    lines.push_back({name("stable"), service.stable, {}});
    lines.push_back({name("canary"), text(service.canary), {}});
    lines.push_back({name("stable_version"), text(service.stable_version), {}});
    lines.push_back({name("canary_version"), text(service.canary_version), {}});
    lines.push_back({name("deadline"), gate::human_duration(service.deadline), {}});
    lines.push_back({name("staging"), service.staging ? "true" : "false", {}});
  }
  return lines;
}

}  // namespace

gate::Result<Settings> parse_settings(std::string_view text, const std::string& path) {
  const auto table = gate::load::parse_toml(text, path, kBounds);
  if (!table) return table.error();
  Faults faults;
  Settings settings;
  TomlReader reader{*table, {}, faults};
  read_all(reader, path, settings, faults);
  if (!faults.empty()) return gate::load::first_fault(std::move(faults), path);
  return settings;
}

bool is_loopback(std::string_view listen) {
  const std::size_t colon = listen.rfind(':');
  const std::string_view host = listen.substr(0, colon);
  return host == "[::1]" || host == "localhost" || host.starts_with("127.");
}

gate::Status check_settings(const Settings& settings) {
  for (const std::string& listen : settings.listen) {
    if (settings.tls || settings.insecure_listen || is_loopback(listen)) continue;
    return gate::Error{
        gate::ErrorCode::usage,
        fmt::format("{}: others can reach this address and there is no TLS: give [tls] in server.toml, "
                    "or --insecure-listen where a proxy in front has it",
                    listen)};
  }
  // The metrics' socket speaks no TLS and asks for no key, whatever the others do.
  if (settings.metrics_listen.empty() || settings.insecure_listen || is_loopback(settings.metrics_listen))
    return gate::done();
  return gate::Error{gate::ErrorCode::usage,
                     fmt::format("{}: others can reach this address and [metrics] has neither TLS nor a key: "
                                 "take a loopback one, or --insecure-listen where a proxy in front has it",
                                 settings.metrics_listen)};
}

std::vector<SettingLine> effective(const Settings& settings, std::string_view text, const std::string& path) {
  std::vector<SettingLine> lines = values_of(settings);
  const auto table = gate::load::parse_toml(text, path, kBounds);
  const auto written = table ? gate::load::settings_of(*table) : std::vector<gate::load::TomlSetting>{};
  for (SettingLine& line : lines) {
    const auto found = std::find_if(written.begin(), written.end(),
                                    [&](const auto& setting) { return setting.key == line.name; });
    line.source = found == written.end() ? "default" : fmt::format("{}:{}", path, found->line);
  }
  return lines;
}

}  // namespace server::app
