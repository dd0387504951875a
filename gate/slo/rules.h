#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace gate::slo {

// One rule of a Prometheus rule file: a recorded series, or an alert.
struct Rule {
  bool alert = false;
  std::string name;
  std::string expression;         // PromQL
  std::chrono::seconds delay{0};  // an alert's `for`
  std::vector<std::pair<std::string, std::string>> labels;
  std::vector<std::pair<std::string, std::string>> annotations;

  bool operator==(const Rule&) const = default;
};

// Rules that are evaluated one after the other.
struct RuleGroup {
  std::string name;
  std::chrono::seconds interval{0};  // 0: the server's own
  std::vector<Rule> rules;

  bool operator==(const RuleGroup&) const = default;
};

// A rule file, and which objectives it does not hold, and why.
struct RuleFile {
  std::vector<RuleGroup> groups;
  std::vector<std::string> skipped;

  bool operator==(const RuleFile&) const = default;
};

}  // namespace gate::slo
