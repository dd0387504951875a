#pragma once

#include <array>

#include "gate/schema/dialect.h"
#include "gate/schema/keywords.h"

namespace gate::schema {

// Every keyword of every version. One name has several rows where its meaning changed.
inline constexpr auto kKeywordRows = [] {
  using enum Shape;
  using enum Version;
  return std::to_array<KeywordRow>({
      {"$schema"},
      {"id", plain, nullptr, kCore, draft_04, draft_04},
      {"$id", plain, nullptr, kCore, draft_06},
      {"$ref", plain, keywords::ref},
      {"$anchor", plain, nullptr, kCore, v2019_09},
      {"$recursiveRef", plain, keywords::recursive_ref, kCore, v2019_09, v2019_09},
      {"$recursiveAnchor", plain, nullptr, kCore, v2019_09, v2019_09},
      {"$dynamicRef", plain, keywords::dynamic_ref, kCore, v2020_12},
      {"$dynamicAnchor", plain, nullptr, kCore, v2020_12},
      {"$vocabulary", plain, nullptr, kCore, v2019_09},
      {"$comment", plain, nullptr, kCore, draft_07},
      {"$defs", schema_map, nullptr, kCore, v2019_09},
      // Since 2019-09 no longer part of the standard, yet still to be met in schemas.
      {"definitions", schema_map},

      {"title", plain, nullptr, kMetaData},
      {"description", plain, nullptr, kMetaData},
      {"default", plain, nullptr, kMetaData},
      {"examples", plain, nullptr, kMetaData, draft_06},
      {"readOnly", plain, nullptr, kMetaData, draft_07},
      {"writeOnly", plain, nullptr, kMetaData, draft_07},
      {"deprecated", plain, nullptr, kMetaData, v2019_09},

      {"format", plain, keywords::format, kFormat},
      {"contentMediaType", plain, nullptr, kContent, draft_07},
      {"contentEncoding", plain, nullptr, kContent, draft_07},
      {"contentSchema", schema, nullptr, kContent, v2019_09},

      {"type", plain, keywords::type_as_written, kValidation, draft_04, draft_04},
      {"type", plain, keywords::type, kValidation, draft_06},
      {"enum", plain, keywords::enumeration, kValidation},
      {"const", plain, keywords::constant, kValidation, draft_06},

      {"minimum", plain, keywords::minimum_by_flag, kValidation, draft_04, draft_04},
      {"maximum", plain, keywords::maximum_by_flag, kValidation, draft_04, draft_04},
      {"exclusiveMinimum", plain, nullptr, kValidation, draft_04, draft_04},
      {"exclusiveMaximum", plain, nullptr, kValidation, draft_04, draft_04},
      {"minimum", plain, keywords::minimum, kValidation, draft_06},
      {"maximum", plain, keywords::maximum, kValidation, draft_06},
      {"exclusiveMinimum", plain, keywords::exclusive_minimum, kValidation, draft_06},
      {"exclusiveMaximum", plain, keywords::exclusive_maximum, kValidation, draft_06},
      {"multipleOf", plain, keywords::multiple_of, kValidation},

      {"minLength", plain, keywords::min_length, kValidation},
      {"maxLength", plain, keywords::max_length, kValidation},
      {"pattern", plain, keywords::pattern, kValidation},

      {"items", schema_or_array, keywords::items, kApplicator, draft_04, v2019_09},
      {"additionalItems", schema, nullptr, kApplicator, draft_04, v2019_09},
      {"prefixItems", schema_array, keywords::prefix_items, kApplicator, v2020_12},
      {"items", schema, keywords::items, kApplicator, v2020_12},
      {"contains", schema, keywords::contains, kApplicator, draft_06, v2019_09},
      {"contains", schema, keywords::marking_contains, kApplicator, v2020_12},
      {"minContains", plain, keywords::min_contains, kValidation, v2019_09},
      {"maxContains", plain, keywords::max_contains, kValidation, v2019_09},
      {"minItems", plain, keywords::min_items, kValidation},
      {"maxItems", plain, keywords::max_items, kValidation},
      {"uniqueItems", plain, keywords::unique_items, kValidation},
      {"unevaluatedItems", schema, keywords::unevaluated_items, kUnevaluated, v2019_09},

      {"properties", schema_map, keywords::properties, kApplicator},
      {"required", plain, keywords::required, kValidation},
      {"patternProperties", schema_map, keywords::pattern_properties, kApplicator},
      {"additionalProperties", schema, keywords::additional_properties, kApplicator},
      {"propertyNames", schema, keywords::property_names, kApplicator, draft_06},
      {"minProperties", plain, keywords::min_properties, kValidation},
      {"maxProperties", plain, keywords::max_properties, kValidation},
      // As with `definitions`: who writes it since 2019-09 means it.
      {"dependencies", mixed_map, keywords::dependencies, kApplicator},
      {"dependentRequired", plain, keywords::dependent_required, kValidation, v2019_09},
      {"dependentSchemas", schema_map, keywords::dependent_schemas, kApplicator, v2019_09},
      {"unevaluatedProperties", schema, keywords::unevaluated_properties, kUnevaluated, v2019_09},

      {"allOf", schema_array, keywords::all_of, kApplicator},
      {"anyOf", schema_array, keywords::any_of, kApplicator},
      {"oneOf", schema_array, keywords::one_of, kApplicator},
      {"not", schema, keywords::negation, kApplicator},
      {"if", schema, keywords::condition, kApplicator, draft_07},
      {"then", schema, nullptr, kApplicator, draft_07},
      {"else", schema, nullptr, kApplicator, draft_07},
  });
}();

}  // namespace gate::schema
