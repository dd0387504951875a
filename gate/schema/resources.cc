#include "gate/schema/resources.h"

#include <utility>

namespace gate::schema {
namespace {

std::string key_of(ResourceIndex resource, std::string_view anchor) {
  return std::to_string(resource).append("#").append(anchor);
}

}  // namespace

ResourceIndex Resources::add(Resource resource) {
  resources_.push_back(std::move(resource));
  return static_cast<ResourceIndex>(resources_.size() - 1);
}

bool Resources::name(const std::string& uri, ResourceIndex resource) {
  return by_uri_.try_emplace(uri, resource).first->second == resource;
}

bool Resources::name_anchor(ResourceIndex resource, std::string_view anchor, PlaceIndex place) {
  return anchors_.try_emplace(key_of(resource, anchor), place).first->second == place;
}

void Resources::name_dynamic(std::string_view anchor, PlaceIndex place) {
  dynamic_[std::string{anchor}].push_back(place);
}

std::optional<ResourceIndex> Resources::find(const std::string& uri) const {
  const auto found = by_uri_.find(uri);
  return found == by_uri_.end() ? std::nullopt : std::optional{found->second};
}

std::optional<PlaceIndex> Resources::find_anchor(ResourceIndex resource, std::string_view anchor) const {
  const auto found = anchors_.find(key_of(resource, anchor));
  return found == anchors_.end() ? std::nullopt : std::optional{found->second};
}

std::span<const PlaceIndex> Resources::find_dynamic(std::string_view anchor) const {
  const auto found = dynamic_.find(std::string{anchor});
  return found == dynamic_.end() ? std::span<const PlaceIndex>{} : std::span{found->second};
}

}  // namespace gate::schema
