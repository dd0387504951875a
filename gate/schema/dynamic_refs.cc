#include "gate/schema/dynamic_refs.h"

#include <algorithm>
#include <utility>

namespace gate::schema {

RuleIndex DynamicRefs::add(Program& program, NodeIndex fallback, std::optional<std::string_view> anchor) {
  DynamicRef ref{fallback, DynamicRef::kStatic};
  if (anchor) {
    const auto found = std::find(anchors_.begin(), anchors_.end(), *anchor);
    ref.anchor = static_cast<std::uint32_t>(found - anchors_.begin());
    if (found == anchors_.end()) anchors_.push_back(*anchor);
  }
  program.dynamic_refs.push_back(ref);
  return static_cast<RuleIndex>(program.dynamic_refs.size() - 1);
}

void DynamicRefs::enter(ResourceIndex resource) {
  if (resource >= entered_.size()) entered_.resize(resource + 1, false);
  entered_[resource] = true;
}

std::vector<PlaceIndex> DynamicRefs::targets(const Places& places) const {
  std::vector<PlaceIndex> targets;
  for (const std::string_view anchor : anchors_) {
    for (const PlaceIndex place : places.resources().find_dynamic(anchor)) {
      const ResourceIndex resource = places[place].resource;
      if (resource < entered_.size() && entered_[resource]) targets.push_back(place);
    }
  }
  return targets;
}

void DynamicRefs::finish(Program& program, const Places& places, const std::vector<NodeIndex>& nodes) const {
  for (const std::string_view anchor : anchors_) {
    DynamicAnchor declared;
    for (const PlaceIndex place : places.resources().find_dynamic(anchor)) {
      if (place < nodes.size() && nodes[place] != kNoNode) {
        declared.emplace_back(places[place].resource, nodes[place]);
      }
    }
    std::sort(declared.begin(), declared.end());
    program.dynamic_anchors.push_back(std::move(declared));
  }
  for (DynamicRef& ref : program.dynamic_refs) {
    if (ref.anchor == DynamicRef::kStatic) continue;
    if (program.dynamic_anchors[ref.anchor].size() == 1) ref.anchor = DynamicRef::kStatic;
    program.has_dynamic_scope = program.has_dynamic_scope || ref.anchor != DynamicRef::kStatic;
  }
  for (Node& node : program.nodes) {
    if (node.logic == kNoRule || node.ref != kNoNode) continue;
    RuleIndex& dynamic = program.logics[node.logic].dynamic;
    if (dynamic == kNoRule || program.dynamic_refs[dynamic].anchor != DynamicRef::kStatic) continue;
    node.ref = program.dynamic_refs[std::exchange(dynamic, kNoRule)].fallback;
  }
}

}  // namespace gate::schema
