#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gate/load/test_reports.h"

namespace gate::load {

// What the first characters of an XML document say of its root.
struct XmlOpening {
  bool is_xml = false;              // the first thing that is no blank is a `<`
  std::optional<std::string> root;  // its local name; nullopt: not reached yet
};
XmlOpening look_at_xml(std::string_view opening);

// What the first characters of a JSON document say: its outermost keys, as far as they go.
struct JsonOpening {
  bool is_object = false;
  bool is_whole = false;               // the outermost object ends within the characters
  std::vector<std::string_view> keys;  // raw, between the quotes
  std::vector<char> values;            // the first character of each key's value
};
JsonOpening look_at_json(std::string_view opening);

}  // namespace gate::load
