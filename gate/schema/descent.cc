#include "gate/schema/descent.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

namespace gate::schema {
namespace {

constexpr std::size_t kLongestChain = 256;

// Calls `visit` for each schema that the node applies to the very value it is given. Where a dynamic
// reference leads depends on the way to it: of those only the likeliest is followed, and evaluation has
// its own limit.
template <class Visit>
void for_each_in_place(const Program& program, const Node& node, const Visit& visit) {
  const auto one = [&visit](NodeIndex index) {
    if (index != kNoNode) visit(index);
  };
  one(node.ref);
  if (node.object != kNoRule) {
    for (const Dependency& dependency : program.objects[node.object].dependencies) one(dependency.node);
  }
  if (node.logic == kNoRule) return;
  const Logic& logic = program.logics[node.logic];
  if (logic.dynamic != kNoRule) one(program.dynamic_refs[logic.dynamic].fallback);
  for (const NodeIndex index : logic.all_of) one(index);
  for (const NodeIndex index : logic.any_of) one(index);
  for (const NodeIndex index : logic.one_of) one(index);
  for (const NodeIndex index : {logic.negated, logic.condition, logic.then, logic.otherwise}) one(index);
}

// Depth-first, with the longest chain below each node remembered.
class Search {
 public:
  explicit Search(const Program& program) : program_(program), length_(program.nodes.size(), kUnknown) {}

  std::vector<Descent> run() {
    for (NodeIndex node = 0; node < program_.nodes.size() && found_.empty(); ++node) visit(node, 0);
    return std::move(found_);
  }

 private:
  static constexpr std::size_t kUnknown = ~std::size_t{0};
  static constexpr std::size_t kOpen = kUnknown - 1;

  std::size_t visit(NodeIndex index, std::size_t depth) {
    if (!found_.empty()) return 0;
    if (length_[index] == kOpen)
      return fail(index, "a reference leads back to itself without coming to a value");
    if (length_[index] != kUnknown) return length_[index];
    if (depth > kLongestChain) return too_long(index);
    length_[index] = kOpen;
    std::size_t longest = 0;
    for_each_in_place(program_, program_.nodes[index],
                      [&](NodeIndex next) { longest = std::max(longest, visit(next, depth + 1) + 1); });
    length_[index] = longest;
    return longest > kLongestChain ? too_long(index) : longest;
  }

  std::size_t too_long(NodeIndex index) {
    return fail(index, fmt::format("a chain of more than {} schemas applies to one value", kLongestChain));
  }

  std::size_t fail(NodeIndex index, std::string why) {
    if (found_.empty()) found_.push_back({index, std::move(why)});
    return 0;
  }

  const Program& program_;
  std::vector<std::size_t> length_;
  std::vector<Descent> found_;
};

}  // namespace

std::vector<Descent> find_endless(const Program& program) {
  return Search{program}.run();
}

}  // namespace gate::schema
