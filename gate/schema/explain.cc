#include "gate/schema/explain.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "gate/schema/assertions.h"
#include "gate/schema/branches.h"
#include "gate/schema/fault_log.h"
#include "gate/schema/fault_text.h"
#include "gate/schema/types.h"

namespace gate::schema {
namespace {

// Walks an invalid document along its schema and writes down everything that fails.
class Explainer {
 public:
  Explainer(const Program& program, const ExplainOptions& options)
      : program_(program),
        limits_(options.limits),
        evaluator_(program, options.limits),
        log_(program, options.max_faults),
        assertions_(program, evaluator_, log_) {}

  Explanation run(const Cell& document) {
    const Outcome outcome = evaluator_.evaluate(document);
    if (outcome == Outcome::valid) return {};
    if (program_.has_sensitive) {
      log_.collect(true);
      node(program_.root, document);
      log_.collect(false);
    }
    steps_ = 0;
    out_of_steps_ = false;
    node(program_.root, document);
    // What failed may have failed because of the limit: only the limit is certain.
    if (outcome == Outcome::gave_up) log_.keep_undecided();
    if (outcome == Outcome::gave_up || evaluator_.gave_up() || out_of_steps_) note_undecided();
    if (outcome == Outcome::invalid && !log_.has_fault()) note_invalid();
    return log_.take();
  }

 private:
  // The verdict stands even where the limits kept its reason from being found.
  void note_invalid() {
    Fault fault;
    fault.keyword = "invalid";
    fault.message = "the document is invalid; why could not be found out within the limits";
    log_.add(std::move(fault));
  }

  void note_undecided() {
    if (log_.has_undecided()) return;
    Fault fault;
    fault.keyword = "budget";
    fault.message = "the document could not be checked within the limits";
    fault.undecided = true;
    log_.add(std::move(fault));
  }

  bool spend() {
    constexpr std::uint64_t kMaxSteps = 20'000'000;
    if (++steps_ <= kMaxSteps) return true;
    out_of_steps_ = true;
    return false;
  }

  void node(NodeIndex index, const Cell& at) {
    if (index == kNoNode || !spend()) return;
    if (++depth_ > limits_.depth) {
      out_of_steps_ = true;
    } else {
      node_within_depth(program_.nodes[index], at);
    }
    --depth_;
  }

  void node_within_depth(const Node& node, const Cell& at) {
    const std::size_t outer = evaluator_.enter(node);
    if (node.sensitive && log_.is_collecting()) log_.mark_sensitive();
    assertions_.check(node, at);
    if (at.is_array() && node.array != kNoRule) items(node, program_.arrays[node.array], at);
    if (at.is_object() && node.object != kNoRule) properties(node, program_.objects[node.object], at);
    this->node(node.ref, at);
    if (node.logic != kNoRule) {
      const Logic& rules = program_.logics[node.logic];
      logic(node, rules, at);
      if (rules.dynamic != kNoRule) this->node(evaluator_.target(program_.dynamic_refs[rules.dynamic]), at);
      // Where no alternative fits, what the right one would have evaluated is not known.
      if (rules.unevaluated != kNoRule && !without_alternative_.contains(&at))
        unevaluated(node, program_.unevaluated[rules.unevaluated], at);
    }
    evaluator_.leave(outer);
  }

  void items(const Node& node, const ArrayRules& rules, const Cell& at) {
    const bool closed = rules.rest != kNoNode && program_.nodes[rules.rest].never && !rules.prefix.empty();
    std::size_t i = 0;
    for (const Cell& element : at.elements()) {
      const bool in_prefix = i < rules.prefix.size();
      if (closed && !in_prefix) {
        const std::string many = too_many(at.size, "item", "items", rules.prefix.size());
        log_.below(i, element, [&] { log_.add(element, {node, rules.rest_keyword, "the array " + many}); });
        break;
      }
      log_.below(i, element, [&] { this->node(in_prefix ? rules.prefix[i] : rules.rest, element); });
      ++i;
    }
  }

  void properties(const Node& node, const ObjectRules& rules, const Cell& at) {
    const std::set<std::string_view> present = names_of(at.members());
    for (const Member member : at.members()) {
      log_.below(member, [&] { property(node, rules, present, member); });
    }
    for (const Dependency& dependency : rules.dependencies) {
      if (present.contains(dependency.name)) this->node(dependency.node, at);
    }
  }

  void property(const Node& node, const ObjectRules& rules, const std::set<std::string_view>& present,
                const Member& member) {
    const std::string_view name = member.key();
    const Cell& at = member.value;
    bool evaluated = false;
    if (const NameEntry* entry = rules.names.find(name)) {
      this->node(entry->node, at);
      evaluated = entry->declared;
    }
    for (const PatternProperty& property : rules.patterns) {
      const Match match = evaluator_.test(property.pattern, name);
      if (match == Match::limit) {
        log_.add_undecided(at,
                           {node, "patternProperties",
                            fmt::format("matching the name of {} with the pattern {} takes too long",
                                        log_.say_property(name), quoted(property.source))},
                           "pattern_limit");
      }
      if (match != Match::yes) continue;
      this->node(property.node, at);
      evaluated = true;
    }
    if (rules.property_names != kNoNode) property_name(node, rules, member);
    if (evaluated) return;
    if (rules.closed) return unexpected(node, rules, present, member);
    this->node(rules.additional, at);
  }

  void unexpected(const Node& node, const ObjectRules& rules, const std::set<std::string_view>& present,
                  const Member& member) {
    std::vector<std::string_view> absent;
    for (const NameEntry& entry : rules.names.entries()) {
      if (entry.declared && !present.contains(entry.name)) absent.push_back(entry.name);
    }
    not_allowed(node, "additionalProperties", member, absent);
  }

  void not_allowed(const Node& node, std::string_view keyword, const Member& member,
                   const std::vector<std::string_view>& absent) {
    const std::string hint = log_.hint(member.key(), absent);
    Said said{node, keyword, fmt::format("{} is not allowed{}", log_.say_property(member.key()), hint)};
    said.at_key = true;
    log_.add(member.value, std::move(said));
  }

  void unevaluated(const Node& node, const Unevaluated& rules, const Cell& at) {
    const bool members = at.is_object() && rules.has_properties;
    if (!members && !(at.is_array() && rules.has_items)) return;
    const auto index = static_cast<NodeIndex>(&node - program_.nodes.data());
    const std::vector<const Cell*> evaluated = evaluator_.evaluated(index, at);
    const auto is_left = [&](const Cell& part) {
      return !std::binary_search(evaluated.begin(), evaluated.end(), &part);
    };
    if (members) {
      unevaluated_members(node, rules.properties, at, is_left);
    } else {
      unevaluated_items(node, rules.items, at, is_left);
    }
  }

  template <class IsLeft>
  void unevaluated_members(const Node& node, NodeIndex schema, const Cell& at, const IsLeft& is_left) {
    if (schema == kNoNode) return;
    const std::set<std::string_view> present = names_of(at.members());
    std::set<std::string_view> known;
    std::set<NodeIndex> seen;
    collect_names(static_cast<NodeIndex>(&node - program_.nodes.data()), known, seen);
    std::vector<std::string_view> absent;
    std::set_difference(known.begin(), known.end(), present.begin(), present.end(),
                        std::back_inserter(absent));
    for (const Member member : at.members()) {
      if (!is_left(member.value)) continue;
      log_.below(member, [&] {
        if (program_.nodes[schema].never) return not_allowed(node, "unevaluatedProperties", member, absent);
        this->node(schema, member.value);
      });
    }
  }

  template <class IsLeft>
  void unevaluated_items(const Node& node, NodeIndex schema, const Cell& at, const IsLeft& is_left) {
    if (schema == kNoNode) return;
    std::size_t i = 0;
    for (const Cell& element : at.elements()) {
      const std::size_t index = i++;
      if (!is_left(element)) continue;
      log_.below(index, element, [&] {
        if (!program_.nodes[schema].never) return this->node(schema, element);
        log_.add(element, {node, "unevaluatedItems", fmt::format("item {} is not allowed", index)});
      });
    }
  }

  // The names that a node and what applies beside it declare.
  void collect_names(NodeIndex index, std::set<std::string_view>& names, std::set<NodeIndex>& seen) const {
    if (index == kNoNode || !seen.insert(index).second) return;
    const Node& node = program_.nodes[index];
    const auto collect = [&](NodeIndex next) { collect_names(next, names, seen); };
    if (node.object != kNoRule) {
      for (const NameEntry& entry : program_.objects[node.object].names.entries()) names.insert(entry.name);
    }
    collect(node.ref);
    if (node.logic == kNoRule) return;
    const Logic& logic = program_.logics[node.logic];
    for (const auto* nodes : {&logic.all_of, &logic.any_of, &logic.one_of}) {
      std::for_each(nodes->begin(), nodes->end(), collect);
    }
    for (const NodeIndex next : {logic.condition, logic.then, logic.otherwise}) collect(next);
  }

  void property_name(const Node& node, const ObjectRules& rules, const Member& member) {
    if (evaluator_.accepts(rules.property_names, member.name)) return;
    const std::vector<Fault> why = faults_of(rules.property_names, member.name);
    Said said{node, "propertyNames",
              fmt::format("the name of {} is not allowed", log_.say_property(member.key()))};
    if (!why.empty()) said.message += ": " + why.front().message;
    said.at_key = true;
    log_.add(member.value, std::move(said));
  }

  void logic(const Node& node, const Logic& logic, const Cell& at) {
    for (const NodeIndex one : logic.all_of) this->node(one, at);
    if (!logic.any_of.empty()) alternatives(node, "anyOf", logic.any_of, at);
    if (!logic.one_of.empty()) alternatives(node, "oneOf", logic.one_of, at);
    if (logic.negated != kNoNode && evaluator_.accepts(logic.negated, at)) {
      log_.add(at, {node, "not", log_.say(at) + " is what \"not\" excludes"});
    }
    if (logic.condition == kNoNode) return;
    this->node(evaluator_.accepts(logic.condition, at) ? logic.then : logic.otherwise, at);
  }

  void alternatives(const Node& node, std::string_view keyword, const std::vector<NodeIndex>& nodes,
                    const Cell& at) {
    std::vector<std::string> fitting;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (evaluator_.accepts(nodes[i], at)) fitting.push_back(std::to_string(i + 1));
    }
    if (log_.is_collecting()) {
      for (const NodeIndex one : nodes) this->node(one, at);
      return;
    }
    if (fitting.size() == 1 || (fitting.size() > 1 && keyword == "anyOf")) return;
    if (fitting.size() > 1) {
      log_.add(at, {node, keyword,
                    fmt::format("{} fits alternatives {} of {}, but only one may fit", log_.say(at),
                                listed(fitting), nodes.size())});
      return;
    }
    std::vector<std::vector<Fault>> branches;
    for (const NodeIndex one : nodes) branches.push_back(faults_of(one, at));
    none_fits(node, keyword, std::move(branches), at);
  }

  void none_fits(const Node& node, std::string_view keyword, std::vector<std::vector<Fault>> branches,
                 const Cell& at) {
    without_alternative_.insert(&at);
    if (const auto names = only_types(branches, log_.path())) {
      const TypeMask types = types_named(*names);
      log_.add(at, {node, keyword, fmt::format("{} {}", log_.say(at), is_none_of(types)), type_names(types)});
      return;
    }
    if (auto refusal = find_common_refusal(branches, log_.path())) return log_.add(std::move(*refusal));
    const Choice choice = choose_branch(branches, log_.path());
    std::vector<Fault>& chosen = branches[choice.branch];
    if (!choice.is_certain && !chosen.empty() && !chosen.front().message.ends_with(" alternatives)")) {
      chosen.front().message += fmt::format(" (the closest of {} alternatives)", branches.size());
    }
    for (Fault& fault : chosen) log_.add(std::move(fault));
  }

  // What is wrong with one value under one schema, apart from everything found so far.
  std::vector<Fault> faults_of(NodeIndex index, const Cell& at) {
    return log_.aside([&] { node(index, at); });
  }

  const Program& program_;
  EvaluationLimits limits_;
  Evaluator evaluator_;
  FaultLog log_;
  Assertions assertions_;
  std::set<const Cell*> without_alternative_;  // values that an `anyOf` or `oneOf` has none for
  std::size_t depth_ = 0;
  std::uint64_t steps_ = 0;
  bool out_of_steps_ = false;
};

}  // namespace

Explanation explain(const Program& program, const Cell& document, const ExplainOptions& options) {
  return Explainer{program, options}.run(document);
}

}  // namespace gate::schema
