#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "gate/schema/program.h"

namespace gate::schema {

// What a keyword needs of the compiler.
class NodeSource {
 public:
  virtual ~NodeSource() = default;

  // The node of a subschema of the document being compiled.
  virtual NodeIndex node_of(const boost::json::value& schema) = 0;
  // The node a `$ref` leads to, seen from the node being built; a defect is noted where it leads nowhere.
  virtual NodeIndex node_at(std::string_view reference) = 0;
  // What a `$dynamicRef` says, or a `$recursiveRef`.
  virtual RuleIndex dynamic_at(std::string_view reference) = 0;
  virtual RuleIndex recursive() = 0;
  // The format to hold strings to; nullopt where it is an annotation. A remark is made where an
  // assertion has a name without a meaning.
  virtual std::optional<Format> asserted_format(std::string_view name) = 0;
  // The compiled pattern; a defect is noted at `keyword`, or at its member of that name.
  virtual RuleIndex pattern_of(std::string_view pattern, std::string_view keyword, bool is_member) = 0;
};

// One node under construction: the rules that its keywords gave so far.
class NodeBuilder {
 public:
  NodeBuilder(const boost::json::object& schema, const ExactNumbers& exact, NodeSource& source)
      : schema_(schema), exact_(exact), source_(source) {}

  [[nodiscard]] const boost::json::value* sibling(std::string_view keyword) const {
    return schema_.if_contains(keyword);
  }
  [[nodiscard]] const ExactNumbers& exact() const { return exact_; }
  [[nodiscard]] Number number_of(const boost::json::value& value) const { return Number{value, exact_}; }
  [[nodiscard]] NodeSource& source() { return source_; }

  // The node of a subschema, or kNoNode where it allows everything and says nothing.
  NodeIndex check_of(const boost::json::value& schema);
  NodeIndex check_of(const boost::json::value* schema) {
    return schema == nullptr ? kNoNode : check_of(*schema);
  }
  std::vector<NodeIndex> nodes_of(const boost::json::array& schemas);

  // The schemas of the first elements of an array, and that of the others where there is one.
  void set_prefix(std::string_view keyword, const boost::json::array& schemas);
  void set_rest(std::string_view keyword, const boost::json::value* schema);

  // The entry of a property name, made if there is none.
  NameEntry& name(std::string_view name);
  // The same for a name that `properties` has; called in its order.
  NameEntry& declared_name(std::string_view name);

  NumberRules& numbers() { return number_ ? *number_ : number_.emplace(); }
  StringRules& strings() { return string_ ? *string_ : string_.emplace(); }
  ArrayRules& arrays() { return array_ ? *array_ : array_.emplace(); }
  ObjectRules& objects() { return object_ ? *object_ : object_.emplace(); }
  Logic& logic() { return logic_ ? *logic_ : logic_.emplace(); }
  Unevaluated& unevaluated() { return unevaluated_ ? *unevaluated_ : unevaluated_.emplace(); }
  void set_enumeration(Enumeration values) {
    (values.is_const ? constant_ : enumeration_) = std::move(values);
  }

  // Puts the rules into the program; `node` then refers to them.
  Node finish(Program& program);

  Node node;

 private:
  const boost::json::object& schema_;
  const ExactNumbers& exact_;
  NodeSource& source_;
  std::optional<Enumeration> enumeration_;
  std::optional<Enumeration> constant_;
  std::optional<NumberRules> number_;
  std::optional<StringRules> string_;
  std::optional<ArrayRules> array_;
  std::optional<ObjectRules> object_;
  [[nodiscard]] std::vector<NameEntry> ordered_names() const;

  std::vector<NameEntry> names_;
  std::vector<std::size_t> declared_;  // of those, as `properties` has them
  std::unordered_map<std::string_view, std::size_t> name_index_;
  std::optional<Logic> logic_;
  std::optional<Unevaluated> unevaluated_;
};

}  // namespace gate::schema
