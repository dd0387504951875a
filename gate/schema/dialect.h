#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "gate/schema/name_table.h"

namespace gate::schema {

class NodeBuilder;

// Where a keyword's value holds subschemas.
enum class Shape : std::uint8_t {
  plain,            // nowhere
  schema,           // it is one
  schema_array,     // an array of them
  schema_map,       // an object of them
  schema_or_array,  // one, or an array of them
  mixed_map,        // an object of them, or of arrays that are none
};

// Puts what a keyword says into the node being built. The value has passed the meta-schema.
using Apply = void (*)(NodeBuilder& builder, const boost::json::value& value);

// One keyword. `apply` is null for annotations, and for keywords that another one reads.
struct KeywordRow {
  std::string_view name;
  Shape shape = Shape::plain;
  Apply apply = nullptr;
};

// A version of JSON Schema, as data.
struct Dialect {
  std::string_view name;  // "draft-07"
  std::string_view uri;   // what `$schema` says, without a final '#'
  std::string_view id_keyword;
  bool ref_stands_alone = false;  // a `$ref` hides every keyword beside it
  bool ids_are_anchors = false;   // an id that is only a fragment names a place
  std::span<const KeywordRow> keywords;
  std::string_view meta_schema;  // JSON text
};

const Dialect& draft_07();

// The dialect that a `$schema` names; nullptr where it is not known.
const Dialect* find_dialect(std::string_view schema_uri);

// "http://json-schema.org/draft-07/schema#" of each, for messages.
std::string supported_dialects();

// The keyword of that name, or nullptr. `dialect` is one of those above.
const KeywordRow* find_keyword(const Dialect& dialect, std::string_view name);

}  // namespace gate::schema
