#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

namespace gate::schema {

// JSON pointers that share their beginnings: a pointer is an index, its text is made only where
// somebody asks for it. Names are not copied: they must outlive the tree.
class PointerTree {
 public:
  using Index = std::uint32_t;
  static constexpr Index kRoot = 0;

  Index below(Index parent, std::string_view name) { return add({name, parent, kName}); }
  Index below(Index parent, std::size_t index) {
    return add({{}, parent, static_cast<std::uint32_t>(index)});
  }

  // RFC 6901.
  [[nodiscard]] std::string text(Index pointer) const;
  // What the pointer leads to in `root`, or nullptr.
  [[nodiscard]] const boost::json::value* find(const boost::json::value& root, Index pointer) const;

 private:
  static constexpr std::uint32_t kName = ~std::uint32_t{0};
  struct Step {
    std::string_view name;
    Index parent = kRoot;
    std::uint32_t index = kName;  // of an element; kName: it is a member
  };

  Index add(const Step& step) {
    steps_.push_back(step);
    return static_cast<Index>(steps_.size() - 1);
  }

  std::vector<Step> steps_{Step{}};  // the first is the root
};

}  // namespace gate::schema
