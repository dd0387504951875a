#include "gate/policy/exemption.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "gate/base/glob.h"
#include "gate/base/text.h"

namespace gate::policy {
namespace {

// A glob that first compares what stands before its first wildcard: most patterns fail there.
class Pattern {
 public:
  explicit Pattern(std::string text)
      : text_(std::move(text)), literal_(std::min(text_.find_first_of("*?"), text_.size())) {}

  [[nodiscard]] bool matches(std::string_view name) const {
    if (name.compare(0, literal_, text_, 0, literal_) != 0) return false;
    return literal_ == text_.size() ? name.size() == literal_ : glob_matches(text_, name);
  }

 private:
  std::string text_;
  std::size_t literal_;
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

  [[nodiscard]] bool takes(Target& target) const {
    return left_ > 0 && rule_.matches(target.finding().rule) && in_scope(target);
  }

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

// The records of a register by rule, each list in the order in which records take findings.
class Takers {
 public:
  explicit Takers(const std::vector<Exemption>& in_force) {
    std::vector<std::size_t> order(in_force.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return in_force[a].expires < in_force[b].expires; });
    for (const std::size_t index : order) takers_.emplace_back(in_force[index]);
    for (std::size_t i = 0; i < takers_.size(); ++i) {
      const std::string& rule = takers_[i].exemption().rule;
      (is_glob(rule) ? of_globs_ : by_rule_[rule]).push_back(i);
    }
  }

  // The record that takes `finding`, or nullptr.
  Taker* find(const Finding& finding) {
    Target target{finding};
    const auto exact = by_rule_.find(finding.rule);
    const std::size_t first = exact == by_rule_.end() ? kNone : first_of(exact->second, target, kNone);
    const std::size_t best = std::min(first, first_of(of_globs_, target, first));
    return best == kNone ? nullptr : &takers_[best];
  }

 private:
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

  std::size_t first_of(const std::vector<std::size_t>& indexes, Target& target, std::size_t before) const {
    for (const std::size_t index : indexes) {
      if (index >= before) return kNone;
      if (takers_[index].takes(target)) return index;
    }
    return kNone;
  }

  std::vector<Taker> takers_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_rule_;
  std::vector<std::size_t> of_globs_;
};

}  // namespace

bool is_exemptable(std::string_view rule) {
  const auto family = rule.substr(0, rule.find('.'));
  return family != "exemption" && family != "gate";
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
