#include "gate/schema/dialect.h"

#include <algorithm>
#include <array>
#include <utility>

#include "gate/base/text.h"
#include "gate/schema/keyword_rows.h"
#include "gate/schema/name_table.h"

namespace gate::schema {
namespace {

constexpr Vocabularies kAll2019 =
    kCore | kApplicator | kUnevaluated | kValidation | kMetaData | kFormat | kContent;

// 2019-09 has the unevaluated keywords among its applicators. A required format is an assertion.
constexpr auto kVocabularies2019 = std::to_array<VocabularyRow>({
    {"https://json-schema.org/draft/2019-09/vocab/core", kCore, kCore},
    {"https://json-schema.org/draft/2019-09/vocab/applicator", kApplicator | kUnevaluated,
     kApplicator | kUnevaluated},
    {"https://json-schema.org/draft/2019-09/vocab/validation", kValidation, kValidation},
    {"https://json-schema.org/draft/2019-09/vocab/meta-data", kMetaData, kMetaData},
    {"https://json-schema.org/draft/2019-09/vocab/format", kFormat, kFormat | kFormatAssertion},
    {"https://json-schema.org/draft/2019-09/vocab/content", kContent, kContent},
});

constexpr auto kVocabularies2020 = std::to_array<VocabularyRow>({
    {"https://json-schema.org/draft/2020-12/vocab/core", kCore, kCore},
    {"https://json-schema.org/draft/2020-12/vocab/applicator", kApplicator, kApplicator},
    {"https://json-schema.org/draft/2020-12/vocab/unevaluated", kUnevaluated, kUnevaluated},
    {"https://json-schema.org/draft/2020-12/vocab/validation", kValidation, kValidation},
    {"https://json-schema.org/draft/2020-12/vocab/meta-data", kMetaData, kMetaData},
    {"https://json-schema.org/draft/2020-12/vocab/format-annotation", kFormat, kFormat},
    {"https://json-schema.org/draft/2020-12/vocab/format-assertion", kFormat | kFormatAssertion,
     kFormat | kFormatAssertion},
    {"https://json-schema.org/draft/2020-12/vocab/content", kContent, kContent},
});

constexpr auto kDialects = std::to_array<Dialect>({
    {"draft-04",
     "draft4",
     "http://json-schema.org/draft-04/schema",
     Version::draft_04,
     "id",
     true,
     true,
     kAll2019,
     {}},
    {"draft-06",
     "draft6",
     "http://json-schema.org/draft-06/schema",
     Version::draft_06,
     "$id",
     true,
     true,
     kAll2019,
     {}},
    {"draft-07",
     "draft7",
     "http://json-schema.org/draft-07/schema",
     Version::draft_07,
     "$id",
     true,
     true,
     kAll2019,
     {}},
    {"2019-09", "2019-09", "https://json-schema.org/draft/2019-09/schema", Version::v2019_09, "$id", false,
     false, kAll2019, kVocabularies2019},
    {"2020-12", "2020-12", "https://json-schema.org/draft/2020-12/schema", Version::v2020_12, "$id", false,
     false, kAll2019, kVocabularies2020},
});

bool has(const Dialect& dialect, const KeywordRow& row) {
  return row.first <= dialect.version && dialect.version <= row.last;
}

NameTable table_of(const Dialect& dialect) {
  std::vector<NameEntry> names;
  for (std::size_t i = 0; i < kKeywordRows.size(); ++i) {
    const KeywordRow& row = kKeywordRows[i];
    if (has(dialect, row)) names.push_back({row.name, static_cast<NodeIndex>(i), true, false});
  }
  return NameTable{std::move(names)};
}

std::vector<NameTable> tables_of_all() {
  std::vector<NameTable> tables;
  for (const Dialect& dialect : kDialects) tables.push_back(table_of(dialect));
  return tables;
}

}  // namespace

std::span<const Dialect> dialects() {
  return kDialects;
}

const Dialect& draft_07() {
  return kDialects[static_cast<std::size_t>(Version::draft_07)];
}

const Dialect* find_dialect(std::string_view uri) {
  if (uri.ends_with('#')) uri.remove_suffix(1);
  const auto found =
      std::find_if(kDialects.begin(), kDialects.end(), [uri](const Dialect& d) { return d.uri == uri; });
  return found == kDialects.end() ? nullptr : &*found;
}

const Dialect* find_dialect_named(std::string_view option) {
  const auto found = std::find_if(kDialects.begin(), kDialects.end(),
                                  [option](const Dialect& d) { return d.option == option; });
  return found == kDialects.end() ? nullptr : &*found;
}

std::vector<std::string_view> dialect_options() {
  std::vector<std::string_view> options;
  for (const Dialect& dialect : dialects()) options.push_back(dialect.option);
  return options;
}

std::string supported_dialects() {
  std::vector<std::string> names;
  for (const Dialect& dialect : kDialects) names.emplace_back(dialect.name);
  return join(names, ", ");
}

const KeywordRow* find_keyword(const Dialect& dialect, std::string_view name) {
  static const std::vector<NameTable> kTables = tables_of_all();
  const NameEntry* entry = kTables[static_cast<std::size_t>(dialect.version)].find(name);
  return entry == nullptr ? nullptr : &kKeywordRows[entry->node];
}

std::vector<std::string_view> keyword_names(const Dialect& dialect) {
  std::vector<std::string_view> names;
  for (const KeywordRow& row : kKeywordRows) {
    if (has(dialect, row)) names.push_back(row.name);
  }
  return names;
}

}  // namespace gate::schema
