#include "tests/support/valijson_check.h"

#include <stdexcept>
#include <string_view>

#include <boost/json.hpp>

#include "gate/load/json.h"
#include "gate/load/json_instance.h"
#include "gate/schema/compile.h"
#include "gate/schema/evaluate.h"
#include "gate/schema/explain.h"

#if __has_include(<valijson/validator.hpp>)
#define GATE_HAS_VALIJSON 1
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>
#endif

namespace gate::test {
namespace {

#ifdef GATE_HAS_VALIJSON
constexpr bool kHasValijson = true;

class Valijson {
 public:
  explicit Valijson(const boost::json::value& schema) {
    valijson::SchemaParser{valijson::SchemaParser::kDraft7}.populateSchema(Adapter{schema}, schema_);
  }
  bool accepts(const boost::json::value& document) {
    return validator_.validate(schema_, Adapter{document}, nullptr);
  }

 private:
  using Adapter = valijson::adapters::BoostJsonAdapter;
  valijson::Schema schema_;
  valijson::Validator validator_;
};
#else
constexpr bool kHasValijson = false;

// Never asked.
struct Valijson {
  explicit Valijson(const boost::json::value&) {}
  static bool accepts(const boost::json::value&) { return false; }
};
#endif

void require(bool holds, const char* claim, const std::string& schema, std::string_view document) {
  if (!holds) throw std::logic_error(std::string{claim} + "\n" + schema + "\n" + std::string{document});
}

}  // namespace

bool has_valijson() {
  return kHasValijson;
}

std::size_t check_with_valijson(const std::string& schema, const std::vector<std::string>& documents) {
  const auto source = load::parse_json(schema);
  require(source.has_value(), "the schema is JSON", schema, {});
  const auto compiled = schema::compile({&source->root, &source->exact, "test:schema", "schema"});
  require(compiled.program.has_value(), "the schema compiles", schema, {});
  Valijson valijson{source->root};
  schema::Evaluator evaluator{*compiled.program};
  load::JsonInstanceReader reader;
  std::size_t valid = 0;
  for (const std::string& text : documents) {
    const auto instance = reader.read(text);
    const auto document = load::parse_json(text);
    require(instance.has_value() && document.has_value(), "the document is JSON", schema, text);
    const bool ours = evaluator.evaluate((*instance)->root()) == schema::Outcome::valid;
    const bool faultless = schema::explain(*compiled.program, (*instance)->root(), {}).faults.empty();
    require(ours == faultless, "a document is valid where it has no fault", schema, text);
    require(!kHasValijson || ours == valijson.accepts(document->root), "valijson agrees", schema, text);
    valid += ours ? 1U : 0U;
  }
  return valid;
}

}  // namespace gate::test
