#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "gate/policy/exemption_rules.h"

namespace gate::policy {

inline Date day(std::string_view text) {
  return parse_date(text).value();
}

// An exemption that breaks no rule on 2026-11-20.
inline Exemption good_exemption(std::string id) {
  Exemption exemption;
  exemption.id = std::move(id);
  exemption.rule = "schema.required";
  exemption.scope.paths = {"data/a.json"};
  exemption.reason = "the field arrives with version 3 of the feed";
  exemption.ticket = "OPS-12";
  exemption.owner = "@platform";
  exemption.approver = "@security";
  exemption.created = day("2026-11-01");
  exemption.expires = day("2026-12-31");
  return exemption;
}

// The record it was read from, line 10 and every field there.
inline ExemptionRecord record_of(Exemption exemption, std::size_t line = 10) {
  ExemptionRecord record;
  record.exemption = std::move(exemption);
  record.exemption.where = {"exemptions.toml", line, 1, ""};
  std::size_t offset = 0;
  for (const char* field :
       {"id", "rule", "scope", "reason", "ticket", "owner", "approver", "created", "expires"}) {
    record.fields[field] = {"exemptions.toml", line + ++offset, 5, ""};
  }
  return record;
}

inline ExemptionRecord good_record(std::string id, std::size_t line = 10) {
  return record_of(good_exemption(std::move(id)), line);
}

}  // namespace gate::policy
