#pragma once

#include "gate/base/result.h"
#include "server/app/app.h"
#include "server/commands/options.h"

namespace server::commands {

app::World world_of(gate::cli::Context& io);

// server.toml of the options, or of the data folder, or none; with its text and path for who shows it.
struct SettingsFile {
  std::string path;  // empty: none
  std::string text;
};
gate::Result<SettingsFile> read_settings_file(const DataOptions& where, gate::cli::Context& io);

gate::Result<app::Settings> settings_of(const DataOptions& where, gate::cli::Context& io);

// With what the command line adds, checked.
gate::Result<app::Settings> settings_of(const ServeOptions& options, gate::cli::Context& io);

void declare_serve(gate::cli::OptionTable& table, ServeOptions& options);

}  // namespace server::commands
