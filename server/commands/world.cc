#include "server/commands/world.h"

#include <fmt/format.h>

namespace server::commands {
namespace {

constexpr std::uint64_t kMostBytes = 1U << 20U;

bool exists(const gate::ports::Files& files, const std::string& path) {
  return files.status(path).kind != gate::ports::FileKind::missing;
}

// A demo's state has the demo's register in force and keys that are good for nothing else: it never becomes a
// server's own, nor the other way round.
gate::Status check_demo(const std::string& data, bool demo, const gate::ports::Files& files) {
  const bool has_state = exists(files, data + "/release-gate.db");
  const bool is_demos = exists(files, data + "/demo");
  if (!has_state || is_demos == demo) return gate::done();
  return gate::Error{
      gate::ErrorCode::usage,
      demo ? fmt::format("{}: holds a server's own state: --demo needs a folder of its own", data)
           : fmt::format("{}: holds a demo's state: start it with --demo, or name another folder", data)};
}

}  // namespace

void declare_data(gate::cli::OptionTable& table, DataOptions& options) {
  table.text("--data", "DIR", options.data, "the server's data folder; gate-server-data by default");
  table.text("--config", "FILE", options.config, "server.toml; by default the one in the data folder");
}

void declare_serve(gate::cli::OptionTable& table, ServeOptions& options) {
  declare_data(table, options.where);
  table.list("--listen", "ADDRESS", options.listen,
             "where to listen; 127.0.0.1:8080 by default, port 0: any free one");
  table.flag("--insecure-listen", options.insecure_listen,
             "take an address that others can reach without TLS: a proxy in front has it");
  table.text("--first-key-file", "FILE", options.first_key_file,
             "write the first admin key there (mode 0600) instead of printing it");
  table.flag("--demo", options.demo,
             "with a demo service in two versions behind it, and an exemption register");
}

app::World world_of(gate::cli::Context& io) {
  return {io.clock, io.random, io.files, io.environment, *io.http};
}

gate::Result<SettingsFile> read_settings_file(const DataOptions& where, gate::cli::Context& io) {
  SettingsFile file;
  file.path = where.config;
  if (file.path.empty()) {
    file.path = where.data + "/server.toml";
    if (io.files.status(file.path).kind == gate::ports::FileKind::missing) return SettingsFile{};
  }
  auto text = io.files.read(file.path, kMostBytes);
  if (!text) return gate::Error{gate::ErrorCode::usage, text.error().message};
  file.text = std::move(*text);
  return file;
}

gate::Result<app::Settings> settings_of(const DataOptions& where, gate::cli::Context& io) {
  const auto file = read_settings_file(where, io);
  if (!file) return file.error();
  gate::Result<app::Settings> settings = app::Settings{};
  if (!file->path.empty()) settings = app::parse_settings(file->text, file->path);
  if (!settings) return settings.error();
  settings->data = where.data;
  settings->demo = exists(io.files, where.data + "/demo");
  return settings;
}

gate::Result<app::Settings> settings_of(const ServeOptions& options, gate::cli::Context& io) {
  auto settings = settings_of(options.where, io);
  if (!settings) return settings.error();
  if (!options.listen.empty()) settings->listen = options.listen;
  settings->insecure_listen = settings->insecure_listen || options.insecure_listen;
  settings->first_key_file = options.first_key_file;
  settings->demo = options.demo;
  if (auto allowed = app::check_settings(*settings); !allowed) return allowed.error();
  if (auto kept = check_demo(settings->data, settings->demo, io.files); !kept) return kept.error();
  return settings;
}

}  // namespace server::commands
