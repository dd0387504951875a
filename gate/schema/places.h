#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <boost/json/value.hpp>

#include "gate/base/result.h"
#include "gate/schema/dialect.h"
#include "gate/schema/pointer_tree.h"
#include "gate/schema/profiles.h"
#include "gate/schema/program.h"
#include "gate/schema/resources.h"

namespace gate::schema {

// A place in a schema document and what is to be said about it.
struct Remark {
  std::uint32_t source = 0;
  std::string pointer;
  bool at_key = false;
  std::string message;

  bool operator==(const Remark&) const = default;
};

// A subschema in its document.
struct Place {
  const boost::json::value* schema = nullptr;
  std::uint32_t source = 0;
  ResourceIndex resource = 0;
  PointerTree::Index pointer = PointerTree::kRoot;
};

// Every subschema of a set of documents, findable by address, URI, anchor and pointer.
class Places {
 public:
  struct Limits {
    std::size_t places = 20'000;
  };

  // `declared`: keywords that are no fault beside the dialect's own and `x-…`. `by_default`: what a
  // schema without `$schema` is read as.
  Places(Resolver resolver, std::vector<std::string> declared, const Dialect& by_default);
  Places(const Places&) = delete;
  Places& operator=(const Places&) = delete;

  // Takes a document in, once for each URI. Its `$schema` chooses the dialect, else what the first
  // document has.
  PlaceIndex add(const Source& source);

  // The place a reference leads to, seen from `from`; new documents are taken in. A pointer to what no
  // keyword declares a schema makes it one. Error: malformed.
  Result<PlaceIndex> resolve(PlaceIndex from, std::string_view reference);

  // The name of the dynamic anchor that a place declares: empty for `$recursiveAnchor`, nullopt where
  // there is none.
  [[nodiscard]] std::optional<std::string_view> dynamic_anchor(PlaceIndex place) const;

  [[nodiscard]] const Place& operator[](PlaceIndex place) const { return places_[place]; }
  [[nodiscard]] std::size_t size() const { return places_.size(); }
  // The place of a subschema; nullopt where the limit kept it out.
  [[nodiscard]] std::optional<PlaceIndex> find(const boost::json::value& schema) const;
  [[nodiscard]] const Profile& profile_of(const Place& place) const {
    return profiles_[resources_[place.resource].profile];
  }
  [[nodiscard]] std::string pointer_of(const Place& place) const { return pointer_of(place.pointer); }
  [[nodiscard]] std::string pointer_of(PointerTree::Index pointer) const { return pointers_.text(pointer); }
  [[nodiscard]] const std::vector<Source>& sources() const { return sources_; }
  [[nodiscard]] const Resources& resources() const { return resources_; }
  PointerTree take_pointers() { return std::move(pointers_); }

  // Places that must still be held against a meta-schema: whole documents, resources of another dialect
  // than what is around them, and what references made schemas. Each is handed out once.
  std::vector<PlaceIndex> take_unchecked();
  // Whether a resource of another dialect than what is around it begins there.
  [[nodiscard]] bool begins_dialect(const boost::json::value& schema) const;

  std::vector<Remark> defects;
  std::vector<Remark> unknown_keywords;

 private:
  PlaceIndex walk(Place at);
  void walk_members(const boost::json::object& schema, PlaceIndex index);
  void walk_keyword(const KeywordRow& row, const boost::json::value& value, PlaceIndex parent);
  void enter_resource(PlaceIndex index);
  void enter_uri(PlaceIndex index, ProfileIndex profile, const std::string& uri);
  void enter_anchors(PlaceIndex index);
  ProfileIndex embedded_profile(const Place& place);
  ProfileIndex document_profile(const Source& source, std::uint32_t index);
  void note(const Place& place, std::string_view keyword, std::string message);
  void note_taken(const Place& place, std::string_view keyword, std::string_view name);
  void note_unknown(const Place& place, const KeywordRow* row, std::string_view keyword);
  [[nodiscard]] std::optional<ResourceIndex> twin_of(const Source& source) const;
  Result<ResourceIndex> resource_at(const std::string& uri);
  bool step_to(const std::string& token, Place& at);
  Result<PlaceIndex> walk_pointer(PlaceIndex root, const std::string& pointer);
  Result<PlaceIndex> resolve_fragment(ResourceIndex resource, std::string_view fragment);

  Limits limits_;
  bool full_ = false;
  Resolver resolver_;
  std::vector<std::string> declared_;
  Profiles profiles_;
  std::vector<Source> sources_;
  Resources resources_;
  std::vector<Place> places_;
  PointerTree pointers_;
  std::unordered_map<const boost::json::value*, PlaceIndex> by_address_;
  std::unordered_set<const boost::json::value*> dialect_roots_;
  std::vector<PlaceIndex> unchecked_;
};

}  // namespace gate::schema
