#include "gate/schema_validate/run.h"

#include <algorithm>
#include <array>
#include <optional>
#include <ostream>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/base/parallel.h"
#include "gate/base/text.h"
#include "gate/checks/schema.h"
#include "gate/cli/emit.h"
#include "gate/cli/session.h"
#include "gate/schema/dialect.h"
#include "gate/schema/output.h"

namespace gate::schema_validate {
namespace {

constexpr std::array kExamples{
    cli::Example{"schema-validate order.schema.json order.json", "tells every fault of the document"},
    cli::Example{"schema-validate event.schema.json 'out/**/*.json' events.jsonl.gz",
                 "many documents, and one a line"},
    cli::Example{"curl -s $URL | schema-validate --mode warn reply.schema.json -",
                 "reads standard input, blocks nothing"},
    cli::Example{"schema-validate --resolve https://example.com/schemas/=schemas a.schema.json a.json",
                 "reads what a $ref names from a folder"},
};

void declare(cli::OptionTable& table, Options& options) {
  table.operand("SCHEMA", options.schema, "the JSON Schema, draft-04 to 2020-12");
  table.operands(
      "DOCUMENT", options.documents,
      "JSON; YAML where the name ends with .yaml or .yml, JSON Lines with .jsonl or .ndjson; gzip'd where "
      ".gz follows: files, folders, globs; - is stdin");
  table.list("--schema-keywords", "LIST", options.keywords,
             "keywords of your own in the schema, comma-separated, beside x-... and version");
  table.list("--resolve", "PREFIX=DIR", options.resolve,
             "read a $ref that starts with the prefix from a folder; nothing is ever fetched");
  const std::vector<std::string_view> dialects = schema::dialect_options();
  table.choice("--dialect", options.dialect, {dialects.begin(), dialects.end()},
               "how a schema without $schema is read; draft7 by default");
  table.flag("--format-assertion", options.format_assertion,
             "a text that has not the format its schema names is a fault; else format only says");
  table.choice("--spec-output", options.spec_output,
               {schema::kOutputFormats.begin(), schema::kOutputFormats.end()},
               "print the JSON Schema specification's output, a line each document, instead of the report");
  table.number("--max-errors", "N", options.max_errors, "findings kept of a document; the rest are counted");
  table.number("--jobs", "N", options.jobs, "threads; one a core by default");
  cli::declare_gate_options(table, options.gate);
}

Result<policy::SchemaSettings> settings_of(const Options& options) {
  policy::SchemaSettings settings;
  settings.schema = options.schema;
  settings.documents = options.documents;
  settings.max_errors = options.max_errors;
  settings.dialect = options.dialect;
  settings.format_assertion = options.format_assertion;
  for (const std::string& list : options.keywords) {
    for (const std::string_view keyword : split(list, ',')) {
      if (!trim(keyword).empty()) settings.schema_keywords.emplace_back(trim(keyword));
    }
  }
  for (const std::string& mapping : options.resolve) {
    const std::size_t equals = mapping.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == mapping.size()) {
      return Error{ErrorCode::usage, fmt::format("--resolve: {} is not PREFIX=DIR", json_quoted(mapping))};
    }
    const auto [known, is_new] =
        settings.resolve.emplace(mapping.substr(0, equals), mapping.substr(equals + 1));
    if (!is_new && known->second != mapping.substr(equals + 1)) {
      return Error{ErrorCode::usage,
                   fmt::format("--resolve: {} is mapped to two folders", json_quoted(known->first))};
    }
  }
  constexpr std::size_t kMostJobs = 256;
  if (options.jobs.value_or(1) > kMostJobs)
    return Error{ErrorCode::usage, fmt::format("--jobs: at most {}", kMostJobs)};
  if (settings.schema == "-" &&
      std::find(settings.documents.begin(), settings.documents.end(), "-") != settings.documents.end()) {
    return Error{ErrorCode::usage, "standard input cannot be the schema and a document"};
  }
  return settings;
}

std::optional<checks::SpecOutput> spec_output(const Options& options, cli::Context& io) {
  if (!options.spec_output) return std::nullopt;
  const auto* const name =
      std::find(schema::kOutputFormats.begin(), schema::kOutputFormats.end(), *options.spec_output);
  return checks::SpecOutput{static_cast<schema::OutputFormat>(name - schema::kOutputFormats.begin()),
                            [&io](std::string_view line) { io.out << line; }};
}

Result<cli::ExitCode> run(const Options& options, cli::Context& io) {
  const auto settings = settings_of(options);
  if (!settings) return settings.error();
  const auto session = cli::open_session(kTool.text.name, options.gate, io);
  if (!session) return session.error();
  const auto output = spec_output(options, io);
  auto evidence = checks::check_schema(*settings, io.files, options.jobs.value_or(available_cores()),
                                       output ? &*output : nullptr);
  if (!evidence) return evidence.error();
  return cli::emit(cli::conclude(*session, std::move(*evidence), io), options.gate, io,
                   output ? cli::StandardOutput::taken : cli::StandardOutput::report);
}

}  // namespace

const cli::Tool<Options> kTool{
    {"schema-validate",
     "Holds JSON and YAML documents against a JSON Schema and tells every fault at its place.", kExamples},
    declare,
    run};

}  // namespace gate::schema_validate
