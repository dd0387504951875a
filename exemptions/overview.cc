#include "exemptions/overview.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "gate/checks/exemptions.h"

namespace exemptions {
namespace {

using gate::Value;
using gate::policy::CheckedExemption;
using gate::policy::Standing;

int urgency(Standing standing) {
  switch (standing) {
    case Standing::invalid: return 0;
    case Standing::expired: return 1;
    case Standing::expiring: return 2;
    case Standing::in_force: return 3;
  }
  return 4;
}

Value list_of(const std::vector<std::string>& texts) {
  Value list = Value::array();
  for (const std::string& text : texts) list.push(text);
  return list;
}

Value scope_of(const gate::policy::Scope& scope) {
  Value tree = Value::object();
  if (!scope.paths.empty()) tree.set("paths", list_of(scope.paths));
  if (!scope.tests.empty()) tree.set("tests", list_of(scope.tests));
  if (!scope.fingerprints.empty()) tree.set("fingerprints", list_of(scope.fingerprints));
  return tree;
}

// How much the record took: null where it could take nothing, or nobody knows.
Value taken_by(const CheckedExemption& record, const gate::policy::ExemptionUsage& usage) {
  if (usage.reports == 0 || !is_in_force(record)) return {};
  const auto found = usage.by_exemption.find(record.exemption.id);
  return found == usage.by_exemption.end() ? Value{0} : Value{found->second};
}

// A day that the register does not say is null.
Value day_or_null(gate::Date day) {
  return day == gate::Date{} ? Value{} : Value{gate::to_string(day)};
}

// The first eight, without nested ones, are the columns of a table.
Value row_of(const CheckedExemption& record, const gate::policy::ExemptionUsage& usage) {
  const gate::policy::Exemption& exemption = record.exemption;
  const bool has_end = exemption.expires != gate::Date{};
  return Value::object({{"id", exemption.id},
                        {"standing", name_of(record.standing)},
                        {"rule", exemption.rule},
                        {"owner", exemption.owner},
                        {"expires", day_or_null(exemption.expires)},
                        {"days_left", has_end ? Value{record.days_left} : Value{}},
                        {"exempted", taken_by(record, usage)},
                        {"ticket", exemption.ticket},
                        {"approver", exemption.approver},
                        {"created", day_or_null(exemption.created)},
                        {"reason", exemption.reason},
                        {"scope", scope_of(exemption.scope)},
                        {"line", exemption.where.line}});
}

}  // namespace

Value by_owner(const gate::policy::CheckedRegister& checked, const gate::policy::ExemptionUsage& usage) {
  Value rows = Value::array();
  for (const auto& [owner, counts] : counts_by_owner(checked, usage)) {
    rows.push(gate::checks::counts_row("owner", owner, counts));
  }
  return rows;
}

Value records(const gate::policy::CheckedRegister& checked, const gate::policy::ExemptionUsage& usage) {
  std::vector<const CheckedExemption*> order;
  for (const CheckedExemption& record : checked.records) order.push_back(&record);
  std::stable_sort(order.begin(), order.end(), [](const CheckedExemption* a, const CheckedExemption* b) {
    return std::tuple{urgency(a->standing), a->exemption.expires} <
           std::tuple{urgency(b->standing), b->exemption.expires};
  });
  Value rows = Value::array();
  for (const CheckedExemption* record : order) rows.push(row_of(*record, usage));
  return rows;
}

}  // namespace exemptions
