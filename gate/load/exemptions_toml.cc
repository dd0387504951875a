#include "gate/load/exemptions_toml.h"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gate/load/toml_reader.h"

namespace gate::load {
namespace {

using policy::Exemption;
using policy::ExemptionRecord;
using policy::ExemptionRegister;
using Faults = std::vector<TomlFault>;

// Reads one [[exemption]].
class RecordReader {
 public:
  RecordReader(const TomlTable& table, TomlPosition at, std::string_view path)
      : path_(path), reader_(table, at, faults_) {
    record_.exemption.where = location(at);
  }

  ExemptionRecord run() && {
    Exemption& exemption = record_.exemption;
    read("id", reader_.text("id"), exemption.id);
    read("rule", reader_.text("rule"), exemption.rule);
    read_scope();
    read("reason", reader_.text("reason"), exemption.reason);
    read("ticket", reader_.text("ticket"), exemption.ticket);
    read("owner", reader_.text("owner"), exemption.owner);
    read("approver", reader_.text("approver"), exemption.approver);
    read("created", reader_.date("created"), exemption.created);
    read("expires", reader_.date("expires"), exemption.expires);
    read("max_findings", reader_.amount("max_findings"), exemption.max_findings);
    reader_.refuse_unknown();
    store(faults_, "");
    return std::move(record_);
  }

 private:
  [[nodiscard]] policy::Location location(TomlPosition at) const {
    return {std::string{path_}, at.line, at.column, {}};
  }

  template <class T, class U>
  void read(std::string_view field, std::optional<T> value, U& target) {
    if (!value) return;
    target = std::move(*value);
    record_.fields.emplace(field, location(reader_.position_of(field)));
  }

  void read_scope() {
    const TomlTable* table = reader_.table("scope");
    if (table == nullptr) return;
    Faults faults;
    TomlReader scope{*table, reader_.position_of("scope"), faults};
    record_.fields.emplace("scope", location(reader_.position_of("scope")));
    read_list(scope, "paths", record_.exemption.scope.paths);
    read_list(scope, "tests", record_.exemption.scope.tests);
    read_list(scope, "fingerprints", record_.exemption.scope.fingerprints);
    scope.refuse_unknown();
    store(faults, "scope.");
  }

  void read_list(TomlReader& scope, std::string_view key, std::vector<std::string>& target) {
    auto list = scope.texts(key);
    if (!list) return;
    target = std::move(*list);
    record_.fields.emplace(fmt::format("scope.{}", key), location(scope.position_of(key)));
  }

  void store(const Faults& faults, std::string_view prefix) {
    for (const TomlFault& fault : faults) {
      record_.faults.push_back({fmt::format("{}{}", prefix, fault.key), fault.message, location(fault.at)});
    }
  }

  std::string_view path_;
  Faults faults_;
  TomlReader reader_;
  ExemptionRecord record_;
};

// What no record can be blamed for, and makes the whole file unreadable.
const TomlArray* read_root(TomlReader& root, Faults& fatal) {
  root.require_version(1);
  const TomlArray* records = root.array("exemption");
  if (records == nullptr) return nullptr;
  for (const TomlValue& record : *records) {
    if (std::holds_alternative<TomlTable>(record.data)) continue;
    fatal.push_back(
        {record.at, "exemption", fmt::format("exemption: expected a table, found {}", kind_of(record))});
  }
  return records;
}

}  // namespace

Result<ExemptionRegister> parse_exemptions(std::string_view text, std::string_view path) {
  const auto table = parse_toml(text, path, kRegisterBounds);
  if (!table) return table.error();
  Faults faults;
  TomlReader root{*table, {}, faults};
  const TomlArray* records = read_root(root, faults);
  if (!faults.empty()) return first_fault(std::move(faults), path);
  ExemptionRegister reg;
  reg.path = path;
  root.refuse_unknown();
  for (const TomlFault& fault : faults) {
    reg.faults.push_back({fault.key, fault.message, {reg.path, fault.at.line, fault.at.column, {}}});
  }
  if (records == nullptr) return reg;
  for (const TomlValue& record : *records) {
    reg.records.push_back(RecordReader{std::get<TomlTable>(record.data), record.at, path}.run());
  }
  return reg;
}

}  // namespace gate::load
