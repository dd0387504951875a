#pragma once

#include <string>
#include <vector>

#include "gate/cli/context.h"
#include "gate/cli/tool.h"

namespace server::commands {

// What every command names: whose state it is about.
struct DataOptions {
  std::string data = "gate-server-data";
  std::string config;  // server.toml; empty: the one in the data folder, if there is one
};

struct ServeOptions {
  DataOptions where;
  std::vector<std::string> listen;
  bool insecure_listen = false;
  std::string first_key_file;
  bool demo = false;
};

struct ConfigOptions {
  ServeOptions serve;
  bool show_effective = false;
};

struct CreateKeyOptions {
  DataOptions where;
  std::string owner;
  std::string role;
  std::vector<std::string> scopes;
  std::vector<std::string> services;
  std::vector<std::string> rates;
  std::string expires;
  std::string key_file;
};

struct RevokeKeyOptions {
  DataOptions where;
  std::string id;
  bool last_admin = false;
};

struct FileOptions {
  DataOptions where;
  std::string file;
};

extern const gate::cli::Tool<ServeOptions> kServe;
extern const gate::cli::Tool<ConfigOptions> kConfig;
extern const gate::cli::Tool<ServeOptions> kCheck;
extern const gate::cli::Tool<CreateKeyOptions> kCreateKey;
extern const gate::cli::Tool<DataOptions> kListKeys;
extern const gate::cli::Tool<RevokeKeyOptions> kRevokeKey;
extern const gate::cli::Tool<FileOptions> kBackup;
extern const gate::cli::Tool<FileOptions> kRestore;
extern const gate::cli::Tool<DataOptions> kVerifyAudit;
extern const gate::cli::Tool<DataOptions> kListMigrations;

void declare_data(gate::cli::OptionTable& table, DataOptions& options);

// The binary: a command, or without one the server itself.
int run_gate_server(const std::vector<std::string>& arguments, gate::cli::Context& io);

}  // namespace server::commands
