#include <array>

#include "server/commands/options.h"

namespace server::commands {
namespace {

namespace cli = gate::cli;

using Arguments = std::vector<std::string>;

template <const auto& kTool>
int run_command(const Arguments& arguments, cli::Context& io) {
  return cli::run_tool(kTool, arguments, io);
}

constexpr std::array kKeyCommands{
    cli::Command{"create", "make a key and show it, once", run_command<kCreateKey>},
    cli::Command{"list", "show every key but its secret", run_command<kListKeys>},
    cli::Command{"revoke", "end a key, at once", run_command<kRevokeKey>},
};
constexpr std::array kKeyExamples{
    cli::Example{"gate-server keys create --owner ci --role operator --expires-in 30d",
                 "a key for the pipeline"},
    cli::Example{"gate-server keys revoke 7Q2mZk4x", "the eight characters behind `rgk_live_`"},
};
int run_keys(const Arguments& arguments, cli::Context& io) {
  return cli::run_commands({"gate-server keys", "Makes, shows and ends the keys of the API.", kKeyExamples},
                           kKeyCommands, arguments, io);
}

constexpr std::array kAuditCommands{
    cli::Command{"verify", "walk the hash chain of the audit log", run_command<kVerifyAudit>},
};
int run_audit(const Arguments& arguments, cli::Context& io) {
  return cli::run_commands({"gate-server audit", "Holds the audit log to its hash chain.", {}},
                           kAuditCommands, arguments, io);
}

constexpr std::array kMigrationCommands{
    cli::Command{"list", "show the steps that the tables have made", run_command<kListMigrations>},
};
int run_migrations(const Arguments& arguments, cli::Context& io) {
  return cli::run_commands({"gate-server migrations", "Shows the state of the tables.", {}},
                           kMigrationCommands, arguments, io);
}

constexpr std::array kCommands{
    cli::Command{"serve", "run the server: what it does without a command, too", run_command<kServe>},
    cli::Command{"config", "show which settings hold, and who set each", run_command<kConfig>},
    cli::Command{"check", "say whether the server would start with these settings", run_command<kCheck>},
    cli::Command{"keys", "create, list and revoke keys", run_keys},
    cli::Command{"backup", "write a consistent copy of the state, while it runs", run_command<kBackup>},
    cli::Command{"restore", "put a backup in the state's place", run_command<kRestore>},
    cli::Command{"audit", "verify the audit log", run_audit},
    cli::Command{"migrations", "list the steps that the tables have made", run_migrations},
};
constexpr std::array kExamples{
    cli::Example{"gate-server --data state --demo",
                 "a server with a demo service behind it; prints its first key"},
    cli::Example{"gate-server --data /var/lib/gate-server --config /etc/release-gate/server.toml",
                 "as a service"},
    cli::Example{"gate-server keys create --data state --owner ci --role operator",
                 "a key, also while it runs"},
};

}  // namespace

int run_gate_server(const std::vector<std::string>& arguments, cli::Context& io) {
  const bool names_options = !arguments.empty() && arguments.front().starts_with("--") &&
                             arguments.front() != "--help" && arguments.front() != "--version";
  if (names_options) return cli::run_tool(kServe, arguments, io);
  return cli::run_commands(
      {"gate-server",
       "The control plane: keys, limits, exemptions, objectives and what is behind them, over "
       "HTTP.",
       kExamples},
      kCommands, arguments, io);
}

}  // namespace server::commands
