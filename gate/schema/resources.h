#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gate/schema/profiles.h"

namespace gate::schema {

using PlaceIndex = std::uint32_t;
using ResourceIndex = std::uint32_t;

// A schema that an identifier names: a document, or a part of one that has an `$id`. What stands in it
// is read in its dialect and against its URI.
struct Resource {
  std::string uri;  // absolute, without a fragment
  ProfileIndex profile = 0;
  PlaceIndex root = 0;
};

// The resources of a set of documents, by URI, and the anchors in them.
class Resources {
 public:
  ResourceIndex add(Resource resource);
  [[nodiscard]] const Resource& operator[](ResourceIndex index) const { return resources_[index]; }
  [[nodiscard]] std::size_t size() const { return resources_.size(); }

  void set_root(ResourceIndex resource, PlaceIndex root) { resources_[resource].root = root; }
  // From now on references in it are resolved against `uri`.
  void set_uri(ResourceIndex resource, std::string uri) { resources_[resource].uri = std::move(uri); }

  // False where another resource, or another place, already has the name.
  bool name(const std::string& uri, ResourceIndex resource);
  bool name_anchor(ResourceIndex resource, std::string_view anchor, PlaceIndex place);
  // `$dynamicAnchor`; for `$recursiveAnchor` the name is empty.
  void name_dynamic(std::string_view anchor, PlaceIndex place);

  [[nodiscard]] std::optional<ResourceIndex> find(const std::string& uri) const;
  [[nodiscard]] std::optional<PlaceIndex> find_anchor(ResourceIndex resource, std::string_view anchor) const;
  // The places that declare it, in all resources.
  [[nodiscard]] std::span<const PlaceIndex> find_dynamic(std::string_view anchor) const;

 private:
  std::vector<Resource> resources_;
  std::unordered_map<std::string, ResourceIndex> by_uri_;
  std::unordered_map<std::string, PlaceIndex> anchors_;  // "resource#anchor"
  std::unordered_map<std::string, std::vector<PlaceIndex>> dynamic_;
};

}  // namespace gate::schema
