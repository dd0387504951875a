#include "server/exemptions/situation.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "gate/base/hash.h"
#include "gate/load/exemptions_toml.h"

namespace server::exemptions {
namespace {

using gate::policy::CheckedExemption;
using gate::policy::Finding;
using gate::policy::Standing;

bool is_expired(const CheckedExemption& record) {
  return record.standing == Standing::expired;
}

}  // namespace

bool is_as_kept(const Version& version) {
  return gate::sha256_hex(version.text) == version.sha256;
}

RegisterPointer read_register(Version version) {
  Register read;
  auto content = gate::load::parse_exemptions(version.text, "register");
  if (!is_as_kept(version)) {
    read.fault = "the register in the store was changed outside the server";
  } else if (content) {
    read.content = std::move(*content);
  } else {
    read.fault = content.error().message;
  }
  read.version = std::move(version);
  return std::make_shared<const Register>(std::move(read));
}

void find_unknown(Situation& situation) {
  if (situation.reg == nullptr) return;
  if (!situation.reg->fault.empty())
    situation.unknown.push_back(
        fmt::format("the register of generation {} cannot be {}: {}", situation.reg->version.generation,
                    is_as_kept(situation.reg->version) ? "read" : "relied on", situation.reg->fault));
  for (const Finding& finding : situation.checked->findings) {
    if (finding.kind == gate::policy::FindingKind::undecided) situation.unknown.push_back(finding.message);
  }
}

bool is_read(const Situation& situation) {
  return situation.reg != nullptr && situation.reg->fault.empty() && situation.has_rules;
}

Counts counts_of(const Situation& situation) {
  Counts counts;
  if (situation.checked == nullptr) return counts;
  for (const CheckedExemption& record : situation.checked->records) {
    switch (record.standing) {
      case Standing::in_force: ++counts.in_force; break;
      case Standing::expiring: ++counts.expiring; break;
      case Standing::expired: ++counts.expired; break;
      case Standing::invalid: ++counts.invalid; break;
    }
  }
  counts.unprocessed = static_cast<std::int64_t>(unprocessed(situation).size());
  return counts;
}

const Mark* mark_of(const Marks& marks, const gate::policy::Exemption& exemption) {
  const auto found = marks.find(exemption.id);
  return found == marks.end() || found->second.expired != exemption.expires ? nullptr : &found->second;
}

std::vector<const CheckedExemption*> unprocessed(const Situation& situation) {
  std::vector<const CheckedExemption*> found;
  if (situation.checked == nullptr) return found;
  for (const CheckedExemption& record : situation.checked->records) {
    if (is_expired(record) && mark_of(*situation.marks, record.exemption) == nullptr)
      found.push_back(&record);
  }
  return found;
}

Marks carried(const Marks& marks, const gate::policy::CheckedRegister& checked) {
  Marks kept;
  for (const CheckedExemption& record : checked.records) {
    const Mark* mark = is_expired(record) ? mark_of(marks, record.exemption) : nullptr;
    if (mark != nullptr) kept.emplace(mark->exemption, *mark);
  }
  return kept;
}

std::string_view verdict_of(const Situation& situation) {
  if (situation.reg == nullptr || !situation.unknown.empty()) return "undecided";
  return invalid_in(situation).empty() ? "valid" : "invalid";
}

std::vector<Finding> invalid_in(const Situation& situation) {
  std::vector<Finding> found;
  if (situation.checked == nullptr) return found;
  std::copy_if(situation.checked->findings.begin(), situation.checked->findings.end(),
               std::back_inserter(found),
               [](const Finding& finding) { return finding.rule == "exemption.invalid"; });
  return found;
}

}  // namespace server::exemptions
