#include <array>
#include <ostream>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/render/table.h"
#include "gate/render/visible.h"
#include "server/auth/scope.h"
#include "server/commands/owner.h"

namespace server::commands {
namespace {

namespace cli = gate::cli;
using gate::Result;
using gate::Value;

constexpr std::array kCreateExamples{
    cli::Example{"gate-server keys create --data state --owner ci --role operator",
                 "for 90 days; printed alone on standard output, so that a script can take it"},
    cli::Example{
        "gate-server keys create --data state --owner ci --scope ingest --service 'pay-*' --expires-in 30d",
        "one scope, for some services"},
    cli::Example{"gate-server keys create --data state --owner load --role viewer --rate read=100000/1s",
                 "with limits of its own"},
};
constexpr std::array kListExamples{
    cli::Example{"gate-server keys list --data state", "live, expired and revoked ones"}};
constexpr std::array kRevokeExamples{
    cli::Example{"gate-server keys revoke --data state 7Q2mZk4x", "its id: the part behind rgk_live_"},
};

std::vector<std::string> role_names() {
  std::vector<std::string> names;
  for (const auth::Role& role : auth::roles()) names.emplace_back(role.name);
  return names;
}

// What a key may do is said where it is made, never by the environment.
void here_alone(cli::OptionRow& row) {
  row.from_environment = false;
}

void declare_create(cli::OptionTable& table, CreateKeyOptions& options) {
  declare_data(table, options.where);
  here_alone(table.text("--owner", "NAME", options.owner,
                        "the person or system that has the key; two live keys each"));
  here_alone(table.choice("--role", options.role, role_names(), "a bundle of scopes"));
  here_alone(table.list("--scope", "SCOPE", options.scopes, "instead of a role; may be given several times"));
  here_alone(table.list("--service", "GLOB", options.services, "services in its reach; all by default"));
  here_alone(
      table.list("--rate", "RATE", options.rates, "a limit of its own: CLASS=REQUESTS/TIME, read=600/1m"));
  here_alone(table.text("--expires-in", "TIME", options.expires, "90d by default, 366d at most"));
  here_alone(table.text("--key-file", "FILE", options.key_file,
                        "write the key there (mode 0600) instead of printing it"));
}

void declare_revoke(cli::OptionTable& table, RevokeKeyOptions& options) {
  table.operand("ID", options.id, "the key's id");
  declare_data(table, options.where);
  here_alone(table.flag("--last-admin", options.last_admin, "also where no other live key may administer"));
}

std::string text_in(const Value& row, std::string_view name) {
  const Value* member = row.find(name);
  const std::string* text = member == nullptr ? nullptr : member->as_string();
  return text == nullptr ? std::string{"-"} : gate::render::visible(*text);
}

std::string texts_in(const Value& row, std::string_view name) {
  const Value* member = row.find(name);
  const auto* array = member == nullptr ? nullptr : member->as_array();
  std::vector<std::string> texts;
  if (array != nullptr) {
    for (const Value& element : *array) {
      if (const auto* text = element.as_string()) texts.push_back(gate::render::visible(*text));
    }
  }
  return texts.empty() ? "-" : gate::join(texts, ",");
}

Value texts_of(const std::vector<std::string>& texts) {
  Value array = Value::array();
  for (const std::string& text : texts) array.push(text);
  return array;
}

Value request_of(const CreateKeyOptions& options) {
  Value body = Value::object({{"owner", options.owner}});
  if (!options.role.empty()) body.set("role", options.role);
  if (!options.scopes.empty()) body.set("scopes", texts_of(options.scopes));
  if (!options.services.empty()) body.set("services", texts_of(options.services));
  if (!options.rates.empty()) body.set("rates", texts_of(options.rates));
  if (!options.expires.empty()) body.set("expires_in", options.expires);
  return body;
}

gate::Status hand_over(const std::string& key, const CreateKeyOptions& options, cli::Context& io) {
  if (!options.key_file.empty()) return io.files.write_secret(options.key_file, key + "\n");
  io.out << key << '\n' << std::flush;
  if (io.out.good()) return gate::done();
  return gate::Error{gate::ErrorCode::io, "standard output: not written"};
}

// A key that nobody got must not live.
gate::Error take_back(const std::string& id, const gate::Error& why, const DataOptions& where,
                      cli::Context& io) {
  const auto revoked = ask_owner(where, "DELETE", "/control/v1/keys/" + id, {}, io);
  return {why.code,
          fmt::format("{}: {}", why.message,
                      revoked ? "the key was revoked again" : "revoke the key " + id + ", which nobody has")};
}

Result<cli::ExitCode> create(const CreateKeyOptions& options, cli::Context& io) {
  if (options.owner.empty()) return gate::Error{gate::ErrorCode::usage, "--owner is missing"};
  const bool to_file = !options.key_file.empty();
  if (to_file && io.files.status(options.key_file).kind != gate::ports::FileKind::missing) {
    return gate::Error{
        gate::ErrorCode::usage,
        fmt::format("{}: exists already: name another file; no key was made", options.key_file)};
  }
  const auto answer = ask_owner(options.where, "POST", "/control/v1/keys", request_of(options), io);
  if (!answer) return answer.error();
  const Value* key = answer->find("key");
  const std::string* text = key == nullptr ? nullptr : key->as_string();
  if (text == nullptr)
    return gate::Error{gate::ErrorCode::unconfirmed, "the answer holds no key: see `keys list`"};
  const auto handed = hand_over(*text, options, io);
  if (!handed) return take_back(text_in(*answer, "id"), handed.error(), options.where, io);
  io.err << fmt::format("key {} of {}, until {}; it is not shown again\n", text_in(*answer, "id"),
                        text_in(*answer, "owner"), text_in(*answer, "expires_at"));
  return cli::ExitCode::passed;
}

Result<cli::ExitCode> list(const DataOptions& options, cli::Context& io) {
  const auto answer = ask_owner(options, "GET", "/control/v1/keys", {}, io);
  if (!answer) return answer.error();
  std::vector<gate::render::Row> rows;
  for (const Value& key : *answer->find("keys")->as_array()) {
    rows.push_back({text_in(key, "id"), text_in(key, "owner"), text_in(key, "state"), text_in(key, "role"),
                    texts_in(key, "scopes"), text_in(key, "expires_at"), text_in(key, "last_used_on")});
  }
  const std::vector<gate::render::Column> columns = {
      {"ID", false, false},    {"OWNER", false, false},   {"STATE", false, false},    {"ROLE", false, false},
      {"SCOPES", false, true}, {"EXPIRES", false, false}, {"LAST USED", false, false}};
  const std::size_t width = io.terminal.output_is_terminal() ? io.terminal.width() : 0;
  for (const auto& line : gate::render::aligned(columns, std::move(rows), width)) {
    io.out << gate::render::line_of(line) << '\n';
  }
  return cli::ExitCode::passed;
}

Result<cli::ExitCode> revoke(const RevokeKeyOptions& options, cli::Context& io) {
  const std::string target =
      fmt::format("/control/v1/keys/{}{}", options.id, options.last_admin ? "?last_admin=true" : "");
  const auto answer = ask_owner(options.where, "DELETE", target, {}, io);
  if (!answer) return answer.error();
  io.out << fmt::format("revoked: {} of {}\n", text_in(*answer, "id"), text_in(*answer, "owner"));
  return cli::ExitCode::passed;
}

}  // namespace

const cli::Tool<CreateKeyOptions> kCreateKey{
    {"gate-server keys create", "Makes a key of the API and shows it, once.", kCreateExamples},
    declare_create,
    create};
const cli::Tool<DataOptions> kListKeys{
    {"gate-server keys list", "Shows every key: whose it is, what it may, until when. Never the key.",
     kListExamples},
    declare_data,
    list};
const cli::Tool<RevokeKeyOptions> kRevokeKey{
    {"gate-server keys revoke", "Ends a key, at once and for ever.", kRevokeExamples},
    declare_revoke,
    revoke};

}  // namespace server::commands
