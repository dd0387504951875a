#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/value.hpp>

#include "gate/schema/exact_numbers.h"
#include "gate/schema/format.h"
#include "gate/schema/instance.h"
#include "gate/schema/name_table.h"
#include "gate/schema/number.h"
#include "gate/schema/pattern.h"
#include "gate/schema/pointer_tree.h"

namespace gate::schema {

// A schema as it runs: plain tables, one node a subschema, every reference an index. It points into
// the schema documents it was compiled from, which must outlive it.

// Bits of the JSON types. An integer passes `number` too, so `number` is both of its bits.
using TypeMask = std::uint8_t;
constexpr TypeMask kNullType = 1;
constexpr TypeMask kBooleanType = 2;
constexpr TypeMask kIntegerType = 4;
constexpr TypeMask kFractionType = 8;
constexpr TypeMask kNumberType = kIntegerType | kFractionType;
constexpr TypeMask kStringType = 16;
constexpr TypeMask kArrayType = 32;
constexpr TypeMask kObjectType = 64;
constexpr TypeMask kAnyType = 127;

using RuleIndex = std::uint32_t;
constexpr RuleIndex kNoRule = ~RuleIndex{0};
constexpr std::uint64_t kNoCount = std::numeric_limits<std::uint64_t>::max();

// A schema document, and where it came from.
struct Source {
  const boost::json::value* root = nullptr;
  const ExactNumbers* exact = nullptr;
  std::string uri;   // absolute, without a fragment: what references in it are resolved against
  std::string name;  // for messages: the path it was read from, else its URI
};

// How a node is decided that asks for one simple thing, as most leaves of most schemas do.
enum class Shortcut : std::uint8_t {
  none,      // by its rules
  type,      // by the value's type
  sequence,  // texts by a class sequence, other values by their type
  words,     // by a short list of texts
  range,     // numbers by plain bounds, other values by their type
};

struct Enumeration;
struct PlainRange;

// One subschema. Tables it does not need are kNoRule.
struct Node {
  TypeMask types = kAnyType;
  Shortcut shortcut = Shortcut::none;
  bool never = false;                // the schema `false`
  bool sensitive = false;            // `x-sensitive`: values are not to be quoted
  bool integers_as_written = false;  // draft-04: `1.0` is no integer
  bool is_special = false;           // evaluation must look at its resource, or beyond what most schemas have
  NodeIndex ref = kNoNode;
  RuleIndex enumeration = kNoRule;
  RuleIndex constant = kNoRule;  // an enumeration of one
  RuleIndex number = kNoRule;
  RuleIndex string = kNoRule;
  RuleIndex array = kNoRule;
  RuleIndex object = kNoRule;
  RuleIndex logic = kNoRule;
  union {  // of the shortcut
    const ClassSequence* sequence = nullptr;
    const Enumeration* words;
    const PlainRange* range;
  };
};

// Where a node stands.
struct Origin {
  std::uint32_t source = 0;        // of Program::sources
  std::uint32_t resource = 0;      // of Program::resources
  PointerTree::Index pointer = 0;  // of Program::pointers
};

// `enum` or `const`.
struct Enumeration {
  bool is_const = false;
  Instance values;  // one array of them, as written
  std::vector<std::string_view> strings;
  NameTable string_table;           // of many strings; else empty
  std::vector<const Cell*> others;  // what is no string
};

// Bounds as machine numbers say them, both ends within: for integers of 64 bits, and for doubles.
struct PlainRange {
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

struct NumberRules {
  std::optional<Number> minimum;
  std::optional<Number> maximum;
  std::optional<Number> exclusive_minimum;
  std::optional<Number> exclusive_maximum;
  std::optional<Divisor> divisor;
  std::optional<Number> multiple_of;
  std::optional<PlainRange> plain;  // where that is all there is to it
};

struct StringRules {
  std::uint64_t min_length = 0;  // in code points
  std::uint64_t max_length = kNoCount;
  RuleIndex pattern = kNoRule;
  std::optional<Format> format;  // as an assertion
};

struct ArrayRules {
  std::uint64_t min_items = 0;
  std::uint64_t max_items = kNoCount;
  bool unique = false;
  std::vector<NodeIndex> prefix;    // schemas of the first elements; kNoNode: anything
  NodeIndex rest = kNoNode;         // of all others
  bool has_rest = false;            // there is one, if only `true`
  std::string_view prefix_keyword;  // what the dialect calls these two
  std::string_view rest_keyword;
  NodeIndex contains = kNoNode;
  std::uint64_t min_contains = 1;
  std::uint64_t max_contains = kNoCount;
  bool contains_marks = false;  // what it fits is evaluated
};

struct PatternProperty {
  std::string_view source;
  RuleIndex pattern = kNoRule;
  NodeIndex node = kNoNode;
};

struct Dependency {
  std::string_view name;
  std::string_view keyword;
  std::vector<std::string_view> required;
  NodeIndex node = kNoNode;
};

struct ObjectRules {
  NameTable names;
  std::size_t required = 0;  // how many of them
  std::uint64_t min_properties = 0;
  std::uint64_t max_properties = kNoCount;
  std::vector<PatternProperty> patterns;
  bool closed = false;          // additionalProperties: false
  bool has_additional = false;  // there is one, if only `true`
  NodeIndex additional = kNoNode;
  NodeIndex property_names = kNoNode;
  std::vector<Dependency> dependencies;
};

// What applies to the very value that the schema is given.
struct Logic {
  std::vector<NodeIndex> all_of;
  std::vector<NodeIndex> any_of;
  std::vector<NodeIndex> one_of;
  NodeIndex negated = kNoNode;
  NodeIndex condition = kNoNode;
  NodeIndex then = kNoNode;
  NodeIndex otherwise = kNoNode;
  RuleIndex dynamic = kNoRule;
  RuleIndex unevaluated = kNoRule;
};

// A `$dynamicRef` or `$recursiveRef`: leads to where the outermost resource on the way to it declares
// the anchor, and where none does, to the node it names.
struct DynamicRef {
  static constexpr std::uint32_t kStatic = ~std::uint32_t{0};

  NodeIndex fallback = kNoNode;
  std::uint32_t anchor = kStatic;  // of Program::dynamic_anchors
};

// What resources declare one dynamic anchor, by resource.
using DynamicAnchor = std::vector<std::pair<std::uint32_t, NodeIndex>>;

// `unevaluatedProperties` and `unevaluatedItems`, beside keywords that apply to the same value.
struct Unevaluated {
  bool has_properties = false;
  bool has_items = false;
  NodeIndex properties = kNoNode;  // kNoNode: anything goes
  NodeIndex items = kNoNode;
};

// A schema resource: what an identifier names, as a whole.
struct ResourceName {
  std::string uri;           // absolute, without a fragment
  std::uint32_t source = 0;  // of Program::sources
  std::string pointer;       // of its root in that source
};

struct Program {
  NodeIndex root = 0;
  std::vector<Node> nodes;
  std::vector<Origin> origins;  // of the nodes, by the same index
  PointerTree pointers;
  std::vector<Enumeration> enumerations;
  std::vector<NumberRules> numbers;
  std::vector<StringRules> strings;
  std::vector<ArrayRules> arrays;
  std::vector<ObjectRules> objects;
  std::vector<Logic> logics;
  std::vector<DynamicRef> dynamic_refs;
  std::vector<DynamicAnchor> dynamic_anchors;
  std::vector<Unevaluated> unevaluated;
  std::vector<Pattern> patterns;
  std::vector<std::string_view> pattern_sources;  // of the patterns, by the same index
  std::vector<Source> sources;
  std::vector<ResourceName> resources;
  bool has_sensitive = false;
  bool has_dynamic_scope = false;  // a dynamic reference may lead to more than one place
};

}  // namespace gate::schema
