#include "gate/testing/copies.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace gate::testing {
namespace {

std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view{"."} : path.substr(0, slash);
}

// Some reports added up.
struct Sum {
  std::size_t reports = 0;
  std::uint64_t tests = 0;
  Digest digest;
};

void add(Sum& sum, const Countable& report) {
  ++sum.reports;
  sum.tests += report.tests;
  sum.digest = sum.digest + report.digest;
}

// Whether `report`, one of those in `sum`, equals all the others together.
bool sums_up(const Countable& report, const Sum& sum) {
  constexpr std::size_t kItselfAndTwo = 3;
  return sum.reports >= kItselfAndTwo && report.tests > 1 && report.duration.count() > 0 &&
         sum.tests == 2 * report.tests && sum.digest == report.digest + report.digest;
}

}  // namespace

std::vector<Copy> find_copies(const std::vector<Countable>& reports) {
  std::vector<Copy> copies;
  std::map<std::string_view, std::size_t> first_of;
  std::map<std::string_view, Sum> folders;
  Sum all;
  std::vector<std::size_t> originals;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const auto [first, is_new] = first_of.emplace(reports[i].sha256, i);
    if (!is_new) {
      copies.push_back(Copy{i, first->second, {}});
      continue;
    }
    originals.push_back(i);
    if (reports[i].tests == 0) continue;
    add(all, reports[i]);
    add(folders[folder_of(reports[i].path)], reports[i]);
  }
  for (const std::size_t i : originals) {
    const std::string_view folder = folder_of(reports[i].path);
    if (sums_up(reports[i], folders[folder])) {
      copies.push_back(Copy{i, std::nullopt, std::string{folder}});
    } else if (sums_up(reports[i], all)) {
      copies.push_back(Copy{i, std::nullopt, {}});
    }
  }
  std::sort(copies.begin(), copies.end(), [](const Copy& a, const Copy& b) { return a.report < b.report; });
  return copies;
}

}  // namespace gate::testing
