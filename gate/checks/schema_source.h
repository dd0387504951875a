#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "gate/base/result.h"
#include "gate/load/json.h"
#include "gate/policy/check_settings.h"
#include "gate/policy/evidence.h"
#include "gate/ports/files.h"
#include "gate/schema/compile.h"

namespace gate::checks {

// A compiled schema with the documents it points into. Neither copied nor moved.
struct LoadedSchema {
  struct File {
    std::string path;
    std::string text;
    load::Document document;
  };

  LoadedSchema() = default;
  LoadedSchema(const LoadedSchema&) = delete;
  LoadedSchema& operator=(const LoadedSchema&) = delete;

  std::deque<File> files;  // the schema, then what it refers to
  schema::Program program;
  std::vector<policy::Finding> findings;  // schema.unknown_keyword
  std::vector<policy::Input> inputs;
};

// Reads and compiles the schema of `settings`. A reference to another document is read where a prefix
// of `settings.resolve` maps it, or beside the schema where it is relative and the schema has no
// absolute identifier; nothing is ever fetched.
// Errors: not_found, io; malformed as "schema.json:3:14: /properties/n: why"; budget over 4 MiB.
Result<std::unique_ptr<LoadedSchema>> load_schema(const policy::SchemaSettings& settings,
                                                  const ports::Files& files);

// `pointer` with the indexes of arrays as `*`, so that it stays when elements move.
std::string starred(const boost::json::value& document, std::string_view pointer);

}  // namespace gate::checks
