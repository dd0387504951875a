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

}  // namespace gate::schema
