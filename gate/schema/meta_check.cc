#include "gate/schema/meta_check.h"

#include <set>
#include <string>
#include <utility>

#include "gate/schema/equality.h"
#include "gate/schema/evaluate.h"
#include "gate/schema/explain.h"
#include "gate/schema/meta_schema.h"

namespace gate::schema {
namespace {

using boost::json::value;

// Adds a schema, with nothing in the place of what is written in another dialect.
// Recursion is as deep as the document, which its reader bounds.
void append_own(Instance& instance, const value& schema, const ExactNumbers& exact, const Places& places) {
  const auto below = [&](const value& part) {
    if (!places.begins_dialect(part)) return append_own(instance, part, exact, places);
    instance.end(instance.begin(Kind::object, 0), 0);
  };
  if (const auto* members = schema.if_object()) {
    const std::uint32_t object = instance.begin(Kind::object, 0);
    for (const auto& member : *members) {
      instance.add_string(0, view(member.key()));
      below(member.value());
    }
    instance.end(object, static_cast<std::uint32_t>(members->size()));
  } else if (const auto* elements = schema.if_array()) {
    const std::uint32_t array = instance.begin(Kind::array, 0);
    for (const auto& element : *elements) below(element);
    instance.end(array, static_cast<std::uint32_t>(elements->size()));
  } else {
    append(instance, schema, exact);
  }
}

}  // namespace

void MetaCheck::run() {
  for (const PlaceIndex index : places_.take_unchecked()) check(places_[index]);
}

void MetaCheck::check(const Place& at) {
  const Place place = at;
  const Source source = places_.sources()[place.source];
  const Source* built_in = find_meta_source(source.uri);
  if (built_in != nullptr && built_in->root == source.root) return;
  const Program* meta = program_of(places_.profile_of(place), place);
  if (meta == nullptr) return;
  Instance schema;
  append_own(schema, *place.schema, *source.exact, places_);
  if (Evaluator{*meta}.evaluate(schema.root()) == Outcome::valid) return;
  const std::string pointer = places_.pointer_of(place);
  // The vocabularies of a meta-schema say some things in one voice.
  std::set<std::pair<std::string, std::string>> said;
  for (Fault& fault : explain(*meta, schema.root(), {}).faults) {
    if (!said.emplace(fault.instance, fault.message).second) continue;
    places_.defects.push_back(
        {place.source, pointer + fault.instance, fault.at_key, std::move(fault.message)});
  }
}

const Program* MetaCheck::program_of(const Profile& profile, const Place& place) {
  if (!profile.meta) return &meta_program(*profile.dialect);
  const auto [found, is_new] = own_.try_emplace(profile.meta->root);
  if (is_new) {
    Compilation compiled = compile(*profile.meta, options_);
    for (const Remark& defect : compiled.defects) {
      places_.defects.push_back({place.source, places_.pointer_of(place), false,
                                 "its meta-schema is no schema: " + profile.meta->name + ": " +
                                     defect.pointer + ": " + defect.message});
    }
    found->second = std::move(compiled.program);
  }
  return found->second ? &*found->second : nullptr;
}

}  // namespace gate::schema
