#include "gate/schema/output_units.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "gate/base/json_pointer.h"
#include "gate/base/json_text.h"
#include "gate/schema/assertions.h"
#include "gate/schema/equality.h"
#include "gate/schema/fault_log.h"
#include "gate/schema/fault_text.h"

namespace gate::schema {
namespace {

constexpr std::size_t kMaxUnits = 20'000;
constexpr std::size_t kMaxText = std::size_t{8} << 20U;  // of all units

// Keywords that say something about a value and never that it is wrong.
constexpr auto kAnnotations = std::to_array<std::string_view>(
    {"title", "description", "default", "deprecated", "readOnly", "writeOnly", "examples", "format",
     "contentEncoding", "contentMediaType", "contentSchema"});

// What the result of a subschema does to that of the schema it stands in.
enum class Role { must, any, one, negated, condition, item };

// Walks a document along its schema, every branch of it.
class OutputWalk {
 public:
  OutputWalk(const Program& program, const EvaluationLimits& limits)
      : program_(program),
        limits_(limits),
        evaluator_(program, limits),
        log_(program, kMaxUnits),
        assertions_(program, evaluator_, log_) {}

  OutputUnits run(const Cell& document) {
    OutputUnits units;
    units.outcome = evaluator_.evaluate(document);
    mark(document);
    if (auto root = unit(program_.root, document)) units.root = std::move(*root);
    units.complete = complete_;
    return units;
  }

 private:
  // Where the walk is, beside its place in the document.
  class Step {
   public:
    Step(std::string& path, std::string_view keyword) : path_(path), length_(path.size()) {
      append_token(path_, keyword);
    }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;
    ~Step() { path_.resize(length_); }

    template <class Token>
    void then(const Token& token) {
      append_token(path_, token);
    }

   private:
    std::string& path_;
    std::size_t length_;
  };

  // Goes ahead for what is sensitive, as a schema may say so after another has quoted the value. No text is
  // kept on the way, so it comes at least as far as the walk itself.
  void mark(const Cell& document) {
    const auto sensitive = [](const Node& node) { return node.sensitive; };
    if (std::none_of(program_.nodes.begin(), program_.nodes.end(), sensitive)) return;
    marking_ = true;
    unit(program_.root, document);
    marking_ = false;
    complete_ = true;
    units_ = text_ = 0;
  }

  // The unit of one schema and one value; nullopt where it may not be followed.
  std::optional<OutputUnit> unit(NodeIndex index, const Cell& at) {
    if (!has_room()) return std::nullopt;
    ++depth_;
    const Node& node = program_.nodes[index];
    const std::size_t outer = evaluator_.enter(node);
    if (node.sensitive) log_.mark_sensitive();
    OutputUnit unit = begun(location_of(index));
    for (const Fault& fault : log_.aside([&] { assertions_.check(node, at); })) {
      unit.valid = false;
      if (!takes(unit, fault.message)) break;
      unit.errors.emplace_back(fault.keyword == "false" ? "" : fault.keyword, fault.message);
    }
    subschemas(node, at, unit);
    if (unit.valid) annotate(index, unit);
    evaluator_.leave(outer);
    --depth_;
    return unit;
  }

  // Whether one more unit may follow.
  bool has_room() {
    if (++units_ <= kMaxUnits && text_ <= kMaxText && depth_ < limits_.depth) return true;
    complete_ = false;
    return false;
  }

  // Whether one more error or annotation may: it is written with the unit's places.
  bool takes(const OutputUnit& unit, std::string_view what) {
    if (marking_) return false;
    if (text_ > kMaxText) {
      complete_ = false;
      return false;
    }
    text_ += places_of(unit) + what.size();
    return true;
  }

  static std::size_t places_of(const OutputUnit& unit) {
    return unit.evaluation_path.size() + unit.schema_location.size() + unit.instance_location.size();
  }

  OutputUnit begun(std::string location) {
    OutputUnit unit;
    unit.evaluation_path = path_;
    unit.schema_location = std::move(location);
    unit.instance_location = log_.shown_path();
    text_ += places_of(unit);
    return unit;
  }

  // Adds the unit of a subschema; false where it rejects the value.
  bool add(OutputUnit& parent, NodeIndex node, const Cell& at, Role role) {
    if (node == kNoNode) return true;
    auto child = unit(node, at);
    if (!child) return true;
    const bool valid = child->valid;
    child->counts = role == Role::must || role == Role::any || role == Role::one;
    if (role == Role::must) parent.valid = parent.valid && valid;
    parent.details.push_back(std::move(*child));
    return valid;
  }

  bool apply(OutputUnit& parent, std::string_view keyword, NodeIndex node, const Cell& at,
             Role role = Role::must) {
    const Step step{path_, keyword};
    return add(parent, node, at, role);
  }

  template <class Token>
  bool apply(OutputUnit& parent, std::string_view keyword, const Token& token, NodeIndex node, const Cell& at,
             Role role = Role::must) {
    Step step{path_, keyword};
    step.then(token);
    return add(parent, node, at, role);
  }

  void subschemas(const Node& node, const Cell& at, OutputUnit& unit) {
    if (node.ref != kNoNode) apply(unit, reference_keyword(node, "$ref"), node.ref, at);
    if (at.is_object() && node.object != kNoRule) members(program_.objects[node.object], at, unit);
    if (at.is_array() && node.array != kNoRule) elements(program_.arrays[node.array], at, unit);
    if (node.logic == kNoRule) return;
    const Logic& rules = program_.logics[node.logic];
    logic(rules, at, unit);
    if (rules.dynamic != kNoRule) {
      const DynamicRef& ref = program_.dynamic_refs[rules.dynamic];
      apply(unit, reference_keyword(node, "$dynamicRef"), evaluator_.target(ref), at);
    }
    if (rules.unevaluated != kNoRule) unevaluated(node, program_.unevaluated[rules.unevaluated], at, unit);
  }

  void members(const ObjectRules& rules, const Cell& at, OutputUnit& unit) {
    for (const Member member : at.members()) {
      log_.below(member, [&] { this->member(rules, member, unit); });
    }
    for (const Dependency& dependency : rules.dependencies) {
      if (at.members().find(dependency.name) == nullptr) continue;
      apply(unit, dependency.keyword, dependency.name, dependency.node, at);
    }
  }

  void member(const ObjectRules& rules, const Member& member, OutputUnit& unit) {
    bool evaluated = false;
    if (const NameEntry* entry = rules.names.find(member.key())) {
      evaluated = entry->declared;
      apply(unit, "properties", member.key(), entry->node, member.value);
    }
    for (const PatternProperty& property : rules.patterns) {
      if (evaluator_.test(property.pattern, member.key()) != Match::yes) continue;
      evaluated = true;
      apply(unit, "patternProperties", property.source, property.node, member.value);
    }
    if (rules.property_names != kNoNode) apply(unit, "propertyNames", rules.property_names, member.name);
    if (evaluated) return;
    if (rules.closed) return unexpected(unit, "additionalProperties", member.key());
    apply(unit, "additionalProperties", rules.additional, member.value);
  }

  // A member that a subschema `false` rejects, which needs no node.
  void unexpected(OutputUnit& parent, std::string_view keyword, std::string_view name) {
    parent.valid = false;
    if (!has_room()) return;
    const Step step{path_, keyword};
    OutputUnit unit = begun(below(parent.schema_location, keyword));
    unit.valid = false;
    unit.errors.emplace_back("", log_.say_property(name) + " is not allowed");
    parent.details.push_back(std::move(unit));
  }

  [[nodiscard]] const boost::json::object* schema_of(NodeIndex index) const {
    const Origin& origin = program_.origins[index];
    const auto* schema = program_.pointers.find(*program_.sources[origin.source].root, origin.pointer);
    return schema == nullptr ? nullptr : schema->if_object();
  }

  // What the schema calls its reference: one that is dynamic only by name was compiled as any other.
  [[nodiscard]] std::string_view reference_keyword(const Node& node, std::string_view likely) const {
    const auto* schema = schema_of(static_cast<NodeIndex>(&node - program_.nodes.data()));
    for (const std::string_view keyword : {likely, std::string_view{"$dynamicRef"}}) {
      if (schema != nullptr && schema->contains(keyword)) return keyword;
    }
    return "$recursiveRef";
  }

  // The place of a schema: its resource's URI, and where it stands in that.
  [[nodiscard]] std::string location_of(NodeIndex index) const {
    const Origin& origin = program_.origins[index];
    const ResourceName& resource = program_.resources[origin.resource];
    std::string pointer = program_.pointers.text(origin.pointer);
    if (pointer.starts_with(resource.pointer)) pointer.erase(0, resource.pointer.size());
    return resource.uri + "#" + pointer;
  }

  static std::string below(std::string location, std::string_view keyword) {
    append_token(location, keyword);
    return location;
  }

  void elements(const ArrayRules& rules, const Cell& at, OutputUnit& unit) {
    std::size_t i = 0;
    for (const Cell& element : at.elements()) {
      log_.below(i, element, [&] {
        if (i < rules.prefix.size()) {
          apply(unit, rules.prefix_keyword, i, rules.prefix[i], element);
        } else {
          apply(unit, rules.rest_keyword, rules.rest, element);
        }
        apply(unit, "contains", rules.contains, element, Role::item);
      });
      ++i;
    }
  }

  void logic(const Logic& logic, const Cell& at, OutputUnit& unit) {
    for (std::size_t i = 0; i < logic.all_of.size(); ++i) apply(unit, "allOf", i, logic.all_of[i], at);
    if (!logic.any_of.empty()) {
      const std::size_t fitting = alternatives("anyOf", logic.any_of, at, unit, Role::any);
      if (fitting == 0) fail(unit, "anyOf", "none of the alternatives fits");
    }
    if (!logic.one_of.empty()) {
      const std::size_t fitting = alternatives("oneOf", logic.one_of, at, unit, Role::one);
      if (fitting == 0) fail(unit, "oneOf", "none of the alternatives fits");
      if (fitting > 1) fail(unit, "oneOf", fmt::format("{} alternatives fit, but only one may", fitting));
    }
    if (logic.negated != kNoNode && apply(unit, "not", logic.negated, at, Role::negated))
      fail(unit, "not", log_.say(at) + " is what \"not\" excludes");
    if (logic.condition == kNoNode) return;
    if (apply(unit, "if", logic.condition, at, Role::condition)) {
      apply(unit, "then", logic.then, at);
    } else {
      apply(unit, "else", logic.otherwise, at);
    }
  }

  // How many of them fit. Where some do, those that do not are no reason for anything.
  std::size_t alternatives(std::string_view keyword, const std::vector<NodeIndex>& nodes, const Cell& at,
                           OutputUnit& unit, Role role) {
    const std::size_t first = unit.details.size();
    std::size_t fitting = 0;
    for (std::size_t i = 0; i < nodes.size(); ++i)
      fitting += apply(unit, keyword, i, nodes[i], at, role) ? 1U : 0U;
    if (fitting == 0) return 0;
    for (std::size_t i = first; i < unit.details.size(); ++i) unit.details[i].counts = unit.details[i].valid;
    return fitting;
  }

  static void fail(OutputUnit& unit, std::string keyword, std::string message) {
    unit.valid = false;
    unit.errors.emplace_back(std::move(keyword), std::move(message));
  }

  void unevaluated(const Node& node, const Unevaluated& rules, const Cell& at, OutputUnit& unit) {
    const auto index = static_cast<NodeIndex>(&node - program_.nodes.data());
    const std::vector<const Cell*> evaluated = evaluator_.evaluated(index, at);
    const auto is_left = [&](const Cell& part) {
      return !std::binary_search(evaluated.begin(), evaluated.end(), &part);
    };
    if (at.is_object() && rules.has_properties) {
      for (const Member member : at.members()) {
        if (!is_left(member.value)) continue;
        log_.below(member, [&] { apply(unit, "unevaluatedProperties", rules.properties, member.value); });
      }
    }
    if (!at.is_array() || !rules.has_items) return;
    std::size_t i = 0;
    for (const Cell& element : at.elements()) {
      if (is_left(element)) {
        log_.below(i, element, [&] { apply(unit, "unevaluatedItems", rules.items, element); });
      }
      ++i;
    }
  }

  void annotate(NodeIndex index, OutputUnit& unit) {
    const auto* schema = schema_of(index);
    if (schema == nullptr) return;
    const ExactNumbers& exact = *program_.sources[program_.origins[index].source].exact;
    for (const auto& member : *schema) {
      const std::string_view keyword = view(member.key());
      const bool says = std::find(kAnnotations.begin(), kAnnotations.end(), keyword) != kAnnotations.end();
      if (!says && !keyword.starts_with("x-")) continue;
      std::string json = whole_json(instance_of(member.value(), exact).root());
      if (!takes(unit, json)) return;
      unit.annotations.emplace_back(keyword, std::move(json));
    }
  }

  const Program& program_;
  EvaluationLimits limits_;
  Evaluator evaluator_;
  FaultLog log_;
  Assertions assertions_;
  std::string path_;
  std::size_t units_ = 0;
  std::size_t text_ = 0;  // bytes that the units take, about
  std::size_t depth_ = 0;
  bool complete_ = true;
  bool marking_ = false;
};

}  // namespace

OutputUnits find_output_units(const Program& program, const Cell& document, const EvaluationLimits& limits) {
  return OutputWalk{program, limits}.run(document);
}

}  // namespace gate::schema
