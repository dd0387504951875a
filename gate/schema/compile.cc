#include "gate/schema/compile.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "gate/base/json_pointer.h"
#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "gate/schema/descent.h"
#include "gate/schema/equality.h"
#include "gate/schema/evaluate.h"
#include "gate/schema/explain.h"
#include "gate/schema/meta_schema.h"
#include "gate/schema/node_builder.h"

namespace gate::schema {
namespace {

using boost::json::value;

Resolver with_meta_schemas(Resolver resolver) {
  return [resolver = std::move(resolver)](const std::string& uri) -> Result<Source> {
    if (const Dialect* dialect = find_dialect(uri)) return meta_source(*dialect);
    if (resolver) return resolver(uri);
    return Error{ErrorCode::not_found, "nothing is ever fetched"};
  };
}

std::vector<std::string> with_version(std::vector<std::string> keywords) {
  keywords.emplace_back("version");
  return keywords;
}

bool is_sensitive(const boost::json::object& schema) {
  const value* flag = schema.if_contains("x-sensitive");
  return flag != nullptr && flag->is_bool() && flag->get_bool();
}

class Compiler final : public NodeSource {
 public:
  explicit Compiler(const CompileOptions& options)
      : places_(with_meta_schemas(options.resolver), with_version(options.keywords)) {}

  Compilation run(const Source& source) {
    const PlaceIndex root = places_.add(source);
    check_unchecked();
    if (places_.defects.empty()) build_all(root);
    if (places_.defects.empty()) note_endless();
    Compilation result{std::nullopt, std::move(places_.defects), std::move(places_.unknown_keywords),
                       places_.sources()};
    if (result.defects.empty()) {
      program_.sources = result.sources;
      result.program = std::move(program_);
    }
    return result;
  }

  NodeIndex node_of(const value& schema) override {
    const auto place = places_.find(schema);
    return place ? node_of_place(*place) : kNoNode;
  }

  NodeIndex node_at(std::string_view reference) override {
    const auto place = places_.resolve(current_, reference);
    if (!place) {
      note("/$ref", false, place.error().message);
      return kNoNode;
    }
    check_unchecked();
    return node_of_place(*place);
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
    note(pointer, is_member,
         fmt::format("the pattern {} cannot be used: {}", json_quoted(shortened(text, 200)),
                     pattern.error().message));
    return kNoRule;
  }

 private:
  void note(const std::string& pointer, bool at_key, std::string message) {
    const Place& place = places_[current_];
    places_.defects.push_back({place.source, place.pointer + pointer, at_key, std::move(message)});
  }

  NodeIndex node_of_place(PlaceIndex place) {
    const auto [found, is_new] = nodes_.try_emplace(place, static_cast<NodeIndex>(program_.nodes.size()));
    if (!is_new) return found->second;
    program_.nodes.emplace_back();
    program_.origins.push_back({places_[place].source, places_[place].pointer});
    queue_.emplace_back(place, found->second);
    return found->second;
  }

  void build_all(PlaceIndex root) {
    program_.root = node_of_place(root);
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
    builder.node.sensitive = is_sensitive(*schema);
    program_.has_sensitive = program_.has_sensitive || builder.node.sensitive;
    const Dialect& dialect = places_.dialect_of(place.source);
    const bool only_ref = dialect.ref_stands_alone && builder.sibling("$ref") != nullptr;
    for (const auto& member : *schema) {
      if (only_ref && member.key() != "$ref") continue;
      const KeywordRow* row = find_keyword(dialect, view(member.key()));
      if (row != nullptr && row->apply != nullptr) row->apply(builder, member.value());
    }
    return builder.finish(program_);
  }

  // Documents are held against their meta-schema before anything else looks at them.
  void check_unchecked() {
    for (const PlaceIndex index : places_.take_unchecked()) {
      const Place& place = places_[index];
      const Dialect& dialect = places_.dialect_of(place.source);
      const Source& source = places_.sources()[place.source];
      if (source.root == meta_source(dialect).root) continue;
      const Program& meta = meta_program(dialect);
      const Instance schema = instance_of(*place.schema, *source.exact);
      if (Evaluator{meta}.evaluate(schema.root()) == Outcome::valid) continue;
      for (Fault& fault : explain(meta, schema.root(), {}).faults) {
        places_.defects.push_back(
            {place.source, place.pointer + fault.instance, fault.at_key, std::move(fault.message)});
      }
    }
  }

  void note_endless() {
    for (const Descent& endless : find_endless(program_)) {
      const Origin& origin = program_.origins[endless.node];
      places_.defects.push_back({origin.source, origin.pointer, false, endless.why});
    }
  }

  Places places_;
  Program program_;
  PlaceIndex current_ = 0;
  std::unordered_map<PlaceIndex, NodeIndex> nodes_;
  std::unordered_map<std::string_view, RuleIndex> patterns_;
  std::vector<std::pair<PlaceIndex, NodeIndex>> queue_;
};

}  // namespace

Compilation compile(const Source& source, const CompileOptions& options) {
  return Compiler{options}.run(source);
}

}  // namespace gate::schema
