#include "gate/policy/evidence.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "gate/base/text.h"

namespace gate::policy {
namespace {

void merge_members(Value& whole, const Value& part) {
  const Value::Object* members = part.as_object();
  if (members == nullptr) return;
  for (const Value::Member& member : *members) whole.set(member.name, member.value);
}

// "documents" as "document", "entries" as "entry".
std::string singular(std::string_view kind) {
  if (kind.size() > 3 && kind.substr(kind.size() - 3) == "ies")
    return fmt::format("{}y", kind.substr(0, kind.size() - 3));
  return std::string{kind.substr(0, kind.size() - (!kind.empty() && kind.back() == 's' ? 1 : 0))};
}

// What counts most first.
int rank(const Finding& finding) {
  if (finding.kind == FindingKind::note) return 2;
  return finding.severity == Severity::error ? 0 : 1;
}

}  // namespace

std::string describe(const std::vector<Examined>& examined) {
  std::vector<std::string> parts;
  parts.reserve(examined.size());
  for (const Examined& e : examined) parts.push_back(counted(e.count, singular(e.kind), e.kind));
  return join(parts, ", ");
}

void count(Evidence& evidence, std::string_view kind, std::uint64_t by) {
  const auto found = std::find_if(evidence.examined.begin(), evidence.examined.end(),
                                  [&](const Examined& e) { return e.kind == kind; });
  if (found != evidence.examined.end()) {
    found->count += by;
  } else {
    evidence.examined.push_back(Examined{std::string{kind}, by});
  }
}

std::uint64_t total_examined(const Evidence& evidence) {
  return std::accumulate(evidence.examined.begin(), evidence.examined.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Examined& e) { return sum + e.count; });
}

void omit(Omitted& omitted, const Finding& finding) {
  if (finding.kind == FindingKind::undecided) {
    ++omitted.undecided;
  } else if (finding.kind == FindingKind::note || finding.severity == Severity::note) {
    ++omitted.notes;
  } else if (finding.severity == Severity::warning) {
    ++omitted.warnings;
  } else {
    ++omitted.errors;
  }
}

void keep_findings(std::vector<Finding> findings, std::size_t most, Evidence& evidence) {
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return rank(a) < rank(b); });
  for (Finding& finding : findings) {
    if (evidence.findings.size() < most) {
      evidence.findings.push_back(std::move(finding));
    } else {
      omit(evidence.omitted, finding);
    }
  }
}

void merge(Evidence& whole, Evidence part) {
  for (const Examined& e : part.examined) count(whole, e.kind, e.count);
  std::move(part.findings.begin(), part.findings.end(), std::back_inserter(whole.findings));
  std::move(part.inputs.begin(), part.inputs.end(), std::back_inserter(whole.inputs));
  whole.omitted.errors += part.omitted.errors;
  whole.omitted.undecided += part.omitted.undecided;
  whole.omitted.warnings += part.omitted.warnings;
  whole.omitted.notes += part.omitted.notes;
  merge_members(whole.facts, part.facts);
  merge_members(whole.results, part.results);
  if (!part.shown) return;
  if (!whole.shown) whole.shown.emplace();
  std::move(part.shown->begin(), part.shown->end(), std::back_inserter(*whole.shown));
}

}  // namespace gate::policy
