#pragma once

#include <string>
#include <vector>

#include "gate/schema/program.h"

namespace gate::schema {

// A schema whose references never come to a value.
struct Descent {
  NodeIndex node = 0;
  std::string why;
};

// Schemas that apply themselves to the same value again, or others in a chain too long to follow:
// evaluation would not end. At most one.
std::vector<Descent> find_endless(const Program& program);

}  // namespace gate::schema
