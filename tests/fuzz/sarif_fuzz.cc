#include <algorithm>

#include "gate/load/json.h"
#include "gate/load/sarif_json.h"
#include "gate/policy/report.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {
namespace {

using boost::json::value;

const value* member(const value& from, std::string_view name) {
  const auto* object = from.if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

bool says(const value& result, std::string_view name, std::string_view text) {
  const value* found = member(result, name);
  return found != nullptr && found->is_string() && std::string_view{found->get_string()} == text;
}

// Whether a log holds something that may not pass, by a reading of its own.
bool must_not_pass(const value& root) {
  const auto& runs = member(root, "runs")->get_array();
  if (runs.empty()) return true;
  return std::any_of(runs.begin(), runs.end(), [](const value& run) {
    const value* results = member(run, "results");
    if (results == nullptr || !results->is_array()) return true;
    const auto& list = results->get_array();
    return std::any_of(list.begin(), list.end(), [](const value& result) {
      return says(result, "level", "error") && member(result, "kind") == nullptr &&
             member(result, "suppressions") == nullptr;
    });
  });
}

}  // namespace

void fuzz_sarif(std::string_view input) {
  const auto document = load::parse_json(input);
  if (!document || !load::is_sarif(document->root)) return;
  auto evidence = load::evidence_from_sarif(document->root, "lint.sarif");
  if (!evidence) return;
  const policy::Report report = policy::judge({}, {}, std::move(*evidence), {});
  const bool passes = report.verdict == policy::Verdict::passed || report.verdict == policy::Verdict::warned;
  require(!passes || !must_not_pass(document->root), "an error, or no results, never passes");
}

}  // namespace gate::fuzz
