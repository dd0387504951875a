#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

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

// Groups of keywords, as bits: what a meta-schema's `$vocabulary` chooses from.
using Vocabularies = std::uint16_t;
constexpr Vocabularies kCore = 1;
constexpr Vocabularies kApplicator = 2;
constexpr Vocabularies kUnevaluated = 4;
constexpr Vocabularies kValidation = 8;
constexpr Vocabularies kMetaData = 16;
constexpr Vocabularies kFormat = 32;
constexpr Vocabularies kFormatAssertion = 64;
constexpr Vocabularies kContent = 128;

// The versions of JSON Schema, oldest first.
enum class Version : std::uint8_t { draft_04, draft_06, draft_07, v2019_09, v2020_12 };
constexpr std::size_t kVersions = 5;

// One keyword in a run of versions. `apply` is null for annotations, and for keywords that another one
// reads.
struct KeywordRow {
  std::string_view name;
  Shape shape = Shape::plain;
  Apply apply = nullptr;
  Vocabularies vocabularies = kCore;  // any of them brings it in
  Version first = Version::draft_04;
  Version last = Version::v2020_12;
};

// One entry that `$vocabulary` may have, and what it brings in: where it is there at all, and where it
// is required.
struct VocabularyRow {
  std::string_view uri;
  Vocabularies declared = 0;
  Vocabularies required = 0;
};

// A version of JSON Schema, as data.
struct Dialect {
  std::string_view name;    // "draft-07"
  std::string_view option;  // "draft7", as command lines say it
  std::string_view uri;     // what `$schema` says, without a final '#'
  Version version = Version::draft_07;
  std::string_view id_keyword;
  bool ref_stands_alone = false;  // a `$ref` hides every keyword beside it
  bool ids_are_anchors = false;   // an id that is only a fragment names a place
  Vocabularies vocabularies = 0;  // where no meta-schema chooses others
  std::span<const VocabularyRow> vocabulary_rows;
};

std::span<const Dialect> dialects();
const Dialect& draft_07();

// The dialect that a `$schema` names, or that a command line does; nullptr where it is not known.
const Dialect* find_dialect(std::string_view schema_uri);
const Dialect* find_dialect_named(std::string_view option);

// "draft4" and so on, oldest first.
std::vector<std::string_view> dialect_options();

// "draft-04, …", for messages.
std::string supported_dialects();

// The keyword of that name, or nullptr. `dialect` is one of those above.
const KeywordRow* find_keyword(const Dialect& dialect, std::string_view name);
std::vector<std::string_view> keyword_names(const Dialect& dialect);

}  // namespace gate::schema
