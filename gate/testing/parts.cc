#include "gate/testing/parts.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "gate/base/glob.h"
#include "gate/base/text.h"

namespace gate::testing {
namespace {

constexpr std::size_t kMostNames = 10'000;

std::optional<std::uint64_t> number(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [stop, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (problem != std::errc{} || stop != digits.data() + digits.size()) return std::nullopt;
  return value;
}

// What stands between two braces: "1..4" (as wide as its ends: "01..10") or "a,b".
Result<std::vector<std::string>> alternatives(std::string_view inside) {
  const std::size_t dots = inside.find("..");
  std::vector<std::string> out;
  if (dots == std::string_view::npos) {
    for (const std::string_view one : split(inside, ',')) out.emplace_back(trim(one));
    return out;
  }
  const auto from = number(inside.substr(0, dots));
  const auto to = number(inside.substr(dots + 2));
  if (!from || !to || *from > *to) {
    return Error{ErrorCode::malformed, fmt::format("{{{}}} is no range like {{1..4}}", inside)};
  }
  if (*to - *from >= kMostNames)
    return Error{ErrorCode::malformed, fmt::format("{{{}}} is too long a range", inside)};
  const std::size_t width = inside[0] == '0' ? dots : 0;
  for (std::uint64_t i = *from; i <= *to; ++i) out.push_back(fmt::format("{:0{}}", i, width));
  return out;
}

// Replaces the first pair of braces; the names that still hold one are expanded again.
Status expand(const std::string& pattern, std::vector<std::string>& out) {
  std::vector<std::string> open{pattern};
  while (!open.empty()) {
    if (out.size() + open.size() > kMostNames) {
      return Error{ErrorCode::malformed, fmt::format("\"{}\" stands for too many parts", pattern)};
    }
    const std::string name = std::move(open.back());
    open.pop_back();
    const std::size_t left = name.find('{');
    const std::size_t right = name.find('}');
    if (left == std::string::npos && right == std::string::npos) {
      if (name.empty()) return Error{ErrorCode::malformed, "a part needs a name"};
      out.push_back(name);
      continue;
    }
    if (left == std::string::npos || right == std::string::npos || right < left) {
      return Error{ErrorCode::malformed, fmt::format("\"{}\": a brace has no counterpart", pattern)};
    }
    const auto between = alternatives(std::string_view{name}.substr(left + 1, right - left - 1));
    if (!between) return between.error().within(fmt::format("\"{}\"", pattern));
    for (auto one = between->rbegin(); one != between->rend(); ++one) {
      open.push_back(name.substr(0, left) + *one + name.substr(right + 1));
    }
  }
  return done();
}

bool path_names(std::string_view path, std::string_view part) {
  if (is_glob(part) || part.find('/') != std::string_view::npos) return glob_matches(part, path);
  const std::vector<std::string_view> segments = split(path, '/');
  const std::string_view file = segments.back();
  if (std::find(segments.begin(), segments.end() - 1, part) != segments.end() - 1) return true;
  return file.substr(0, file.rfind('.')) == part || file.substr(0, file.find('.')) == part;
}

std::vector<std::size_t> named_by_path(const std::vector<std::string>& names, std::string_view path) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (path_names(path, names[i])) found.push_back(i);
  }
  return found;
}

void deliver(PartState& state, std::uint64_t tests) {
  if (tests > 0) {
    state = PartState::delivered;
  } else if (state == PartState::missing) {
    state = PartState::empty;
  }
}

void deliver_by_suites(const std::vector<std::string>& names, const PartSource& report, Parts& parts) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto suite = report.suites.find(names[i]);
    if (suite != report.suites.end()) deliver(parts.states[i], suite->second);
  }
}

}  // namespace

Result<std::vector<std::string>> expand_parts(const std::vector<std::string>& patterns) {
  std::vector<std::string> names;
  for (const std::string& pattern : patterns) {
    if (auto expanded = expand(pattern, names); !expanded) return expanded.error();
  }
  std::set<std::string_view> seen;
  for (const std::string& name : names) {
    if (!seen.insert(name).second) {
      return Error{ErrorCode::malformed, fmt::format("the part \"{}\" is expected twice", name)};
    }
  }
  return names;
}

Parts find_parts(const std::vector<std::string>& names, const std::vector<PartSource>& reports) {
  Parts parts;
  parts.states.assign(names.size(), PartState::missing);
  for (const PartSource& report : reports) {
    const std::vector<std::size_t> by_path = named_by_path(names, report.path);
    if (by_path.size() == 1) {
      deliver(parts.states[by_path[0]], report.tests);
    } else if (by_path.empty()) {
      deliver_by_suites(names, report, parts);
    } else {
      Ambiguity ambiguity{report.path, {}};
      for (const std::size_t i : by_path) ambiguity.parts.push_back(names[i]);
      parts.ambiguities.push_back(std::move(ambiguity));
    }
  }
  return parts;
}

}  // namespace gate::testing
