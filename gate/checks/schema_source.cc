#include "gate/checks/schema_source.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "gate/base/hash.h"
#include "gate/base/json_pointer.h"
#include "gate/base/text.h"
#include "gate/load/json_positions.h"
#include "gate/policy/finding.h"
#include "gate/schema/uri.h"

namespace gate::checks {
namespace {

constexpr std::uint64_t kMaxSchemaBytes = std::uint64_t{4} << 20U;

bool leaves_folder(std::string_view path) {
  const auto parts = split(path, '/');
  return std::find(parts.begin(), parts.end(), "..") != parts.end();
}

// Whether a path goes further up than the one that the user named; one from the root may go anywhere.
bool climbs_above(std::string_view path, std::string_view named) {
  if (named.starts_with('/')) return false;
  const auto steps_up = [](std::string_view of) {
    const auto parts = split(of, '/');
    return std::count(parts.begin(), parts.end(), "..");
  };
  return path.starts_with('/') || steps_up(path) > steps_up(named);
}

// Serves a schema's references from the file system and keeps what was read.
class SchemaFiles {
 public:
  SchemaFiles(const policy::SchemaSettings& settings, const ports::Files& files, LoadedSchema& loaded)
      : settings_(settings), files_(files), loaded_(loaded) {}

  Result<schema::Source> read(const std::string& path, std::string uri) {
    auto text = files_.read(path, kMaxSchemaBytes);
    if (!text) return unreadable(path, text.error());
    loaded_.inputs.push_back({path, sha256_hex(*text), text->size()});
    auto document = load::parse_json(*text, {kMaxSchemaBytes, load::JsonLimits{}.depth});
    if (!document) return Error{ErrorCode::malformed, fmt::format("{}:{}", path, document.error().message)};
    loaded_.files.push_back({path, std::move(*text), std::move(*document)});
    const LoadedSchema::File& file = loaded_.files.back();
    return schema::Source{&file.document.root, &file.document.exact, std::move(uri), path};
  }

  // What is no file, or too long for one, is not a schema; what failed while reading may yet be one.
  [[nodiscard]] Error unreadable(const std::string& path, const Error& error) const {
    const bool is_schema =
        error.code == ErrorCode::io && files_.status(path).kind == ports::FileKind::regular;
    return is_schema || error.code == ErrorCode::not_found ? error
                                                           : Error{ErrorCode::malformed, error.message};
  }

  Result<schema::Source> resolve(const std::string& uri) {
    if (const auto path = schema::document_path(uri)) {
      if (!climbs_above(*path, settings_.schema)) return read(*path, uri);
      return Error{ErrorCode::malformed,
                   fmt::format("{} is above the working directory, where nothing is read", *path)};
    }
    const auto* mapped = longest_prefix(uri);
    if (mapped == nullptr) {
      return Error{ErrorCode::not_found,
                   "nothing is ever fetched: map it to a folder with --resolve PREFIX=DIR"};
    }
    const auto below = pointer_from_fragment(std::string_view{uri}.substr(mapped->first.size()));
    if (!below || leaves_folder(*below)) {
      return Error{ErrorCode::malformed, fmt::format("{} leads out of its folder", uri)};
    }
    const std::string path = mapped->second + (mapped->second.ends_with('/') ? "" : "/") +
                             (below->starts_with('/') ? below->substr(1) : *below);
    const bool needs_suffix =
        !path.ends_with(".json") && files_.status(path).kind != ports::FileKind::regular;
    return read(needs_suffix ? path + ".json" : path, uri);
  }

 private:
  [[nodiscard]] const std::pair<const std::string, std::string>* longest_prefix(std::string_view uri) const {
    const std::pair<const std::string, std::string>* best = nullptr;
    for (const auto& entry : settings_.resolve) {
      if (uri.starts_with(entry.first) && (best == nullptr || entry.first.size() > best->first.size()))
        best = &entry;
    }
    return best;
  }

  const policy::SchemaSettings& settings_;
  const ports::Files& files_;
  LoadedSchema& loaded_;
};

// Where remarks about schema documents stand: one walk over each document, however many they are.
std::vector<policy::Location> locations_of(const std::vector<schema::Remark>& remarks,
                                           const std::vector<schema::Source>& sources,
                                           const LoadedSchema& loaded) {
  std::vector<policy::Location> locations;
  for (const schema::Remark& remark : remarks) {
    locations.push_back({sources[remark.source].name, 0, 0, remark.pointer});
  }
  for (const LoadedSchema::File& file : loaded.files) {
    std::vector<load::Place> places;
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < remarks.size(); ++i) {
      if (sources[remarks[i].source].root != &file.document.root) continue;
      places.push_back({remarks[i].pointer, remarks[i].at_key});
      rows.push_back(i);
    }
    const auto positions = load::find_positions(file.text, places);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      locations[rows[i]].line = positions[i].line;
      locations[rows[i]].column = positions[i].column;
    }
  }
  return locations;
}

Error defect(const schema::Compilation& compiled, const LoadedSchema& loaded) {
  const schema::Remark& first = compiled.defects.front();
  const policy::Location at = locations_of({first}, compiled.sources, loaded).front();
  const std::size_t rest = compiled.defects.size() - 1;
  return Error{ErrorCode::malformed, fmt::format("{}:{}:{}: {}{}{}{}", at.file, at.line, at.column,
                                                 at.pointer, at.pointer.empty() ? "" : ": ", first.message,
                                                 rest == 0 ? "" : fmt::format(" (and {} more)", rest))};
}

std::vector<policy::Finding> unknown_keywords(const schema::Compilation& compiled,
                                              const LoadedSchema& loaded) {
  auto locations = locations_of(compiled.unknown_keywords, compiled.sources, loaded);
  std::vector<policy::Finding> findings;
  for (std::size_t i = 0; i < locations.size(); ++i) {
    const schema::Remark& remark = compiled.unknown_keywords[i];
    const schema::Source& source = compiled.sources[remark.source];
    policy::Finding finding =
        policy::violation("schema.unknown_keyword", policy::Severity::error, source.name, remark.message);
    finding.location = std::move(locations[i]);
    finding.key = starred(*source.root, remark.pointer);
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace

std::string starred(const boost::json::value& document, std::string_view pointer) {
  const auto tokens = parse_pointer(pointer);
  std::string out;
  const boost::json::value* at = &document;
  for (const std::string& token : tokens.value_or(std::vector<std::string>{})) {
    const auto* elements = at == nullptr ? nullptr : at->if_array();
    const auto* members = at == nullptr ? nullptr : at->if_object();
    append_token(out, std::string_view{elements != nullptr ? "*" : token});
    const auto index = array_index(token);
    at = members != nullptr             ? members->if_contains(token)
         : elements != nullptr && index ? elements->if_contains(*index)
                                        : nullptr;
  }
  return out;
}

Result<std::unique_ptr<LoadedSchema>> load_schema(const policy::SchemaSettings& settings,
                                                  const ports::Files& files) {
  auto loaded = std::make_unique<LoadedSchema>();
  SchemaFiles sources{settings, files, *loaded};
  auto root = sources.read(settings.schema, schema::document_uri(settings.schema));
  if (!root) return root.error();
  schema::CompileOptions options;
  options.keywords = settings.schema_keywords;
  options.resolver = [&sources](const std::string& uri) { return sources.resolve(uri); };
  options.format_assertion = settings.format_assertion;
  if (settings.dialect) options.default_dialect = schema::find_dialect_named(*settings.dialect);
  schema::Compilation compiled = schema::compile(*root, options);
  if (!compiled.program) return defect(compiled, *loaded);
  loaded->findings = unknown_keywords(compiled, *loaded);
  loaded->program = std::move(*compiled.program);
  return loaded;
}

}  // namespace gate::checks
