#include <array>
#include <ostream>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/render/table.h"
#include "gate/render/visible.h"
#include "server/app/migrations.h"
#include "server/commands/owner.h"
#include "server/commands/world.h"
#include "server/store/audit.h"
#include "server/store/sqlite_store.h"

namespace server::commands {
namespace {

namespace cli = gate::cli;
using gate::Result;
using gate::Value;

constexpr std::array kBackupExamples{
    cli::Example{"gate-server backup --data state state-2026-11-20.db", "also while the server runs"},
};
constexpr std::array kRestoreExamples{
    cli::Example{"gate-server restore --data state state-2026-11-20.db", "with the server stopped"},
};

void declare_backup(cli::OptionTable& table, FileOptions& options) {
  table.operand("FILE", options.file, "the copy, which must not exist yet");
  declare_data(table, options.where);
}

void declare_restore(cli::OptionTable& table, FileOptions& options) {
  table.operand("FILE", options.file, "a copy that `gate-server backup` wrote");
  declare_data(table, options.where);
}

std::string text_in(const Value& row, std::string_view name) {
  const Value* member = row.find(name);
  if (member == nullptr) return {};
  if (const auto* text = member->as_string()) return gate::render::visible(*text);
  const auto* number = member->as_integer();
  return number == nullptr ? std::string{} : std::to_string(*number);
}

bool is_whole(const Value& audit) {
  const Value* member = audit.find("whole");
  const bool* whole = member == nullptr ? nullptr : member->as_bool();
  return whole != nullptr && *whole;
}

// The path as the server sees it: it runs elsewhere.
Result<std::string> absolute(const std::string& path, const cli::Context& io) {
  if (path.starts_with('/')) return path;
  const auto folder = io.environment.get("PWD");
  if (folder && folder->starts_with('/')) return *folder + "/" + path;
  return gate::Error{gate::ErrorCode::usage, fmt::format("{}: give the path from the root", path)};
}

Result<cli::ExitCode> back_up(const FileOptions& options, cli::Context& io) {
  const auto path = absolute(options.file, io);
  if (!path) return path.error();
  const auto answer =
      ask_owner(options.where, "POST", "/control/v1/backup", Value::object({{"path", *path}}), io);
  if (!answer) return answer.error();
  io.out << fmt::format("backup: {}, {} bytes\n", gate::render::visible(*path), text_in(*answer, "bytes"));
  const auto audit = ask_owner(options.where, "GET", "/api/v1/audit/verify", {}, io);
  if (!audit) return audit.error();
  if (is_whole(*audit)) return cli::ExitCode::passed;
  io.out << fmt::format("its audit log is BROKEN at row {}: {}; it cannot be restored\n",
                        text_in(*audit, "broken_at"), text_in(*audit, "why"));
  return cli::ExitCode::blocked;
}

// The log goes on with who put what in the state's place.
gate::Status note_restore(const FileOptions& options, cli::Context& io) {
  const auto opened = store::SqliteStore::open({options.where.data}, app::migrations(), io.clock);
  if (!opened) return opened.error();
  store::AuditEntry entry;
  entry.actor = "local";
  entry.owner = "local";
  entry.scope = "local";
  entry.action = "state.restored";
  entry.subject = options.file;
  const auto noted = (*opened)->write_now([&](store::Transaction& transaction) -> gate::Status {
    const auto row = store::append_audit(transaction, entry, io.clock.now());
    if (!row) return row.error();
    return gate::done();
  });
  (*opened)->close();
  return noted;
}

Result<cli::ExitCode> restore(const FileOptions& options, cli::Context& io) {
  const auto kept = store::restore(options.where.data, options.file, app::migrations(), io.clock);
  if (!kept) return kept.error();
  if (auto noted = note_restore(options, io); !noted) return noted.error();
  io.out << fmt::format("restored: {}\n", gate::render::visible(options.file));
  if (!kept->empty()) io.out << fmt::format("what was there: {}\n", gate::render::visible(*kept));
  io.out << "keys that were revoked after the backup live again: gate-server keys list\n";
  return cli::ExitCode::passed;
}

Result<cli::ExitCode> verify_audit(const DataOptions& options, cli::Context& io) {
  const auto answer = ask_owner(options, "GET", "/api/v1/audit/verify", {}, io);
  if (!answer) return answer.error();
  if (is_whole(*answer)) {
    io.out << fmt::format("whole: {} rows, head {}\n", text_in(*answer, "rows"), text_in(*answer, "head"));
    return cli::ExitCode::passed;
  }
  io.out << fmt::format("BROKEN at row {}: {}\n", text_in(*answer, "broken_at"), text_in(*answer, "why"));
  return cli::ExitCode::blocked;
}

Result<cli::ExitCode> list_migrations(const DataOptions& options, cli::Context& io) {
  const auto answer = ask_owner(options, "GET", "/control/v1/migrations", {}, io);
  if (!answer) return answer.error();
  const Value* steps = answer->find("migrations");
  std::vector<gate::render::Row> rows;
  for (const Value& step : *steps->as_array()) {
    rows.push_back({text_in(step, "version"), text_in(step, "name"), text_in(step, "applied_at")});
  }
  for (const auto& line : gate::render::aligned(
           {{"STEP", true, false}, {"NAME", false, false}, {"APPLIED", false, false}}, std::move(rows), 0)) {
    io.out << gate::render::line_of(line) << '\n';
  }
  return cli::ExitCode::passed;
}

}  // namespace

const cli::Tool<FileOptions> kBackup{
    {"gate-server backup", "Writes a consistent copy of the whole state, also while the server runs.",
     kBackupExamples},
    declare_backup,
    back_up};
const cli::Tool<FileOptions> kRestore{
    {"gate-server restore", "Puts a backup in the place of the state; keeps what was there beside it.",
     kRestoreExamples},
    declare_restore,
    restore};
const cli::Tool<DataOptions> kVerifyAudit{
    {"gate-server audit verify",
     "Walks the audit log's hash chain from its first row: exit 1 where a row was changed, cut out or added.",
     {}},
    declare_data,
    verify_audit};
const cli::Tool<DataOptions> kListMigrations{
    {"gate-server migrations list", "Shows the steps that the tables have made.", {}},
    declare_data,
    list_migrations};

}  // namespace server::commands
