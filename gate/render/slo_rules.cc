#include "gate/render/slo_rules.h"

#include <string_view>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/render/visible.h"

namespace gate::render {
namespace {

using slo::Rule;
using slo::RuleGroup;

// JSON's strings are YAML's, too.
void add_texts(std::string& text, std::string_view key,
               const std::vector<std::pair<std::string, std::string>>& members) {
  if (members.empty()) return;
  text += fmt::format("        {}:\n", key);
  for (const auto& [name, value] : members)
    text += fmt::format("          {}: {}\n", name, json_quoted(value));
}

void add_rule(std::string& text, const Rule& rule) {
  text += fmt::format("      - {}: {}\n", rule.alert ? "alert" : "record", rule.name);
  text += fmt::format("        expr: {}\n", json_quoted(rule.expression));
  if (rule.delay.count() > 0) text += fmt::format("        for: {}s\n", rule.delay.count());
  add_texts(text, "labels", rule.labels);
  add_texts(text, "annotations", rule.annotations);
}

void add_group(std::string& text, const RuleGroup& group) {
  text += fmt::format("  - name: {}\n", json_quoted(group.name));
  if (group.interval.count() > 0) text += fmt::format("    interval: {}s\n", group.interval.count());
  text += "    rules:\n";
  for (const Rule& rule : group.rules) add_rule(text, rule);
}

}  // namespace

std::string slo_rules_text(const slo::RuleFile& file) {
  std::string text = "# Written by slo-evaluate rules from the objectives: change those, not this file.\n";
  text += file.groups.empty() ? "groups: []\n" : "groups:\n";
  for (const RuleGroup& group : file.groups) add_group(text, group);
  for (const std::string& skipped : file.skipped)
    text += fmt::format("# no rules for {}\n", visible(skipped));
  return text;
}

}  // namespace gate::render
