#include "gate/schema/pointer_tree.h"

#include <algorithm>

#include "gate/base/json_pointer.h"

namespace gate::schema {

std::string PointerTree::text(Index pointer) const {
  std::vector<Index> path;
  for (; pointer != kRoot; pointer = steps_[pointer].parent) path.push_back(pointer);
  std::reverse(path.begin(), path.end());
  std::string out;
  for (const Index at : path) {
    const Step& step = steps_[at];
    step.index == kName ? append_token(out, step.name)
                        : append_token(out, static_cast<std::size_t>(step.index));
  }
  return out;
}

const boost::json::value* PointerTree::find(const boost::json::value& root, Index pointer) const {
  if (pointer == kRoot) return &root;
  const Step& step = steps_[pointer];
  const boost::json::value* parent = find(root, step.parent);
  if (parent == nullptr) return nullptr;
  if (step.index != kName) {
    const auto* elements = parent->if_array();
    return elements == nullptr ? nullptr : elements->if_contains(step.index);
  }
  const auto* members = parent->if_object();
  return members == nullptr ? nullptr : members->if_contains({step.name.data(), step.name.size()});
}

}  // namespace gate::schema
