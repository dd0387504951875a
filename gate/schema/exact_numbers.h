#pragma once

#include <cstddef>
#include <functional>
#include <unordered_map>
#include <utility>

#include <boost/json/value.hpp>

#include "gate/base/decimal.h"

namespace gate {

// The numbers of one document whose double does not say what the text said (0.1 does: its shortest
// digits are the text's; 9007199254740993.0 does not), by the address of the value in the document.
// Numbers beyond a double's range stand in the document as the largest finite double of that sign,
// or as zero, and here as what they are. The document must not change while this is asked.
class ExactNumbers {
 public:
  [[nodiscard]] bool empty() const { return numbers_.empty(); }

  // The exact value, or nullptr where the value itself already is.
  [[nodiscard]] const Decimal* find(const boost::json::value& value) const {
    if (numbers_.empty()) return nullptr;
    const auto found = numbers_.find(&value);
    return found == numbers_.end() ? nullptr : &found->second;
  }

  void add(const boost::json::value& value, Decimal exact) {
    numbers_.insert_or_assign(&value, std::move(exact));
  }

  // The value at `from` now lives at `to`.
  void move(const boost::json::value& from, const boost::json::value& to) {
    if (auto node = numbers_.extract(&from)) {
      node.key() = &to;
      numbers_.insert(std::move(node));
    }
  }

  void clear() { numbers_.clear(); }

 private:
  std::unordered_map<const boost::json::value*, Decimal> numbers_;
};

}  // namespace gate
