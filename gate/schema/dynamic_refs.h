#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "gate/schema/places.h"
#include "gate/schema/program.h"

namespace gate::schema {

// The dynamic references of a program under construction, and where they may lead: to every place that
// declares the anchor, in a resource that evaluation can come through.
class DynamicRefs {
 public:
  // `anchor`: where the reference is dynamic indeed.
  RuleIndex add(Program& program, NodeIndex fallback, std::optional<std::string_view> anchor);
  // A node stands in that resource.
  void enter(ResourceIndex resource);
  // All places that the references so far may lead to.
  [[nodiscard]] std::vector<PlaceIndex> targets(const Places& places) const;
  // Writes down where each may lead; one with a single target becomes an ordinary reference.
  void finish(Program& program, const Places& places, const std::vector<NodeIndex>& nodes) const;

 private:
  std::vector<std::string_view> anchors_;
  std::vector<bool> entered_;  // by resource
};

}  // namespace gate::schema
