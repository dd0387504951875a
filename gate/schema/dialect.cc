#include "gate/schema/dialect.h"

#include <algorithm>
#include <array>
#include <utility>

#include "gate/schema/keywords.h"
#include "gate/schema/meta_texts.h"

namespace gate::schema {
namespace {

constexpr auto kDraft07 = std::to_array<KeywordRow>({
    {"$schema"},
    {"$id"},
    {"$ref", Shape::plain, keywords::ref},
    {"$comment"},
    {"title"},
    {"description"},
    {"default"},
    {"readOnly"},
    {"writeOnly"},
    {"examples"},
    {"format"},
    {"contentMediaType"},
    {"contentEncoding"},
    {"definitions", Shape::schema_map},
    {"type", Shape::plain, keywords::type},
    {"enum", Shape::plain, keywords::enumeration},
    {"const", Shape::plain, keywords::constant},
    {"minimum", Shape::plain, keywords::minimum},
    {"maximum", Shape::plain, keywords::maximum},
    {"exclusiveMinimum", Shape::plain, keywords::exclusive_minimum},
    {"exclusiveMaximum", Shape::plain, keywords::exclusive_maximum},
    {"multipleOf", Shape::plain, keywords::multiple_of},
    {"minLength", Shape::plain, keywords::min_length},
    {"maxLength", Shape::plain, keywords::max_length},
    {"pattern", Shape::plain, keywords::pattern},
    {"items", Shape::schema_or_array, keywords::items},
    {"additionalItems", Shape::schema},
    {"contains", Shape::schema, keywords::contains},
    {"minItems", Shape::plain, keywords::min_items},
    {"maxItems", Shape::plain, keywords::max_items},
    {"uniqueItems", Shape::plain, keywords::unique_items},
    {"properties", Shape::schema_map, keywords::properties},
    {"required", Shape::plain, keywords::required},
    {"patternProperties", Shape::schema_map, keywords::pattern_properties},
    {"additionalProperties", Shape::schema, keywords::additional_properties},
    {"propertyNames", Shape::schema, keywords::property_names},
    {"minProperties", Shape::plain, keywords::min_properties},
    {"maxProperties", Shape::plain, keywords::max_properties},
    {"dependencies", Shape::mixed_map, keywords::dependencies},
    {"allOf", Shape::schema_array, keywords::all_of},
    {"anyOf", Shape::schema_array, keywords::any_of},
    {"oneOf", Shape::schema_array, keywords::one_of},
    {"not", Shape::schema, keywords::negation},
    {"if", Shape::schema, keywords::condition},
    {"then", Shape::schema},
    {"else", Shape::schema},
});

constexpr auto kDialects = std::to_array<Dialect>({
    {"draft-07", "http://json-schema.org/draft-07/schema", "$id", true, true, kDraft07, kDraft07MetaSchema},
});

std::vector<NameTable> tables_of_all() {
  std::vector<NameTable> tables;
  for (const Dialect& dialect : kDialects) {
    std::vector<NameEntry> names;
    for (const KeywordRow& row : dialect.keywords) {
      names.push_back({row.name, static_cast<NodeIndex>(names.size()), true, false});
    }
    tables.emplace_back(std::move(names));
  }
  return tables;
}

}  // namespace

const Dialect& draft_07() {
  return kDialects[0];
}

const Dialect* find_dialect(std::string_view uri) {
  if (uri.ends_with('#')) uri.remove_suffix(1);
  const auto found =
      std::find_if(kDialects.begin(), kDialects.end(), [uri](const Dialect& d) { return d.uri == uri; });
  return found == kDialects.end() ? nullptr : &*found;
}

std::string supported_dialects() {
  std::string names;
  for (const Dialect& dialect : kDialects) {
    if (!names.empty()) names += ", ";
    names.append(dialect.uri).append("#");
  }
  return names;
}

const KeywordRow* find_keyword(const Dialect& dialect, std::string_view name) {
  static const std::vector<NameTable> kTables = tables_of_all();
  const NameEntry* entry = kTables[static_cast<std::size_t>(&dialect - kDialects.data())].find(name);
  return entry == nullptr ? nullptr : &dialect.keywords[entry->node];
}

}  // namespace gate::schema
