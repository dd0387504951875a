#include <iostream>

#include "gate/policy/report.h"

int main() {
  gate::policy::Evidence evidence;
  count(evidence, "documents", 1);
  evidence.findings.push_back(
      gate::policy::violation("consumer.rule", gate::policy::Severity::error, "a.json", "is wrong"));
  const auto report = gate::policy::judge({}, {}, evidence, {});
  std::cout << name_of(report.verdict) << ": " << report.tally.findings << "\n";
}
