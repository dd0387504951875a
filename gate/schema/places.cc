#include "gate/schema/places.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "gate/base/edit_distance.h"
#include "gate/base/json_pointer.h"
#include "gate/base/text.h"
#include "gate/schema/equality.h"
#include "gate/schema/uri.h"

namespace gate::schema {
namespace {

using boost::json::object;
using boost::json::value;

Error malformed(std::string message) {
  return Error{ErrorCode::malformed, std::move(message)};
}

std::optional<std::string_view> text_member(const value& schema, std::string_view name) {
  const auto* object = schema.if_object();
  const value* member = object == nullptr ? nullptr : object->if_contains(name);
  if (member == nullptr || !member->is_string()) return std::nullopt;
  return view(member->get_string());
}

// What a schema says its identifier is, in that dialect.
std::optional<std::string_view> id_of(const value& schema, const Dialect& dialect) {
  if (dialect.ref_stands_alone && text_member(schema, "$ref")) return std::nullopt;
  return text_member(schema, dialect.id_keyword);
}

}  // namespace

Places::Places(Resolver resolver, std::vector<std::string> declared, const Dialect& by_default)
    : resolver_(std::move(resolver)), declared_(std::move(declared)), profiles_(resolver_, by_default) {}

ProfileIndex Places::document_profile(const Source& source, std::uint32_t index) {
  const ProfileIndex unnamed = resources_.size() == 0 ? Profiles::by_default() : resources_[0].profile;
  const auto named = text_member(*source.root, "$schema");
  if (!named) return unnamed;
  const auto profile = profiles_.find(*named);
  if (profile) return *profile;
  defects.push_back({index, "/$schema", false, profile.error().message});
  return unnamed;
}

PlaceIndex Places::add(const Source& source) {
  const auto index = static_cast<std::uint32_t>(sources_.size());
  const ProfileIndex profile = document_profile(source, index);
  sources_.push_back(source);
  const ResourceIndex resource = resources_.add({source.uri, profile, 0});
  const PlaceIndex place = walk({source.root, index, resource, PointerTree::kRoot});
  resources_.set_root(resource, place);
  resources_.name(source.uri, resource);
  unchecked_.push_back(place);
  return place;
}

// Recursion is as deep as the document, which its reader bounds.
PlaceIndex Places::walk(Place at) {
  const auto index = static_cast<PlaceIndex>(places_.size());
  if (index >= limits_.places) {
    if (!std::exchange(full_, true)) {
      defects.push_back({at.source, pointer_of(at), false,
                         fmt::format("more than {} subschemas", grouped(limits_.places))});
    }
    return index == 0 ? 0 : index - 1;
  }
  const auto [known, is_new] = by_address_.try_emplace(at.schema, index);
  if (!is_new) return known->second;
  places_.push_back(at);
  if (const auto* schema = at.schema->if_object()) {
    enter_resource(index);
    enter_anchors(index);
    walk_members(*schema, index);
  }
  return index;
}

void Places::walk_members(const object& schema, PlaceIndex index) {
  const ProfileIndex profile = resources_[places_[index].resource].profile;
  for (const auto& member : schema) {
    const KeywordRow* row = find_keyword(*profiles_[profile].dialect, view(member.key()));
    if (row == nullptr || !profiles_[profile].has(*row)) {
      note_unknown(places_[index], row, view(member.key()));
    } else if (row->shape != Shape::plain) {
      walk_keyword(*row, member.value(), index);
    }
  }
}

void Places::walk_keyword(const KeywordRow& row, const value& found, PlaceIndex parent) {
  Place at = places_[parent];
  const PointerTree::Index pointer = pointers_.below(at.pointer, row.name);
  const bool one = row.shape == Shape::schema || row.shape == Shape::schema_or_array;
  const bool many = row.shape == Shape::schema_array || row.shape == Shape::schema_or_array;
  const bool named = row.shape == Shape::schema_map || row.shape == Shape::mixed_map;
  if (one && (found.is_object() || found.is_bool())) {
    walk({&found, at.source, at.resource, pointer});
  } else if (many && found.is_array()) {
    const auto& schemas = found.get_array();
    for (std::size_t i = 0; i < schemas.size(); ++i) {
      walk({&schemas[i], at.source, at.resource, pointers_.below(pointer, i)});
    }
  } else if (named && found.is_object()) {
    for (const auto& member : found.get_object()) {
      if (row.shape == Shape::mixed_map && member.value().is_array()) continue;
      walk({&member.value(), at.source, at.resource, pointers_.below(pointer, view(member.key()))});
    }
  }
}

// The dialect of a subschema: another than that around it only where a resource begins.
ProfileIndex Places::embedded_profile(const Place& place) {
  const ProfileIndex around = resources_[place.resource].profile;
  const auto named = text_member(*place.schema, "$schema");
  if (!named) return around;
  const auto profile = profiles_.find(*named);
  if (profile && *profile == around) return around;
  const bool is_resource = id_of(*place.schema, *profiles_[around].dialect) ||
                           (profile && id_of(*place.schema, *profiles_[*profile].dialect));
  if (!is_resource) {
    unknown_keywords.push_back({place.source, pointer_of(place) + "/$schema", true,
                                "\"$schema\" counts only at the root of a document or beside an identifier"});
    return around;
  }
  if (profile) return *profile;
  note(place, "$schema", profile.error().message);
  return around;
}

void Places::enter_resource(PlaceIndex index) {
  const Place place = places_[index];
  const ProfileIndex around = resources_[place.resource].profile;
  const bool is_document = place.pointer == PointerTree::kRoot;
  const ProfileIndex profile = is_document ? around : embedded_profile(place);
  const Dialect& dialect = *profiles_[profile].dialect;
  auto id = id_of(*place.schema, dialect);
  if (!id && profile != around) id = id_of(*place.schema, *profiles_[around].dialect);
  if (!id) return;
  const UriReference reference = split_fragment(*id);
  if (!reference.uri.empty()) {
    if (const std::string why = why_ill_formed(reference.uri); !why.empty()) {
      return note(place, dialect.id_keyword, fmt::format("{} is no URI: {}", quoted_name(*id), why));
    }
    enter_uri(index, profile, resolve_uri(resources_[place.resource].uri, reference.uri));
  }
  if (!dialect.ids_are_anchors || reference.fragment.empty()) return;
  const ResourceIndex resource = places_[index].resource;
  if (!resources_.name_anchor(resource, reference.fragment, index))
    note_taken(place, dialect.id_keyword, *id);
}

void Places::enter_uri(PlaceIndex index, ProfileIndex profile, const std::string& uri) {
  Place& place = places_[index];
  const ProfileIndex around = resources_[place.resource].profile;
  if (place.pointer == PointerTree::kRoot) {
    resources_.set_uri(place.resource, uri);
  } else if (find_dialect(uri) != nullptr) {
    return note(place, profiles_[profile].dialect->id_keyword,
                fmt::format("the identifier {} is that of a dialect", quoted_name(uri)));
  } else {
    place.resource = resources_.add({uri, profile, index});
  }
  if (profile != around) {
    dialect_roots_.insert(place.schema);
    unchecked_.push_back(index);
  }
  if (!resources_.name(uri, place.resource)) note_taken(place, profiles_[profile].dialect->id_keyword, uri);
}

void Places::enter_anchors(PlaceIndex index) {
  const Place place = places_[index];
  if (profile_of(place).dialect->version < Version::v2019_09) return;
  const auto name = [&](std::string_view keyword, std::string_view anchor) {
    if (!resources_.name_anchor(place.resource, anchor, index)) note_taken(place, keyword, anchor);
  };
  if (const auto anchor = text_member(*place.schema, "$anchor")) name("$anchor", *anchor);
  const auto dynamic = dynamic_anchor(index);
  if (!dynamic) return;
  resources_.name_dynamic(*dynamic, index);
  if (!dynamic->empty()) name("$dynamicAnchor", *dynamic);
}

std::optional<std::string_view> Places::dynamic_anchor(PlaceIndex index) const {
  const Place& place = places_[index];
  const Version version = profile_of(place).dialect->version;
  if (version == Version::v2020_12) return text_member(*place.schema, "$dynamicAnchor");
  const auto* schema = place.schema->if_object();
  const bool is_root = place.pointer == PointerTree::kRoot || resources_[place.resource].root == index;
  if (version != Version::v2019_09 || schema == nullptr || !is_root) return std::nullopt;
  const value* flag = schema->if_contains("$recursiveAnchor");
  if (flag == nullptr || !flag->is_bool() || !flag->get_bool()) return std::nullopt;
  return std::string_view{};
}

void Places::note(const Place& place, std::string_view keyword, std::string message) {
  std::string pointer = pointer_of(place);
  append_token(pointer, keyword);
  defects.push_back({place.source, std::move(pointer), false, std::move(message)});
}

void Places::note_taken(const Place& place, std::string_view keyword, std::string_view name) {
  note(place, keyword, fmt::format("another schema already has the identifier {}", quoted_name(name)));
}

// `row`: of the keyword where the dialect has it, but the vocabularies in use do not.
void Places::note_unknown(const Place& place, const KeywordRow* row, std::string_view keyword) {
  if (keyword.starts_with("x-") || std::find(declared_.begin(), declared_.end(), keyword) != declared_.end())
    return;
  std::string pointer = pointer_of(place);
  append_token(pointer, keyword);
  std::string message;
  if (row != nullptr) {
    message = fmt::format("{} is in no vocabulary that the meta-schema chooses", quoted_name(keyword));
  } else {
    std::vector<std::string_view> known = keyword_names(*profile_of(place).dialect);
    known.insert(known.end(), declared_.begin(), declared_.end());
    message = fmt::format("unknown keyword {}{}", quoted_name(keyword), did_you_mean(keyword, known));
  }
  unknown_keywords.push_back({place.source, std::move(pointer), true, std::move(message)});
}

// A document that is at hand under two URIs is one, if its identifier says so.
std::optional<ResourceIndex> Places::twin_of(const Source& source) const {
  auto id = text_member(*source.root, "$id");
  if (!id) id = text_member(*source.root, "id");
  if (!id) return std::nullopt;
  const auto known = resources_.find(resolve_uri(source.uri, split_fragment(*id).uri));
  if (!known || *places_[resources_[*known].root].schema != *source.root) return std::nullopt;
  return known;
}

Result<ResourceIndex> Places::resource_at(const std::string& uri) {
  if (const auto known = resources_.find(uri)) return ResourceIndex{*known};
  auto source = resolver_(uri);
  if (!source) return source.error();
  source->uri = uri;
  if (const auto twin = twin_of(*source)) {
    resources_.name(uri, *twin);
    return ResourceIndex{*twin};
  }
  return ResourceIndex{places_[add(*source)].resource};
}

Result<PlaceIndex> Places::walk_pointer(PlaceIndex root, const std::string& pointer) {
  const auto tokens = parse_pointer(pointer);
  if (!tokens) return malformed(quoted_name(pointer) + " is not a JSON pointer");
  Place at = places_[root];
  PlaceIndex place = root;
  bool is_place = true;
  for (const std::string& token : *tokens) {
    if (!step_to(token, at))
      return malformed(fmt::format("there is nothing at {}", quoted_name("#" + pointer)));
    const auto known = by_address_.find(at.schema);
    is_place = known != by_address_.end();
    if (!is_place) continue;
    place = known->second;
    at = places_[place];
  }
  if (is_place) return PlaceIndex{place};
  const PlaceIndex made = walk(at);
  unchecked_.push_back(made);
  return PlaceIndex{made};
}

// Goes on to the member or element that a token names.
bool Places::step_to(const std::string& token, Place& at) {
  if (const auto* members = at.schema->if_object()) {
    const auto member = members->find(token);
    if (member == members->end()) return false;
    at.pointer = pointers_.below(at.pointer, view(member->key()));
    at.schema = &member->value();
    return true;
  }
  const auto* elements = at.schema->if_array();
  const auto index = array_index(token);
  if (elements == nullptr || !index || *index >= elements->size()) return false;
  at.pointer = pointers_.below(at.pointer, *index);
  at.schema = &(*elements)[*index];
  return true;
}

Result<PlaceIndex> Places::resolve_fragment(ResourceIndex resource, std::string_view text) {
  if (text.empty()) return PlaceIndex{resources_[resource].root};
  const auto fragment = pointer_from_fragment(text);
  if (!fragment) return malformed("an ill-formed percent escape");
  if (fragment->starts_with('/')) return walk_pointer(resources_[resource].root, *fragment);
  if (const auto place = resources_.find_anchor(resource, *fragment)) return PlaceIndex{*place};
  return malformed("no schema has that name");
}

Result<PlaceIndex> Places::resolve(PlaceIndex from, std::string_view text) {
  const ResourceIndex here = places_[from].resource;
  const auto failed = [text](const Error& error) {
    return error.within("cannot resolve " + quoted_name(text));
  };
  if (text.starts_with('#')) {
    auto place = resolve_fragment(here, text.substr(1));
    if (!place) return failed(place.error());
    return place;
  }
  const UriReference reference = split_fragment(resolve_uri(resources_[here].uri, text));
  const auto resource = resource_at(reference.uri);
  if (!resource) return failed(resource.error());
  auto place = resolve_fragment(*resource, reference.fragment);
  if (!place) return failed(place.error());
  return place;
}

std::optional<PlaceIndex> Places::find(const value& schema) const {
  const auto found = by_address_.find(&schema);
  return found == by_address_.end() ? std::nullopt : std::optional{found->second};
}

bool Places::begins_dialect(const value& schema) const {
  return !dialect_roots_.empty() && dialect_roots_.contains(&schema);
}

std::vector<PlaceIndex> Places::take_unchecked() {
  return std::exchange(unchecked_, {});
}

}  // namespace gate::schema
