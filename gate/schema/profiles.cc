#include "gate/schema/profiles.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "gate/base/edit_distance.h"
#include "gate/schema/equality.h"
#include "gate/schema/uri.h"

namespace gate::schema {
namespace {

constexpr std::size_t kLongestChain = 8;

Error malformed(std::string message) {
  return Error{ErrorCode::malformed, std::move(message)};
}

const boost::json::value* member_of(const Source& document, std::string_view name) {
  const auto* object = document.root->if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

std::string near_dialect(std::string_view uri) {
  std::vector<std::string_view> known;
  for (const Dialect& dialect : dialects()) known.push_back(dialect.uri);
  return did_you_mean(uri, known);
}

// What `$vocabulary` chooses. One that is required and not known makes the schema unreadable.
Result<Vocabularies> chosen(const Dialect& dialect, const boost::json::object& vocabularies) {
  Vocabularies chosen = 0;
  for (const auto& entry : vocabularies) {
    const std::string_view uri = view(entry.key());
    if (!entry.value().is_bool()) return malformed("$vocabulary has a value that is neither true nor false");
    const bool required = entry.value().get_bool();
    const auto row = std::find_if(dialect.vocabulary_rows.begin(), dialect.vocabulary_rows.end(),
                                  [uri](const VocabularyRow& known) { return known.uri == uri; });
    if (row != dialect.vocabulary_rows.end()) {
      if (!required && (row->declared & kCore) != 0)
        return malformed("its $vocabulary does not require the core vocabulary");
      chosen = static_cast<Vocabularies>(chosen | (required ? row->required : row->declared));
    } else if (required) {
      return malformed(
          fmt::format("it requires the vocabulary {}, which is not supported", quoted_name(uri)));
    }
  }
  if ((chosen & kCore) == 0) return malformed("its $vocabulary does not have the core vocabulary");
  return chosen;
}

}  // namespace

Profiles::Profiles(const Resolver& resolver, const Dialect& by_default) : resolver_(resolver) {
  profiles_.push_back({&by_default, by_default.vocabularies, std::nullopt});
  by_uri_.emplace(by_default.uri, this->by_default());
}

Result<ProfileIndex> Profiles::find(std::string_view schema_uri) {
  if (schema_uri.ends_with('#') && !schema_uri.ends_with("##")) schema_uri.remove_suffix(1);
  const std::string uri{schema_uri};
  if (const auto known = by_uri_.find(uri); known != by_uri_.end()) return ProfileIndex{known->second};
  auto profile = load(uri);
  if (!profile) return profile.error();
  profiles_.push_back(std::move(*profile));
  const auto index = static_cast<ProfileIndex>(profiles_.size() - 1);
  by_uri_.emplace(uri, index);
  return ProfileIndex{index};
}

Result<Profile> Profiles::load(const std::string& uri) {
  if (const Dialect* dialect = find_dialect(uri))
    return Profile{dialect, dialect->vocabularies, std::nullopt};
  if (std::find(loading_.begin(), loading_.end(), uri) != loading_.end()) {
    return malformed(
        fmt::format("the meta-schema {} is its own dialect, which says nothing", quoted_name(uri)));
  }
  if (loading_.size() >= kLongestChain) {
    return malformed(fmt::format("a chain of more than {} meta-schemas", kLongestChain));
  }
  const auto meta = resolver_(uri);
  if (!meta) {
    return malformed(fmt::format("the dialect {} is not supported{}; supported: {}; its meta-schema: {}",
                                 quoted_name(uri), near_dialect(uri), supported_dialects(),
                                 meta.error().message));
  }
  loading_.push_back(uri);
  auto profile = read(*meta);
  loading_.pop_back();
  if (!profile)
    return profile.error().within(fmt::format("the meta-schema {} cannot be used", quoted_name(uri)));
  return profile;
}

Result<Profile> Profiles::read(const Source& meta) {
  const auto* named = member_of(meta, "$schema");
  if (named == nullptr || !named->is_string()) return malformed("it has no $schema of its own");
  const auto base = find(view(named->get_string()));
  if (!base) return base.error();
  Profile profile = profiles_[*base];
  profile.meta = meta;
  const auto* vocabularies = member_of(meta, "$vocabulary");
  if (vocabularies == nullptr || profile.dialect->vocabulary_rows.empty()) return profile;
  if (!vocabularies->is_object()) return malformed("its $vocabulary is not an object");
  const auto choice = chosen(*profile.dialect, vocabularies->get_object());
  if (!choice) return choice.error();
  profile.vocabularies = *choice;
  return profile;
}

}  // namespace gate::schema
