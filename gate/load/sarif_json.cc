#include "gate/load/sarif_json.h"

#include <optional>
#include <string>
#include <unordered_map>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/load/json_fields.h"

namespace gate::load {
namespace {

using boost::json::value;
using policy::Evidence;
using policy::Finding;
using policy::Severity;

const value* member(const value* from, std::string_view name) {
  const boost::json::object* object = from == nullptr ? nullptr : from->if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

const value* element(const value* from, std::size_t index) {
  const boost::json::array* array = from == nullptr ? nullptr : from->if_array();
  return array == nullptr || index >= array->size() ? nullptr : &(*array)[index];
}

std::string text_of(const value* from) {
  const boost::json::string* text = from == nullptr ? nullptr : from->if_string();
  return text == nullptr ? std::string{} : std::string{text->data(), text->size()};
}

std::optional<std::size_t> index_of(const value* from) {
  const std::int64_t* number = from == nullptr ? nullptr : from->if_int64();
  return number == nullptr || *number < 0 ? std::nullopt : std::optional{static_cast<std::size_t>(*number)};
}

// The rules that a run's tool describes, as its results refer to them.
class Rules {
 public:
  explicit Rules(const value& run) : tool_(member(&run, "tool")) {
    add(member(tool_, "driver"));
    for (std::size_t i = 0; const value* extension = element(member(tool_, "extensions"), i); ++i)
      add(extension);
  }

  // SARIF 3.27.5 to 3.27.7: by its index in the driver or an extension, else by its id, of which
  // "CA1000/1" refines "CA1000". nullptr where the tool does not describe it.
  [[nodiscard]] const value* find(const value& result) const {
    const value* rule = member(&result, "rule");
    auto index = index_of(member(rule, "index"));
    if (!index) index = index_of(member(&result, "ruleIndex"));
    if (index) {
      if (const value* found = element(member(component(rule), "rules"), *index)) return found;
    }
    const std::string id = name_in(result);
    if (const auto exact = by_id_.find(id); exact != by_id_.end()) return exact->second;
    const auto base = by_id_.find(id.substr(0, id.rfind('/')));
    return base == by_id_.end() ? nullptr : base->second;
  }

  // The id that a result itself gives; empty where it gives none.
  static std::string name_in(const value& result) {
    std::string id = text_of(member(&result, "ruleId"));
    return id.empty() ? text_of(member(member(&result, "rule"), "id")) : id;
  }

 private:
  void add(const value* component) {
    const value* rules = member(component, "rules");
    for (std::size_t i = 0; const value* rule = element(rules, i); ++i)
      by_id_.emplace(text_of(member(rule, "id")), rule);
  }

  [[nodiscard]] const value* component(const value* rule) const {
    const auto index = index_of(member(member(rule, "toolComponent"), "index"));
    return index ? element(member(tool_, "extensions"), *index) : member(tool_, "driver");
  }

  const value* tool_;
  std::unordered_map<std::string, const value*> by_id_;
};

// SARIF 3.27.10: the result's level, else its rule's default, else "warning". A level that is none of
// SARIF's is no reason to let a result pass.
Severity severity_of(const value& result, const value* rule) {
  std::string level = text_of(member(&result, "level"));
  if (level.empty()) level = text_of(member(member(rule, "defaultConfiguration"), "level"));
  if (level.empty() || level == "warning") return Severity::warning;
  return level == "note" || level == "none" ? Severity::note : Severity::error;
}

bool is_suppressed(const value& result) {
  const value* suppressions = member(&result, "suppressions");
  const boost::json::array* list = suppressions == nullptr ? nullptr : suppressions->if_array();
  if (list == nullptr || list->empty()) return false;
  for (const value& suppression : *list) {
    const std::string status = text_of(member(&suppression, "status"));
    if (status == "rejected" || status == "underReview") return false;
  }
  return true;
}

std::string rule_id(const value& result, const value* rule) {
  std::string id = Rules::name_in(result);
  if (id.empty()) id = text_of(member(rule, "id"));
  return id.empty() ? "unnamed" : id;
}

policy::Location location_of(const value& result) {
  const value* physical = member(element(member(&result, "locations"), 0), "physicalLocation");
  const value* region = member(physical, "region");
  policy::Location location;
  location.file = text_of(member(member(physical, "artifactLocation"), "uri"));
  location.line = index_of(member(region, "startLine")).value_or(0);
  location.column = index_of(member(region, "startColumn")).value_or(0);
  return location;
}

Finding finding_of(const Rules& rules, std::string_view tool, const value& result) {
  const value* message = member(&result, "message");
  std::string said = text_of(member(message, "text"));
  if (said.empty()) said = text_of(member(message, "markdown"));
  if (said.empty()) said = "no message";
  const policy::Location location = location_of(result);
  const value* rule = rules.find(result);
  Finding finding =
      policy::violation(fmt::format("sarif.{}.{}", tool, rule_id(result, rule)), severity_of(result, rule),
                        location.file, std::string{first_line(said)});
  finding.location = location;
  finding.key = text_of(member(member(&result, "partialFingerprints"), "primaryLocationLineHash"));
  return finding;
}

// SARIF 3.27.9: the tool, or a person who is still to look, has not decided.
void make_undecided(Finding& finding) {
  finding.kind = policy::FindingKind::undecided;
  finding.reason = policy::Reason::inconclusive;
  finding.severity = Severity::error;
}

// SARIF 3.20.14: a tool says whether its run was complete.
bool says_it_failed(const value& run) {
  const value* invocations = member(&run, "invocations");
  const boost::json::array* list = invocations == nullptr ? nullptr : invocations->if_array();
  if (list == nullptr) return false;
  for (const value& invocation : *list) {
    const value* successful = member(&invocation, "executionSuccessful");
    if (successful != nullptr && successful->is_bool() && !successful->get_bool()) return true;
    if (!text_of(member(&invocation, "exitSignalName")).empty()) return true;
  }
  return false;
}

void read_results(const value& run, const std::string& tool, const boost::json::array& results,
                  Evidence& evidence) {
  const Rules rules{run};
  std::size_t suppressed = 0;
  for (const value& result : results) {
    const std::string kind = text_of(member(&result, "kind"));
    if (kind == "pass" || kind == "notApplicable" || kind == "informational") continue;
    if (is_suppressed(result)) {
      ++suppressed;
    } else {
      evidence.findings.push_back(finding_of(rules, tool, result));
      if (kind == "open" || kind == "review") make_undecided(evidence.findings.back());
    }
  }
  if (suppressed > 0) {
    evidence.findings.push_back(
        policy::note("report.suppressed", tool,
                     fmt::format("{} suppressed by the tool itself", counted(suppressed, "result"))));
  }
}

const boost::json::array& array_at(const value& from, std::string_view name) {
  static const boost::json::array kEmpty;
  const value* found = member(&from, name);
  return found == nullptr || !found->is_array() ? kEmpty : found->get_array();
}

// SARIF 3.20.21: what went wrong in the tool itself. Its results may be incomplete.
bool tells_of_trouble(const value& run) {
  for (const value& invocation : array_at(run, "invocations")) {
    for (const value& notification : array_at(invocation, "toolExecutionNotifications")) {
      if (text_of(member(&notification, "level")) == "error") return true;
    }
  }
  return false;
}

// When the run ended and what it looked at, where it says so: facts `finished_at` (the earliest of
// several runs) and `revision`.
void read_origin(const value& run, Evidence& evidence) {
  for (const value& invocation : array_at(run, "invocations")) {
    const auto ended = parse_timestamp(text_of(member(&invocation, "endTimeUtc")));
    if (!ended) continue;
    const Value* known = evidence.facts.find("finished_at");
    const std::string text = to_string(*ended);
    if (known == nullptr || text < *known->as_string()) evidence.facts.set("finished_at", text);
  }
  for (const value& source : array_at(run, "versionControlProvenance")) {
    const std::string revision = text_of(member(&source, "revisionId"));
    if (!revision.empty()) evidence.facts.set("revision", revision);
  }
}

void read_run(const value& run, std::string_view path, Evidence& evidence) {
  std::string tool = text_of(member(member(member(&run, "tool"), "driver"), "name"));
  if (tool.empty()) tool = "unnamed";
  if (says_it_failed(run)) {
    evidence.findings.push_back(policy::violation("report.run_failed", Severity::error, std::string{path},
                                                  fmt::format("{} says that its run did not succeed", tool)));
  }
  if (tells_of_trouble(run)) {
    evidence.findings.push_back(policy::undecided("report.tool_trouble", policy::Reason::inconclusive,
                                                  std::string{path},
                                                  fmt::format("{} tells of errors of its own", tool)));
  }
  read_origin(run, evidence);
  const value* results = member(&run, "results");
  if (results == nullptr || !results->is_array()) {
    evidence.findings.push_back(
        policy::undecided("report.no_results", policy::Reason::no_data, std::string{path},
                          fmt::format("{} has no results, not even an empty list", tool)));
    return;
  }
  policy::count(evidence, "analyses", 1);
  read_results(run, tool, results->get_array(), evidence);
}

}  // namespace

bool is_sarif(const value& root) {
  return text_of(member(&root, "version")) == "2.1.0" && member(&root, "runs") != nullptr;
}

Result<Evidence> evidence_from_sarif(const value& root, std::string_view path) {
  const value* runs = member(&root, "runs");
  const boost::json::array* list = runs == nullptr ? nullptr : runs->if_array();
  if (list == nullptr) return Error{ErrorCode::malformed, "/runs: an array is wanted"};
  Evidence evidence;
  policy::count(evidence, "analyses", 0);
  for (const value& run : *list) {
    if (!run.is_object()) return Error{ErrorCode::malformed, "/runs: an object is wanted for each run"};
    read_run(run, path, evidence);
  }
  return evidence;
}

}  // namespace gate::load
