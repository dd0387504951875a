#include "gate/schema/places.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "gate/base/edit_distance.h"
#include "gate/base/json_pointer.h"
#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "gate/schema/equality.h"
#include "gate/schema/uri.h"

namespace gate::schema {
namespace {

using boost::json::value;

std::string below(std::string_view pointer, std::string_view token) {
  std::string out{pointer};
  append_token(out, token);
  return out;
}

std::string below(std::string_view pointer, std::size_t index) {
  std::string out{pointer};
  append_token(out, index);
  return out;
}

std::string quoted(std::string_view text) {
  return json_quoted(shortened(text, 200));
}

// The member or element that a token names, or nullptr.
const value* step(const value& from, const std::string& token) {
  if (const auto* object = from.if_object()) return object->if_contains(token);
  const auto* array = from.if_array();
  const auto index = array_index(token);
  return array != nullptr && index ? array->if_contains(*index) : nullptr;
}

const value* text_member(const value& schema, std::string_view name) {
  const auto* object = schema.if_object();
  const value* member = object == nullptr ? nullptr : object->if_contains(name);
  return member != nullptr && member->is_string() ? member : nullptr;
}

Error malformed(std::string message) {
  return Error{ErrorCode::malformed, std::move(message)};
}

}  // namespace

Places::Places(Resolver resolver, std::vector<std::string> declared)
    : resolver_(std::move(resolver)), declared_(std::move(declared)) {}

const Dialect& Places::choose_dialect(const Source& source, std::uint32_t index) {
  const value* named = text_member(*source.root, "$schema");
  if (named == nullptr) return dialects_.empty() ? draft_07() : *dialects_.front();
  if (const Dialect* dialect = find_dialect(view(named->get_string()))) return *dialect;
  defects.push_back({index, "/$schema", false,
                     fmt::format("the dialect {} is not supported; supported: {}",
                                 quoted(view(named->get_string())), supported_dialects())});
  return draft_07();
}

PlaceIndex Places::add(const Source& source) {
  const auto index = static_cast<std::uint32_t>(sources_.size());
  dialects_.push_back(&choose_dialect(source, index));
  sources_.push_back(source);
  bases_.push_back(source.uri);
  const auto base = static_cast<std::uint32_t>(bases_.size() - 1);
  const PlaceIndex place = walk(*source.root, index, "", base);
  by_uri_.try_emplace(source.uri, place);
  unchecked_.push_back(place);
  return place;
}

// Recursion is as deep as the document, which its reader bounds.
PlaceIndex Places::walk(const value& schema, std::uint32_t source, std::string pointer, std::uint32_t base) {
  const auto index = static_cast<PlaceIndex>(places_.size());
  if (index >= limits_.places) {
    if (!std::exchange(full_, true)) {
      defects.push_back(
          {source, pointer, false, fmt::format("more than {} subschemas", grouped(limits_.places))});
    }
    return index == 0 ? 0 : index - 1;
  }
  places_.push_back({&schema, source, std::move(pointer), base});
  by_address_.try_emplace(&schema, index);
  const auto* object = schema.if_object();
  if (object == nullptr) return index;
  enter_id(places_[index], index);
  const Dialect& dialect = *dialects_[source];
  for (const auto& member : *object) {
    const KeywordRow* row = find_keyword(dialect, view(member.key()));
    if (row == nullptr) {
      note_unknown(places_[index], view(member.key()));
    } else if (row->shape != Shape::plain) {
      walk_keyword(*row, member.value(), index);
    }
  }
  return index;
}

void Places::walk_keyword(const KeywordRow& row, const value& found, PlaceIndex parent) {
  const Place at = places_[parent];
  const std::string pointer = below(at.pointer, row.name);
  const bool one = row.shape == Shape::schema || row.shape == Shape::schema_or_array;
  const bool many = row.shape == Shape::schema_array || row.shape == Shape::schema_or_array;
  const bool named = row.shape == Shape::schema_map || row.shape == Shape::mixed_map;
  if (one && (found.is_object() || found.is_bool())) {
    walk(found, at.source, pointer, at.base);
  } else if (many && found.is_array()) {
    const auto& schemas = found.get_array();
    for (std::size_t i = 0; i < schemas.size(); ++i) walk(schemas[i], at.source, below(pointer, i), at.base);
  } else if (named && found.is_object()) {
    for (const auto& member : found.get_object()) {
      if (row.shape == Shape::mixed_map && member.value().is_array()) continue;
      walk(member.value(), at.source, below(pointer, view(member.key())), at.base);
    }
  }
}

void Places::enter_id(Place& place, PlaceIndex index) {
  const Dialect& dialect = *dialects_[place.source];
  const value* id = text_member(*place.schema, dialect.id_keyword);
  if (id == nullptr || (dialect.ref_stands_alone && text_member(*place.schema, "$ref") != nullptr)) return;
  const UriReference reference = split_fragment(view(id->get_string()));
  if (!reference.uri.empty()) {
    bases_.push_back(resolve_uri(bases_[place.base], reference.uri));
    place.base = static_cast<std::uint32_t>(bases_.size() - 1);
  }
  const bool is_anchor = dialect.ids_are_anchors && !reference.fragment.empty();
  if (reference.uri.empty() && !is_anchor) return;
  const std::string name = is_anchor ? bases_[place.base] + "#" + reference.fragment : bases_[place.base];
  if (by_uri_.try_emplace(name, index).second) return;
  defects.push_back({place.source, below(place.pointer, dialect.id_keyword), false,
                     fmt::format("another schema already has the identifier {}", quoted(name))});
}

void Places::note_unknown(const Place& place, std::string_view keyword) {
  if (keyword.starts_with("x-") || std::find(declared_.begin(), declared_.end(), keyword) != declared_.end())
    return;
  std::vector<std::string_view> known;
  for (const KeywordRow& row : dialects_[place.source]->keywords) known.push_back(row.name);
  known.insert(known.end(), declared_.begin(), declared_.end());
  unknown_keywords.push_back(
      {place.source, below(place.pointer, keyword), true,
       fmt::format("unknown keyword {}{}", quoted(keyword), did_you_mean(keyword, known))});
}

Result<PlaceIndex> Places::document_at(const std::string& uri) {
  if (const auto found = by_uri_.find(uri); found != by_uri_.end()) return PlaceIndex{found->second};
  auto source = resolver_(uri);
  if (!source) return source.error();
  source->uri = uri;
  return add(*source);
}

Result<PlaceIndex> Places::walk_pointer(PlaceIndex root, const std::string& pointer) {
  const auto tokens = parse_pointer(pointer);
  if (!tokens) return malformed(quoted(pointer) + " is not a JSON pointer");
  PlaceIndex nearest = root;
  const value* at = places_[root].schema;
  std::string path = places_[root].pointer;
  for (const std::string& token : *tokens) {
    at = step(*at, token);
    if (at == nullptr) return malformed(fmt::format("there is nothing at {}", quoted("#" + pointer)));
    append_token(path, std::string_view{token});
    if (const auto known = by_address_.find(at); known != by_address_.end()) nearest = known->second;
  }
  if (const auto known = by_address_.find(at); known != by_address_.end()) return PlaceIndex{known->second};
  const Place from = places_[nearest];
  const PlaceIndex made = walk(*at, from.source, std::move(path), from.base);
  unchecked_.push_back(made);
  return made;
}

Result<PlaceIndex> Places::resolve(PlaceIndex from, std::string_view text) {
  const UriReference reference = split_fragment(resolve_uri(bases_[places_[from].base], text));
  auto document = document_at(reference.uri);
  if (!document) return document.error().within("cannot resolve " + quoted(text));
  if (reference.fragment.empty()) return document;
  const auto fragment = pointer_from_fragment(reference.fragment);
  if (!fragment) return malformed("cannot resolve " + quoted(text) + ": an ill-formed percent escape");
  if (fragment->starts_with('/')) {
    auto place = walk_pointer(*document, *fragment);
    if (!place) return place.error().within("cannot resolve " + quoted(text));
    return place;
  }
  if (const auto found = by_uri_.find(reference.uri + "#" + *fragment); found != by_uri_.end()) {
    return PlaceIndex{found->second};
  }
  return malformed("cannot resolve " + quoted(text) + ": no schema has that name");
}

std::optional<PlaceIndex> Places::find(const value& schema) const {
  const auto found = by_address_.find(&schema);
  return found == by_address_.end() ? std::nullopt : std::optional{found->second};
}

std::vector<PlaceIndex> Places::take_unchecked() {
  return std::exchange(unchecked_, {});
}

}  // namespace gate::schema
