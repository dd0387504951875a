#include "gate/schema/output.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gate/base/json_pointer.h"
#include "gate/base/json_text.h"
#include "gate/schema/output_units.h"

namespace gate::schema {
namespace {

constexpr std::string_view kUndecided = "the document could not be checked within the limits";

// Members of an object, one after the other.
class ObjectText {
 public:
  ObjectText& raw(std::string_view name, std::string_view json) {
    text_ += text_.size() == 1 ? "" : ",";
    text_.append(json_quoted(name)).append(":").append(json);
    return *this;
  }
  ObjectText& text(std::string_view name, std::string_view value) { return raw(name, json_quoted(value)); }
  ObjectText& flag(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }
  [[nodiscard]] std::string done() const { return text_ + "}"; }

 private:
  std::string text_ = "{";
};

std::string with_keyword(std::string location, std::string_view keyword) {
  if (!keyword.empty()) append_token(location, keyword);
  return location;
}

void append_element(std::string& list, std::string_view json) {
  list.append(list.empty() ? "" : ",").append(json);
}

std::string basic_unit(const OutputUnit& unit, std::string_view keyword, std::string_view what,
                       std::string_view json) {
  return ObjectText{}
      .text("keywordLocation", with_keyword(unit.evaluation_path, keyword))
      .text("absoluteKeywordLocation", with_keyword(unit.schema_location, keyword))
      .text("instanceLocation", unit.instance_location)
      .raw(what, json)
      .done();
}

// The reasons for a document to be invalid, flat.
void append_errors(const OutputUnit& unit, std::string& list) {
  if (unit.valid || !unit.counts) return;
  for (const auto& [keyword, message] : unit.errors) {
    append_element(list, basic_unit(unit, keyword, "error", json_quoted(message)));
  }
  if (unit.errors.empty())
    append_element(list, basic_unit(unit, "", "error", json_quoted("a subschema has errors")));
  for (const OutputUnit& below : unit.details) append_errors(below, list);
}

// What a valid document's schemas say about it, flat.
void append_annotations(const OutputUnit& unit, std::string& list) {
  if (!unit.valid) return;
  for (const auto& [keyword, json] : unit.annotations) {
    append_element(list, basic_unit(unit, keyword, "annotation", json));
  }
  for (const OutputUnit& below : unit.details) append_annotations(below, list);
}

// An object has a name once: what one keyword says twice is one text.
std::string errors_of(const OutputUnit& unit) {
  std::vector<std::pair<std::string_view, std::string>> joined;
  for (const auto& [keyword, message] : unit.errors) {
    const std::string_view name = keyword;
    const auto same =
        std::find_if(joined.begin(), joined.end(), [&](const auto& entry) { return entry.first == name; });
    if (same == joined.end()) {
      joined.emplace_back(name, message);
    } else {
      same->second.append("; ").append(message);
    }
  }
  ObjectText members;
  for (const auto& [keyword, messages] : joined) members.text(keyword, messages);
  return members.done();
}

std::string annotations_of(const OutputUnit& unit) {
  ObjectText members;
  for (const auto& [keyword, json] : unit.annotations) members.raw(keyword, json);
  return members.done();
}

ObjectText unit_members(const OutputUnit& unit) {
  ObjectText members;
  members.flag("valid", unit.valid)
      .text("evaluationPath", unit.evaluation_path)
      .text("schemaLocation", unit.schema_location)
      .text("instanceLocation", unit.instance_location);
  if (!unit.errors.empty()) members.raw("errors", errors_of(unit));
  if (!unit.annotations.empty()) members.raw("annotations", annotations_of(unit));
  return members;
}

void append_units(const OutputUnit& unit, std::string& list) {
  append_element(list, unit_members(unit).done());
  for (const OutputUnit& below : unit.details) append_units(below, list);
}

std::string nested(const OutputUnit& unit) {
  ObjectText members = unit_members(unit);
  std::string details;
  for (const OutputUnit& below : unit.details) append_element(details, nested(below));
  if (!details.empty()) members.raw("details", "[" + details + "]");
  return members.done();
}

std::string basic(const OutputUnits& units) {
  ObjectText members;
  std::string list;
  members.flag("valid", units.root.valid);
  if (units.root.valid) {
    append_annotations(units.root, list);
    if (!list.empty()) members.raw("annotations", "[" + list + "]");
  } else {
    append_errors(units.root, list);
    members.raw("errors", "[" + list + "]");
  }
  if (!units.complete) members.flag("complete", false);
  return members.done();
}

std::string list_of(const OutputUnits& units) {
  std::string list;
  append_units(units.root, list);
  ObjectText members;
  members.flag("valid", units.root.valid).raw("details", "[" + list + "]");
  if (!units.complete) members.flag("complete", false);
  return members.done();
}

std::string hierarchical(const OutputUnits& units) {
  std::string whole = nested(units.root);
  if (!units.complete) whole.replace(whole.size() - 1, 1, ",\"complete\":false}");
  return whole;
}

std::string text_of(const OutputUnits& units, OutputFormat format) {
  switch (format) {
    case OutputFormat::flag: break;
    case OutputFormat::basic: return basic(units);
    case OutputFormat::list: return list_of(units);
    case OutputFormat::hierarchical: return hierarchical(units);
  }
  return ObjectText{}.flag("valid", units.root.valid).done();
}

}  // namespace

std::string output_of(const Program& program, const Cell& document, OutputFormat format,
                      const EvaluationLimits& limits) {
  if (format == OutputFormat::flag) {
    Evaluator evaluator{program, limits};
    return ObjectText{}.flag("valid", evaluator.evaluate(document) == Outcome::valid).done();
  }
  OutputUnits units = find_output_units(program, document, limits);
  units.root.valid = units.outcome == Outcome::valid;
  if (!units.root.valid) units.root.annotations.clear();
  if (units.outcome == Outcome::gave_up) units.root.errors.emplace_back("", kUndecided);
  return text_of(units, format);
}

std::string output_of_malformed(std::string_view why, OutputFormat format) {
  OutputUnits units;
  units.root.valid = false;
  units.root.errors.emplace_back("", why);
  return text_of(units, format);
}

}  // namespace gate::schema
