#include "gate/policy/exemption.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "gate/base/glob.h"
#include "gate/base/text.h"

namespace gate::policy {
namespace {

// The longest part of a glob that every name it matches holds. `**/` may match nothing, so slashes
// are in no such part.
std::string_view literal_part(std::string_view glob) {
  std::string_view longest;
  while (!glob.empty()) {
    const std::size_t length = std::min(glob.find_first_of("*?/"), glob.size());
    if (length > longest.size()) longest = glob.substr(0, length);
    glob.remove_prefix(std::min(length + 1, glob.size()));
  }
  return longest;
}

// A glob that first looks for what must be there as it stands: most names fail there.
class Pattern {
 public:
  explicit Pattern(std::string text)
      : text_(std::move(text)), literal_(literal_part(text_)), is_glob_(is_glob(text_)) {}

  [[nodiscard]] bool matches(std::string_view name) const {
    if (!is_glob_) return name == text_;
    return name.find(literal_) != std::string_view::npos && glob_matches(text_, name);
  }

 private:
  std::string text_;
  std::string literal_;
  bool is_glob_;
};

bool any_matches(const std::vector<Pattern>& patterns, std::string_view name) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const Pattern& p) { return p.matches(name); });
}

std::vector<Pattern> patterns_of(const std::vector<std::string>& globs) {
  return {globs.begin(), globs.end()};
}

// A test id is one name, not a path: a character that is in no id takes the place of its slashes.
std::string as_one_segment(std::string_view text) {
  return replace_all(text, "/", "\x01");
}

std::vector<Pattern> test_patterns_of(const std::vector<std::string>& globs) {
  std::vector<Pattern> patterns;
  patterns.reserve(globs.size());
  for (const std::string& glob : globs) patterns.emplace_back(as_one_segment(glob));
  return patterns;
}

// What the scopes are compared with; the costly parts only once a scope asks for them.
class Target {
 public:
  explicit Target(const Finding& finding) : finding_(finding) {}

  [[nodiscard]] const Finding& finding() const { return finding_; }
  const std::string& test_id() {
    if (!test_id_) test_id_ = as_one_segment(finding_.subject);
    return *test_id_;
  }
  const std::string& fingerprint() {
    if (!fingerprint_) fingerprint_ = policy::fingerprint(finding_);
    return *fingerprint_;
  }

 private:
  const Finding& finding_;
  std::optional<std::string> test_id_;
  std::optional<std::string> fingerprint_;
};

// A record made ready for many findings, and how many more it may take.
class Taker {
 public:
  explicit Taker(const Exemption& exemption)
      : exemption_(exemption),
        rule_(exemption.rule),
        paths_(patterns_of(exemption.scope.paths)),
        tests_(test_patterns_of(exemption.scope.tests)),
        left_(exemption.max_findings.value_or(std::numeric_limits<std::uint64_t>::max())) {}

  [[nodiscard]] const Exemption& exemption() const { return exemption_; }

  [[nodiscard]] bool covers(std::string_view rule) const { return rule_.matches(rule); }

  // Whether it takes a finding of a rule that it covers.
  [[nodiscard]] bool takes(Target& target) const { return left_ > 0 && in_scope(target); }

  Exempted take(Finding finding) {
    --left_;
    return {std::move(finding), exemption_.id, exemption_.owner, exemption_.ticket, exemption_.expires};
  }

 private:
  [[nodiscard]] bool in_scope(Target& target) const {
    const Scope& scope = exemption_.scope;
    if (scope == Scope{}) return false;
    const Finding& finding = target.finding();
    if (!paths_.empty() && !any_matches(paths_, finding.subject) &&
        (finding.location.file.empty() || !any_matches(paths_, finding.location.file))) {
      return false;
    }
    if (!tests_.empty() && !any_matches(tests_, target.test_id())) return false;
    const auto& prints = scope.fingerprints;
    return prints.empty() || std::find(prints.begin(), prints.end(), target.fingerprint()) != prints.end();
  }

  const Exemption& exemption_;
  Pattern rule_;
  std::vector<Pattern> paths_;
  std::vector<Pattern> tests_;
  std::uint64_t left_;
};

// The records of a register in the order in which they take findings.
class Takers {
 public:
  explicit Takers(const std::vector<Exemption>& in_force) {
    std::vector<std::size_t> order(in_force.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return in_force[a].expires < in_force[b].expires; });
    for (const std::size_t index : order) takers_.emplace_back(in_force[index]);
  }

  // The record that takes `finding`, or nullptr.
  Taker* find(const Finding& finding) {
    Target target{finding};
    for (const std::size_t index : of_rule(finding.rule)) {
      if (takers_[index].takes(target)) return &takers_[index];
    }
    return nullptr;
  }

 private:
  // The records for that rule, found once a rule: there are few rules and many findings.
  const std::vector<std::size_t>& of_rule(const std::string& rule) {
    const auto [entry, is_new] = by_rule_.try_emplace(rule);
    for (std::size_t i = 0; is_new && i < takers_.size(); ++i) {
      if (takers_[i].covers(rule)) entry->second.push_back(i);
    }
    return entry->second;
  }

  std::vector<Taker> takers_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_rule_;
};

}  // namespace

bool is_exemptable(std::string_view rule) {
  constexpr std::array<std::string_view, 5> kFamilies{"check", "exemption", "gate", "inputs", "report"};
  constexpr std::array<std::string_view, 8> kRules{"schema.malformed_document", "slo.samples.malformed",
                                                   "tests.claimed_failures",    "tests.counted_by_attributes",
                                                   "tests.empty_report",        "tests.malformed_report",
                                                   "tests.missing_part",        "tests.zero"};
  const auto family = rule.substr(0, rule.find('.'));
  return std::find(kFamilies.begin(), kFamilies.end(), family) == kFamilies.end() &&
         std::find(kRules.begin(), kRules.end(), rule) == kRules.end();
}

Split split_by_exemption(std::vector<Finding> findings, const std::vector<Exemption>& in_force) {
  Split split;
  Takers takers{in_force};
  for (Finding& finding : findings) {
    const bool may_pass = finding.kind == FindingKind::violation && is_exemptable(finding.rule);
    Taker* taker = may_pass ? takers.find(finding) : nullptr;
    if (taker != nullptr) {
      split.exempted.push_back(taker->take(std::move(finding)));
    } else {
      split.active.push_back(std::move(finding));
    }
  }
  return split;
}

}  // namespace gate::policy
