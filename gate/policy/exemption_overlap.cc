#include "gate/policy/exemption_overlap.h"

#include <algorithm>
#include <map>
#include <string>

#include "gate/base/glob.h"
#include "gate/base/text.h"

namespace gate::policy {
namespace {

// Pairs of characters compared; a quarter of a second.
constexpr std::uint64_t kMaxSteps = 20'000'000;

// How two lists of a scope relate.
enum class Shared { nothing, something, unknown };  // unknown: one of them does not say

class Comparison {
 public:
  explicit Comparison(const std::vector<const Exemption*>& records) : records_(records) {}

  Overlaps run() && {
    const std::map<std::string, std::vector<std::size_t>> groups = group_by_rule();
    for (auto a = groups.begin(); a != groups.end(); ++a) {
      compare_within(a->second);
      // Two rules that are no globs are one only when they are the same.
      for (auto b = std::next(a); b != groups.end(); ++b) {
        if (!is_glob(a->first) && !is_glob(b->first)) continue;
        if (intersect(a->first, b->first)) compare_between(a->second, b->second);
      }
    }
    return collect();
  }

 private:
  [[nodiscard]] std::map<std::string, std::vector<std::size_t>> group_by_rule() const {
    std::map<std::string, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < records_.size(); ++i) groups[records_[i]->rule].push_back(i);
    return groups;
  }

  void compare_within(const std::vector<std::size_t>& group) {
    for (std::size_t i = 0; i < group.size(); ++i) {
      for (std::size_t j = i + 1; j < group.size(); ++j) compare(group[i], group[j]);
    }
  }

  void compare_between(const std::vector<std::size_t>& some, const std::vector<std::size_t>& others) {
    for (const std::size_t i : some) {
      for (const std::size_t j : others) compare(i, j);
    }
  }

  void compare(std::size_t i, std::size_t j) {
    if (!spend(1) || records_[i]->expires == records_[j]->expires) return;
    const bool i_sooner = records_[i]->expires < records_[j]->expires;
    const Overlap overlap = i_sooner ? Overlap{j, i} : Overlap{i, j};
    if (overlaps_.count(overlap.later) > 0 || !share(records_[i]->scope, records_[j]->scope)) return;
    overlaps_.emplace(overlap.later, overlap.sooner);
  }

  bool share(const Scope& a, const Scope& b) {
    const Shared parts[] = {shared(a.fingerprints, b.fingerprints), shared(a.paths, b.paths),
                            shared(a.tests, b.tests)};
    const auto holds = [&](Shared wanted) {
      return std::find(std::begin(parts), std::end(parts), wanted) != std::end(parts);
    };
    return holds(Shared::something) && !holds(Shared::nothing);
  }

  Shared shared(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    if (a.empty() || b.empty()) return Shared::unknown;
    for (const std::string& one : a) {
      for (const std::string& other : b) {
        if (intersect(one, other)) return Shared::something;
      }
    }
    return Shared::nothing;
  }

  bool intersect(const std::string& a, const std::string& b) {
    if (!spend(1)) return false;
    if (a == b) return true;
    const std::size_t literal = std::min({a.find_first_of("*?"), b.find_first_of("*?"), a.size(), b.size()});
    if (a.compare(0, literal, b, 0, literal) != 0) return false;
    return spend(a.size() * b.size()) && globs_intersect(a, b);
  }

  // Whether that many steps are left.
  bool spend(std::uint64_t steps) {
    if (steps_ + steps > kMaxSteps) {
      complete_ = false;
      return false;
    }
    steps_ += steps;
    return true;
  }

  [[nodiscard]] Overlaps collect() const {
    Overlaps all;
    for (const auto& [later, sooner] : overlaps_) all.found.push_back({later, sooner});
    all.complete = complete_;
    return all;
  }

  const std::vector<const Exemption*>& records_;
  std::map<std::size_t, std::size_t> overlaps_;
  std::uint64_t steps_ = 0;
  bool complete_ = true;
};

}  // namespace

Overlaps find_overlaps(const std::vector<const Exemption*>& records) {
  return Comparison{records}.run();
}

}  // namespace gate::policy
