#include "server/exemptions/coverage.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "gate/base/glob.h"

namespace server::exemptions {
namespace {

using gate::policy::CheckedExemption;
using gate::policy::Scope;

constexpr std::size_t kMostSteps = 5'000'000;

// Compares globs until the bound is reached.
class Comparer {
 public:
  [[nodiscard]] bool is_exhausted() const { return steps_ > kMostSteps; }

  bool share(const std::string& a, const std::string& b) {
    steps_ += (a.size() + 1) * (b.size() + 1);
    return !is_exhausted() && gate::globs_intersect(a, b);
  }

  bool share_any(const std::vector<std::string>& globs, const std::string& other) {
    return std::any_of(globs.begin(), globs.end(),
                       [&](const std::string& glob) { return share(glob, other); });
  }

  bool holds(const std::string& glob, const std::string& asked) {
    steps_ += (glob.size() + 1) * (asked.size() + 1);
    return !is_exhausted() && is_certainly_in(asked, glob);
  }

  bool any_holds(const std::vector<std::string>& globs, const std::string& asked) {
    return std::any_of(globs.begin(), globs.end(),
                       [&](const std::string& glob) { return holds(glob, asked); });
  }

 private:
  std::size_t steps_ = 0;
};

bool is_narrowed(const Scope& scope) {
  return scope.paths.empty() || !scope.tests.empty() || !scope.fingerprints.empty();
}

Covering covering_of(const CheckedExemption& record, const Question& question, Comparer& comparer) {
  const Scope& scope = record.exemption.scope;
  Covering covering{&record, {}, {}};
  if (question.rule && !comparer.share(record.exemption.rule, *question.rule)) return covering;
  const bool can_be_whole =
      !is_narrowed(scope) && (!question.rule || comparer.holds(record.exemption.rule, *question.rule));
  for (const std::string& file : question.files) {
    if (scope.paths.empty() ? scope == Scope{} : !comparer.share_any(scope.paths, file)) continue;
    covering.files.push_back(file);
    if (can_be_whole && comparer.any_holds(scope.paths, file)) covering.whole.push_back(file);
  }
  return covering;
}

}  // namespace

bool is_certainly_in(const std::string& asked, const std::string& glob) {
  if (asked == glob || glob == "**") return true;
  if (!gate::is_glob(asked)) return gate::glob_matches(glob, asked);
  constexpr std::string_view kAllBelow = "/**";
  if (!glob.ends_with(kAllBelow)) return false;
  const std::string folder = glob.substr(0, glob.size() - kAllBelow.size());
  return !folder.empty() && !gate::is_glob(folder) && asked.starts_with(folder + "/");
}

Coverage find_coverage(const Question& question, const gate::policy::CheckedRegister& checked) {
  Coverage coverage;
  Comparer comparer;
  for (const CheckedExemption& record : checked.records) {
    if (comparer.is_exhausted()) break;
    Covering covering = covering_of(record, question, comparer);
    if (!covering.files.empty()) coverage.found.push_back(std::move(covering));
  }
  coverage.complete = !comparer.is_exhausted();
  const auto is_covered = [&](const std::string& file) {
    return std::any_of(coverage.found.begin(), coverage.found.end(), [&](const Covering& covering) {
      return is_in_force(*covering.record) &&
             std::find(covering.whole.begin(), covering.whole.end(), file) != covering.whole.end();
    });
  };
  std::copy_if(question.files.begin(), question.files.end(), std::back_inserter(coverage.uncovered),
               [&](const std::string& file) { return !is_covered(file); });
  return coverage;
}

}  // namespace server::exemptions
