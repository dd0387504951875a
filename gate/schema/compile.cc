#include "gate/schema/compile.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "gate/base/json_pointer.h"
#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "gate/schema/descent.h"
#include "gate/schema/dynamic_refs.h"
#include "gate/schema/equality.h"
#include "gate/schema/meta_check.h"
#include "gate/schema/meta_schema.h"
#include "gate/schema/node_builder.h"
#include "gate/schema/shortcuts.h"

namespace gate::schema {
namespace {

using boost::json::value;

Resolver with_meta_schemas(Resolver resolver) {
  return [resolver = std::move(resolver)](const std::string& uri) -> Result<Source> {
    if (const Source* built_in = find_meta_source(uri)) return *built_in;
    if (resolver) return resolver(uri);
    return Error{ErrorCode::not_found, "nothing is ever fetched"};
  };
}

std::vector<std::string> with_version(std::vector<std::string> keywords) {
  keywords.emplace_back("version");
  return keywords;
}

class Compiler final : public NodeSource {
 public:
  explicit Compiler(const CompileOptions& options)
      : options_(options),
        places_(with_meta_schemas(options.resolver), with_version(options.keywords),
                *options.default_dialect),
        meta_check_(options, places_) {}

  Compilation run(const Source& source) {
    const PlaceIndex root = places_.add(source);
    meta_check_.run();
    if (places_.defects.empty()) build_all(root);
    if (places_.defects.empty()) note_endless();
    Compilation result{std::nullopt, std::move(places_.defects), std::move(places_.unknown_keywords),
                       places_.sources()};
    if (result.defects.empty()) result.program = finished();
    return result;
  }

  NodeIndex node_of(const value& schema) override {
    const auto place = places_.find(schema);
    return place ? node_of_place(*place) : kNoNode;
  }

  NodeIndex node_at(std::string_view reference) override {
    const auto place = resolved(reference, "$ref");
    return place ? node_of_place(*place) : kNoNode;
  }

  RuleIndex dynamic_at(std::string_view reference) override {
    const auto place = resolved(reference, "$dynamicRef");
    if (!place) return kNoRule;
    const std::size_t hash = reference.find('#');
    const auto anchor = places_.dynamic_anchor(*place);
    const bool is_dynamic = anchor && hash != std::string_view::npos && reference.substr(hash + 1) == *anchor;
    return dynamic_.add(program_, node_of_place(*place), is_dynamic ? anchor : std::nullopt);
  }

  RuleIndex recursive() override {
    const PlaceIndex root = places_.resources()[places_[current_].resource].root;
    return dynamic_.add(program_, node_of_place(root), places_.dynamic_anchor(root));
  }

  std::optional<Format> asserted_format(std::string_view name) override {
    const bool is_required = (places_.profile_of(places_[current_]).vocabularies & kFormatAssertion) != 0;
    if (!is_required && !options_.format_assertion) return std::nullopt;
    const auto format = format_named(name);
    if (format) return format;
    (is_required ? places_.defects : places_.unknown_keywords)
        .push_back(remark("/format", false,
                          fmt::format("there is no format {}", json_quoted(shortened(name, 200)))));
    return std::nullopt;
  }

  RuleIndex pattern_of(std::string_view text, std::string_view keyword, bool is_member) override {
    const auto [found, is_new] =
        patterns_.try_emplace(text, static_cast<RuleIndex>(program_.patterns.size()));
    if (!is_new) return found->second;
    auto pattern = Pattern::compile(text);
    if (pattern) {
      program_.patterns.push_back(std::move(*pattern));
      program_.pattern_sources.push_back(text);
      return found->second;
    }
    std::string pointer = "/" + std::string{keyword};
    if (is_member) append_token(pointer, text);
    places_.defects.push_back(
        remark(pointer, is_member,
               fmt::format("the pattern {} cannot be used: {}", json_quoted(shortened(text, 200)),
                           pattern.error().message)));
    return kNoRule;
  }

 private:
  // About the schema being built.
  [[nodiscard]] Remark remark(const std::string& pointer, bool at_key, std::string message) const {
    const Place& place = places_[current_];
    return {place.source, places_.pointer_of(place) + pointer, at_key, std::move(message)};
  }

  // A mark that is misspelt would let secrets out.
  bool is_sensitive(const NodeBuilder& builder) {
    const value* flag = builder.sibling("x-sensitive");
    if (flag != nullptr && !flag->is_bool())
      places_.defects.push_back(remark("/x-sensitive", false, "x-sensitive is neither true nor false"));
    return flag != nullptr && flag->is_bool() && flag->get_bool();
  }

  // Where a reference of the schema being built leads.
  std::optional<PlaceIndex> resolved(std::string_view reference, std::string_view keyword) {
    const auto place = places_.resolve(current_, reference);
    if (!place) {
      places_.defects.push_back(remark("/" + std::string{keyword}, false, place.error().message));
      return std::nullopt;
    }
    meta_check_.run();
    return *place;
  }

  NodeIndex node_of_place(PlaceIndex place) {
    if (place >= nodes_.size()) nodes_.resize(std::max<std::size_t>(places_.size(), place + 1), kNoNode);
    if (nodes_[place] != kNoNode) return nodes_[place];
    const auto node = static_cast<NodeIndex>(program_.nodes.size());
    nodes_[place] = node;
    program_.nodes.emplace_back();
    program_.origins.push_back({places_[place].source, places_[place].resource, places_[place].pointer});
    dynamic_.enter(places_[place].resource);
    queue_.emplace_back(place, node);
    return node;
  }

  void build_all(PlaceIndex root) {
    program_.root = node_of_place(root);
    do {
      build_queued();
      for (const PlaceIndex place : dynamic_.targets(places_)) node_of_place(place);
    } while (!queue_.empty() && places_.defects.empty());
    if (places_.defects.empty()) dynamic_.finish(program_, places_, nodes_);
  }

  void build_queued() {
    while (!queue_.empty() && places_.defects.empty()) {
      const auto [place, node] = queue_.back();
      queue_.pop_back();
      current_ = place;
      program_.nodes[node] = built();
    }
  }

  Node built() {
    const Place place = places_[current_];
    const auto* schema = place.schema->if_object();
    if (schema == nullptr) {
      Node node;
      node.never = place.schema->is_bool() && !place.schema->get_bool();
      if (node.never) node.types = 0;
      return node;
    }
    NodeBuilder builder{*schema, *places_.sources()[place.source].exact, *this};
    builder.node.sensitive = is_sensitive(builder);
    program_.has_sensitive = program_.has_sensitive || builder.node.sensitive;
    const Profile& profile = places_.profile_of(place);
    apply_keywords(*schema, builder, *profile.dialect, profile.vocabularies);
    return builder.finish(program_);
  }

  static void apply_keywords(const boost::json::object& schema, NodeBuilder& builder, const Dialect& dialect,
                             Vocabularies vocabularies) {
    const bool only_ref = dialect.ref_stands_alone && builder.sibling("$ref") != nullptr;
    for (const auto& member : schema) {
      if (only_ref && member.key() != "$ref") continue;
      const KeywordRow* row = find_keyword(dialect, view(member.key()));
      if (row != nullptr && row->apply != nullptr && (row->vocabularies & vocabularies) != 0)
        row->apply(builder, member.value());
    }
  }

  void note_endless() {
    for (const Descent& endless : find_endless(program_)) {
      const Origin& origin = program_.origins[endless.node];
      places_.defects.push_back({origin.source, places_.pointer_of(origin.pointer), false, endless.why});
    }
  }

  [[nodiscard]] bool is_special(const Node& node) const {
    if (program_.has_dynamic_scope) return true;
    if (node.logic == kNoRule) return false;
    const Logic& logic = program_.logics[node.logic];
    return logic.dynamic != kNoRule || logic.unevaluated != kNoRule;
  }

  Program finished() {
    for (Node& node : program_.nodes) node.is_special = is_special(node);
    program_.sources = places_.sources();
    const Resources& resources = places_.resources();
    for (ResourceIndex i = 0; i < resources.size(); ++i) {
      const Place& root = places_[resources[i].root];
      program_.resources.push_back({resources[i].uri, root.source, places_.pointer_of(root)});
    }
    program_.pointers = places_.take_pointers();
    find_shortcuts(program_);
    return std::move(program_);
  }

  const CompileOptions& options_;
  Places places_;
  MetaCheck meta_check_;
  Program program_;
  PlaceIndex current_ = 0;
  std::vector<NodeIndex> nodes_;  // by place
  DynamicRefs dynamic_;
  std::unordered_map<std::string_view, RuleIndex> patterns_;
  std::vector<std::pair<PlaceIndex, NodeIndex>> queue_;
};

}  // namespace

Compilation compile(const Source& source, const CompileOptions& options) {
  return Compiler{options}.run(source);
}

}  // namespace gate::schema
