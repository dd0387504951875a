// Random schemas and documents, decided by our engine and by valijson, which was written by others.

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <boost/json.hpp>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "gate/load/json.h"
#include "gate/schema/compile.h"
#include "gate/schema/evaluate.h"
#include "gate/schema/explain.h"

namespace gate::schema {
namespace {

// Keeps to what valijson 1.0 gets right: no ids, no references but to definitions of plain types, no
// numbers beyond 2^53, no reals that are integers, divisors of integers only, short ASCII texts.
class Generator {
 public:
  explicit Generator(std::uint32_t seed) : random_(seed) {}

  std::string document(int depth = 3) {
    switch (below(depth > 0 ? 8 : 6)) {
      case 0: return "null";
      case 1: return below(2) == 0 ? "true" : "false";
      case 2: return integer();
      case 3: return real();
      case 4:
      case 5: return text();
      case 6: return array(depth);
      default: return object(depth);
    }
  }

  std::string schema(int depth = 3) {
    if (depth == 0) return leaf();
    std::vector<std::string> members;
    for (std::size_t n = 1 + below(3); n > 0; --n) members.push_back(keyword(depth));
    return joined("{", distinct(members), "}");
  }

 private:
  std::size_t below(std::size_t n) { return random_() % n; }
  std::string integer() { return std::to_string(static_cast<int>(below(14)) - 3); }
  std::string real() { return std::to_string(below(9)) + (below(2) == 0 ? ".5" : ".25"); }
  std::string name() { return "\"" + std::string(1, "abcd"[below(4)]) + "\""; }

  std::string text() {
    std::string out = "\"";
    for (std::size_t n = below(5); n > 0; --n) out.push_back("ab1"[below(3)]);
    return out + "\"";
  }

  std::string array(int depth) {
    std::vector<std::string> elements;
    for (std::size_t n = below(4); n > 0; --n) elements.push_back(document(depth - 1));
    return joined("[", elements, "]");
  }

  std::string object(int depth) {
    std::vector<std::string> members;
    for (std::size_t n = below(4); n > 0; --n) members.push_back(name() + ":" + document(depth - 1));
    return joined("{", distinct(members), "}");
  }

  static std::string joined(const char* open, const std::vector<std::string>& parts, const char* close) {
    std::string out = open;
    for (std::size_t i = 0; i < parts.size(); ++i) out += (i > 0 ? "," : "") + parts[i];
    return out + close;
  }

  // The first of the members of each name.
  static std::vector<std::string> distinct(const std::vector<std::string>& members) {
    std::vector<std::string> kept;
    std::vector<std::string> names;
    for (const std::string& member : members) {
      const std::string name = member.substr(0, member.find(':'));
      if (std::find(names.begin(), names.end(), name) != names.end()) continue;
      names.push_back(name);
      kept.push_back(member);
    }
    return kept;
  }

  std::string type() {
    constexpr const char* kTypes[] = {"null", "boolean", "integer", "number", "string", "array", "object"};
    return std::string{"\""} + kTypes[below(7)] + "\"";
  }

  std::string leaf() {
    switch (below(4)) {
      case 0: return below(2) == 0 ? "true" : "false";
      case 1: return R"({"$ref": "#/definitions/)" + std::string(1, "pq"[below(2)]) + "\"}";
      default: return "{\"type\":" + type() + "}";
    }
  }

  std::string keyword(int depth) {
    const auto sub = [&] { return schema(depth - 1); };
    switch (below(26)) {
      case 0: return "\"type\":" + type();
      case 1: return "\"type\":[\"null\",\"string\",\"integer\"]";
      case 2: return "\"enum\":[" + document(1) + "," + document(1) + "]";
      case 3: return "\"const\":" + document(1);
      case 4: return "\"minimum\":" + integer();
      case 5: return "\"maximum\":" + real();
      case 6: return "\"exclusiveMinimum\":" + real();
      case 7: return "\"exclusiveMaximum\":" + integer();
      case 8: return "\"minLength\":" + std::to_string(below(4));
      case 9: return "\"maxLength\":" + std::to_string(below(4));
      case 10: return below(2) == 0 ? R"("pattern":"^[ab]+$")" : R"("pattern":"a1|b")";
      case 11: return "\"items\":" + sub();
      case 12: return "\"items\":[" + sub() + "," + sub() + "],\"additionalItems\":" + sub();
      case 13: return "\"contains\":" + sub();
      case 14: return below(2) == 0 ? "\"minItems\":2" : "\"maxItems\":1";
      case 15: return "\"uniqueItems\":true";
      case 16: return "\"properties\":{\"a\":" + sub() + ",\"b\":" + sub() + "}";
      case 17: return "\"required\":[" + name() + "]";
      case 18: return "\"patternProperties\":{\"^[bc]$\":" + sub() + "}";
      case 19: return "\"additionalProperties\":" + sub();
      case 20: return below(2) == 0 ? "\"minProperties\":1" : "\"maxProperties\":2";
      case 21: return "\"dependencies\":{\"a\":[\"b\"],\"c\":" + sub() + "}";
      case 22: return "\"allOf\":[" + sub() + "," + sub() + "]";
      case 23: return "\"anyOf\":[" + sub() + "," + sub() + "]";
      case 24: return "\"oneOf\":[" + sub() + "," + sub() + "]";
      default:
        return below(2) == 0 ? "\"not\":" + sub()
                             : "\"if\":" + sub() + ",\"then\":" + sub() + ",\"else\":" + sub();
    }
  }

  std::mt19937 random_;
};

bool accepted_by_valijson(const boost::json::value& schema, const boost::json::value& document) {
  using Adapter = valijson::adapters::BoostJsonAdapter;
  valijson::Schema compiled;
  valijson::SchemaParser parser{valijson::SchemaParser::kDraft7};
  parser.populateSchema(Adapter{schema}, compiled);
  valijson::Validator validator;
  return validator.validate(compiled, Adapter{document}, nullptr);
}

TEST(CrossCheck, AgreesWithValijson) {
  Generator generator{20'261'120};
  std::size_t valid = 0;
  constexpr std::size_t kSchemas = 1'500;
  constexpr std::size_t kDocuments = 8;
  for (std::size_t i = 0; i < kSchemas; ++i) {
    std::string text = generator.schema();
    text.insert(1, std::string{R"("definitions":{"p":{"type":"string"},"q":{"type":["integer","array"]}})"} +
                       (text.size() > 2 ? "," : ""));
    const auto schema = load::parse_json(text);
    if (!schema) continue;  // two keywords of one name
    const Compilation compiled = compile({&schema->root, &schema->exact, "test:schema", "schema"});
    ASSERT_TRUE(compiled.program) << text << ": " << compiled.defects.front().message;
    Evaluator evaluator{*compiled.program};
    for (std::size_t n = 0; n < kDocuments; ++n) {
      const std::string json = generator.document();
      const auto document = load::parse_json(json);
      ASSERT_TRUE(document) << json;
      const Instance instance = instance_of(document->root, document->exact);
      const bool ours = evaluator.evaluate(instance.root()) == Outcome::valid;
      ASSERT_EQ(ours, accepted_by_valijson(schema->root, document->root)) << text << "\n" << json;
      ASSERT_EQ(ours, explain(*compiled.program, instance.root(), {}).faults.empty())
          << text << "\n"
          << json;
      valid += ours ? 1U : 0U;
    }
  }
  EXPECT_GT(valid, 1'000U);
  EXPECT_LT(valid, kSchemas * kDocuments - 1'000U);
}

}  // namespace
}  // namespace gate::schema
