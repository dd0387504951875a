#include "gate/render/sarif.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "gate/base/utf8.h"
#include "gate/render/visible.h"
#include "gate/render/wording.h"

namespace gate::render {
namespace {

constexpr std::string_view kSchema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
constexpr std::size_t kResultsBytes = 262'144;  // of tool-specific results

// A result to be written: a finding, and the record that exempted it or none.
struct Entry {
  const policy::Finding* finding;
  const policy::Exempted* exempted;
};

// RFC 3986: everything but unreserved characters and `/`, so that no segment reads as a scheme.
std::string percent_encoded(std::string_view path) {
  constexpr std::string_view kPlain = "-._~/";
  std::string out;
  for (const char c : path) {
    const bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (alphanumeric || kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
  }
  return out;
}

std::string uri_of(std::string_view path) {
  while (path.substr(0, 2) == "./") path.remove_prefix(2);
  const std::string encoded = percent_encoded(with_valid_utf8(path));
  return !encoded.empty() && encoded.front() == '/' ? "file://" + encoded : encoded;
}

// Writes the one run of a report, and collects its rules while it writes the results.
class Writer {
 public:
  explicit Writer(const policy::Report& report) : report_(report) {
    for (const policy::Finding& finding : report.active) entries_.push_back({&finding, nullptr});
    std::stable_sort(entries_.begin(), entries_.end(), [&](const Entry& a, const Entry& b) {
      return weight_of(report.mode, *a.finding) < weight_of(report.mode, *b.finding);
    });
    for (const policy::Exempted& exempted : report.exempted) {
      entries_.push_back({&exempted.finding, &exempted});
    }
    left_out_ = total_omitted(report.omitted);
    if (entries_.size() > kSarifResults) {
      left_out_ += entries_.size() - kSarifResults;
      entries_.resize(kSarifResults);
    }
  }

  Value log() {
    Value results = Value::array();
    for (const Entry& entry : entries_) results.push(result(entry));
    Value run = Value::object({{"tool", Value::object({{"driver", driver()}})}});
    run.set("automationDetails",
            Value::object({{"id", fmt::format("release-gate/{}/", visible(report_.run.check))}}));
    run.set("invocations", Value::array().push(invocation()));
    run.set("columnKind", "unicodeCodePoints");
    run.set("results", std::move(results));
    run.set("properties", properties());
    return Value::object(
        {{"$schema", kSchema}, {"version", "2.1.0"}, {"runs", Value::array().push(std::move(run))}});
  }

 private:
  std::size_t rule_index(const std::string& rule) {
    const auto [at, added] = rule_indices_.try_emplace(rule, rules_.size());
    if (added) rules_.push_back(rule);
    return at->second;
  }

  Value driver() const {
    Value rules = Value::array();
    for (const std::string& rule : rules_) {
      const std::string words = fmt::format("Findings of the rule {}.", visible(rule));
      rules.push(Value::object({{"id", visible(rule)},
                                {"shortDescription", Value::object({{"text", words}})},
                                {"fullDescription", Value::object({{"text", words}})},
                                {"help", Value::object({{"text", words}})}}));
    }
    return Value::object({{"name", visible(report_.run.tool.name)},
                          {"version", visible(report_.run.tool.version)},
                          {"rules", std::move(rules)}});
  }

  std::string_view level_of(const policy::Finding& finding) const {
    if (finding.kind == policy::FindingKind::undecided) {
      return lets_pass(report_.verdict) ? "warning" : "error";
    }
    return policy::name_of(policy::effective_severity(report_.mode, finding));
  }

  Value physical_location(const policy::Location& location) const {
    std::string uri = uri_of(location.file);
    if (uri.empty() && !report_.inputs.empty()) uri = uri_of(report_.inputs.front().path);
    if (uri.empty()) uri = "gate.toml";
    Value region = Value::object({{"startLine", std::max<std::size_t>(location.line, 1)}});
    if (location.column > 0) region.set("startColumn", location.column);
    return Value::object(
        {{"artifactLocation", Value::object({{"uri", uri}})}, {"region", std::move(region)}});
  }

  Value location_of(const policy::Finding& finding) const {
    Value location = Value::object({{"physicalLocation", physical_location(finding.location)}});
    const std::string& name = finding.location.pointer.empty() ? finding.subject : finding.location.pointer;
    if (!name.empty()) {
      location.set("logicalLocations",
                   Value::array().push(Value::object({{"fullyQualifiedName", visible(name)}})));
    }
    return location;
  }

  Value result(const Entry& entry) {
    const policy::Finding& finding = *entry.finding;
    const std::string fingerprint = policy::fingerprint(finding);
    Value made = Value::object({{"ruleId", visible(finding.rule)},
                                {"ruleIndex", rule_index(finding.rule)},
                                {"level", level_of(finding)},
                                {"message", Value::object({{"text", visible(sentence(finding))}})},
                                {"locations", Value::array().push(location_of(finding))}});
    made.set("partialFingerprints", Value::object({{"primaryLocationLineHash", fingerprint + ":1"}}));
    if (entry.exempted != nullptr) {
      made.set(
          "suppressions",
          Value::array().push(Value::object({{"kind", "external"},
                                             {"status", "accepted"},
                                             {"justification", visible(exempted_by(*entry.exempted))}})));
    }
    Value properties = Value::object({{"kind", policy::name_of(finding.kind)}});
    if (finding.reason != policy::Reason::none) properties.set("reason", policy::name_of(finding.reason));
    if (!finding.check.empty()) properties.set("check", finding.check);
    return made.set("properties", std::move(properties));
  }

  Value invocation() const {
    Value made = Value::object({{"executionSuccessful", true},
                                {"startTimeUtc", to_string(report_.run.started_at)},
                                {"endTimeUtc", to_string(report_.run.finished_at)}});
    if (left_out_ == 0) return made;
    const std::string words = fmt::format("{} counted and not listed here.", counted(left_out_, "finding"));
    return made.set("toolExecutionNotifications",
                    Value::array().push(Value::object(
                        {{"level", "warning"}, {"message", Value::object({{"text", words}})}})));
  }

  Value properties() const {
    Value made = Value::object({{"check", report_.run.check},
                                {"verdict", policy::name_of(report_.verdict)},
                                {"decidedBy", report_.decided_by},
                                {"mode", policy::name_of(report_.mode)},
                                {"runId", report_.run.run_id},
                                {"asOf", to_string(report_.run.as_of)},
                                {"facts", report_.facts}});
    if (report_.run.git_sha) made.set("gitSha", *report_.run.git_sha);
    if (to_compact_json(report_.results).size() <= kResultsBytes) made.set("results", report_.results);
    return made;
  }

  const policy::Report& report_;
  std::vector<Entry> entries_;
  std::size_t left_out_ = 0;
  std::vector<std::string> rules_;
  std::map<std::string, std::size_t> rule_indices_;
};

}  // namespace

std::string as_sarif(const policy::Report& report) {
  return break_commands(to_json(Writer{report}.log()), kBreakInJson) + "\n";
}

}  // namespace gate::render
