#include "gate/schema/branches.h"

#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "gate/base/json_pointer.h"
#include "gate/schema/fault_text.h"

namespace gate::schema {
namespace {

bool is_choice_of_value(const Fault& fault) {
  return fault.keyword == "const" || fault.keyword == "enum";
}

// Whether the fault is with a direct member of the value at `instance`.
bool is_member(const Fault& fault, std::string_view instance) {
  return fault.instance.size() > instance.size() && fault.instance.starts_with(instance) &&
         fault.instance.find('/', instance.size() + 1) == std::string::npos;
}

// Members whose value is not the one that the branch names: what tells branches apart.
std::set<std::string_view> refuted(const std::vector<Fault>& faults, std::string_view instance) {
  std::set<std::string_view> members;
  for (const Fault& fault : faults) {
    if (is_choice_of_value(fault) && is_member(fault, instance)) members.insert(fault.instance);
  }
  return members;
}

bool has_wrong_type(const std::vector<Fault>& faults, std::string_view instance) {
  return std::any_of(faults.begin(), faults.end(), [&](const Fault& fault) {
    return fault.keyword == "type" && fault.instance == instance;
  });
}

std::size_t deepest(const std::vector<Fault>& faults) {
  std::size_t depth = 0;
  for (const Fault& fault : faults) depth = std::max(depth, pointer_depth(fault.instance));
  return depth;
}

// Branches that the value cannot have been meant for: of another type, or told off by a member that
// some other branch of the right type is content with.
std::vector<bool> ruled_out(const std::vector<std::vector<Fault>>& branches, std::string_view instance) {
  std::vector<bool> out(branches.size());
  std::vector<std::set<std::string_view>> members(branches.size());
  for (std::size_t i = 0; i < branches.size(); ++i) {
    out[i] = has_wrong_type(branches[i], instance);
    members[i] = refuted(branches[i], instance);
  }
  const std::vector<bool> wrong_type = out;
  for (std::size_t i = 0; i < branches.size(); ++i) {
    for (std::size_t other = 0; other < branches.size() && !out[i]; ++other) {
      if (wrong_type[other]) continue;
      out[i] = std::any_of(members[i].begin(), members[i].end(),
                           [&](std::string_view member) { return !members[other].contains(member); });
    }
  }
  return out;
}

}  // namespace

Choice choose_branch(const std::vector<std::vector<Fault>>& branches, std::string_view instance) {
  const std::vector<bool> out = ruled_out(branches, instance);
  const auto left = std::count(out.begin(), out.end(), false);
  const auto rank = [&](std::size_t i) {
    return std::tuple{left > 0 && out[i], ~deepest(branches[i]), branches[i].size()};
  };
  Choice choice{0, left == 1};
  for (std::size_t i = 1; i < branches.size(); ++i) {
    if (rank(i) < rank(choice.branch)) choice.branch = i;
  }
  return choice;
}

std::optional<std::vector<std::string>> only_types(const std::vector<std::vector<Fault>>& branches,
                                                   std::string_view instance) {
  std::vector<std::string> names;
  for (const std::vector<Fault>& faults : branches) {
    if (faults.size() != 1 || faults[0].keyword != "type" || faults[0].instance != instance)
      return std::nullopt;
    names.insert(names.end(), faults[0].expected.begin(), faults[0].expected.end());
  }
  return names;
}

std::optional<Fault> find_common_refusal(const std::vector<std::vector<Fault>>& branches,
                                         std::string_view instance) {
  std::optional<std::set<std::string_view>> common;
  for (const std::vector<Fault>& faults : branches) {
    if (has_wrong_type(faults, instance)) continue;
    const std::set<std::string_view> members = refuted(faults, instance);
    if (!common) common = members;
    std::erase_if(*common, [&](std::string_view member) { return !members.contains(member); });
  }
  if (branches.size() < 2 || !common || common->size() != 1) return std::nullopt;
  std::optional<Fault> refusal;
  for (const std::vector<Fault>& faults : branches) {
    for (const Fault& fault : faults) {
      if (!is_choice_of_value(fault) || fault.instance != *common->begin()) continue;
      if (!refusal) {
        refusal = fault;
        continue;
      }
      refusal->expected.insert(refusal->expected.end(), fault.expected.begin(), fault.expected.end());
    }
  }
  const std::string said = refusal->value == "[redacted]" ? "the value" : refusal->value;
  refusal->message = fmt::format("{} is not one of {}", said, listed(refusal->expected));
  return refusal;
}

}  // namespace gate::schema
