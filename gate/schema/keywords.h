#pragma once

#include <boost/json/value.hpp>

#include "gate/schema/node_builder.h"

// What each assertion and applicator does to the node being built; the dialects' tables name them.
namespace gate::schema::keywords {

using boost::json::value;

void ref(NodeBuilder& builder, const value& value);
void dynamic_ref(NodeBuilder& builder, const value& value);
void recursive_ref(NodeBuilder& builder, const value& value);
void type(NodeBuilder& builder, const value& value);
// As draft-04 has it: an integer is written without a fraction or an exponent.
void type_as_written(NodeBuilder& builder, const value& value);
void enumeration(NodeBuilder& builder, const value& value);
void constant(NodeBuilder& builder, const value& value);

// `minimum` and `maximum` with the flags that make them exclusive, as draft-04 has them.
void minimum_by_flag(NodeBuilder& builder, const value& value);
void maximum_by_flag(NodeBuilder& builder, const value& value);
void minimum(NodeBuilder& builder, const value& value);
void maximum(NodeBuilder& builder, const value& value);
void exclusive_minimum(NodeBuilder& builder, const value& value);
void exclusive_maximum(NodeBuilder& builder, const value& value);
void multiple_of(NodeBuilder& builder, const value& value);

void min_length(NodeBuilder& builder, const value& value);
void max_length(NodeBuilder& builder, const value& value);
void pattern(NodeBuilder& builder, const value& value);
void format(NodeBuilder& builder, const value& value);

// `items`, where it is an array with its `additionalItems`.
void items(NodeBuilder& builder, const value& value);
void prefix_items(NodeBuilder& builder, const value& value);
void contains(NodeBuilder& builder, const value& value);
// `contains` that counts as evaluating what it fits.
void marking_contains(NodeBuilder& builder, const value& value);
void min_contains(NodeBuilder& builder, const value& value);
void max_contains(NodeBuilder& builder, const value& value);
void min_items(NodeBuilder& builder, const value& value);
void max_items(NodeBuilder& builder, const value& value);
void unique_items(NodeBuilder& builder, const value& value);
void unevaluated_items(NodeBuilder& builder, const value& value);

void properties(NodeBuilder& builder, const value& value);
void required(NodeBuilder& builder, const value& value);
void pattern_properties(NodeBuilder& builder, const value& value);
void additional_properties(NodeBuilder& builder, const value& value);
void property_names(NodeBuilder& builder, const value& value);
void min_properties(NodeBuilder& builder, const value& value);
void max_properties(NodeBuilder& builder, const value& value);
void dependencies(NodeBuilder& builder, const value& value);
void dependent_required(NodeBuilder& builder, const value& value);
void dependent_schemas(NodeBuilder& builder, const value& value);
void unevaluated_properties(NodeBuilder& builder, const value& value);

void all_of(NodeBuilder& builder, const value& value);
void any_of(NodeBuilder& builder, const value& value);
void one_of(NodeBuilder& builder, const value& value);
void negation(NodeBuilder& builder, const value& value);
// `if` with its `then` and `else`.
void condition(NodeBuilder& builder, const value& value);

}  // namespace gate::schema::keywords
