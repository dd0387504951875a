#include "server/exemptions/standings.h"

#include <set>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "gate/base/json_text.h"
#include "gate/load/json.h"

namespace server::exemptions {
namespace {

using gate::Value;

Value standing_in(const Standings& standings, const std::string& id) {
  const auto found = standings.find(id);
  return found == standings.end() ? Value{} : Value{found->second};
}

}  // namespace

Standings standings_of(const gate::policy::CheckedRegister& checked) {
  Standings standings;
  for (const gate::policy::CheckedExemption& record : checked.records) {
    const std::string& id = record.exemption.id;
    const bool is_taken = id.empty() || standings.contains(id);
    standings.emplace(is_taken ? fmt::format("(line {})", record.exemption.where.line) : id,
                      name_of(record.standing));
  }
  return standings;
}

std::string to_text(const Standings& standings) {
  Value::Object members;
  for (const auto& [id, standing] : standings) members.push_back({id, standing});
  return gate::to_compact_json(Value{std::move(members)});
}

Standings parse_standings(std::string_view text) {
  Standings standings;
  const auto document = gate::load::parse_json(text);
  if (!document || !document->root.is_object()) return standings;
  for (const auto& member : document->root.get_object()) {
    if (const auto* standing = member.value().if_string())
      standings.emplace(std::string{member.key()}, std::string{*standing});
  }
  return standings;
}

Value changes_between(const Standings& before, const Standings& after) {
  std::set<std::string> ids;
  for (const auto& [id, standing] : before) ids.insert(id);
  for (const auto& [id, standing] : after) ids.insert(id);
  Value changes = Value::array();
  for (const std::string& id : ids) {
    Value from = standing_in(before, id);
    Value to = standing_in(after, id);
    if (from == to) continue;
    changes.push(Value::object({{"id", id}, {"from", std::move(from)}, {"to", std::move(to)}}));
  }
  return changes;
}

}  // namespace server::exemptions
