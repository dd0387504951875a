#include "tests/support/random_schema.h"

#include <algorithm>
#include <vector>

namespace gate::test {
namespace {

std::string joined(const char* open, const std::vector<std::string>& parts, const char* close) {
  std::string out = open;
  for (std::size_t i = 0; i < parts.size(); ++i) out += (i > 0 ? "," : "") + parts[i];
  return out + close;
}

// The first of the members of each name.
std::vector<std::string> distinct(const std::vector<std::string>& members) {
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

}  // namespace

std::string RandomSchema::schema() {
  const std::string own = subschema(3);
  const std::string definitions =
      R"({"definitions":{"p":{"type":"string"},"q":{"type":["integer","array"]}})";
  return definitions + (own.size() > 2 ? "," : "") + own.substr(1);
}

std::string RandomSchema::integer() {
  return std::to_string(static_cast<int>(below(14)) - 3);
}

std::string RandomSchema::real() {
  return std::to_string(below(9)) + (below(2) == 0 ? ".5" : ".25");
}

std::string RandomSchema::name() {
  return "\"" + std::string(1, "abcd"[below(4)]) + "\"";
}

std::string RandomSchema::document(int depth) {
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

std::string RandomSchema::text() {
  std::string out = "\"";
  for (std::size_t n = below(5); n > 0; --n) out.push_back("ab1"[below(3)]);
  return out + "\"";
}

std::string RandomSchema::array(int depth) {
  std::vector<std::string> elements;
  for (std::size_t n = below(4); n > 0; --n) elements.push_back(document(depth - 1));
  return joined("[", elements, "]");
}

std::string RandomSchema::object(int depth) {
  std::vector<std::string> members;
  for (std::size_t n = below(4); n > 0; --n) members.push_back(name() + ":" + document(depth - 1));
  return joined("{", distinct(members), "}");
}

std::string RandomSchema::type() {
  constexpr const char* kTypes[] = {"null", "boolean", "integer", "number", "string", "array", "object"};
  return std::string{"\""} + kTypes[below(7)] + "\"";
}

std::string RandomSchema::leaf() {
  switch (below(4)) {
    case 0: return below(2) == 0 ? "true" : "false";
    case 1: return R"({"$ref": "#/definitions/)" + std::string(1, "pq"[below(2)]) + "\"}";
    default: return "{\"type\":" + type() + "}";
  }
}

std::string RandomSchema::subschema(int depth) {
  if (depth == 0) return leaf();
  std::vector<std::string> members;
  for (std::size_t n = 1 + below(3); n > 0; --n) members.push_back(keyword(depth));
  return joined("{", distinct(members), "}");
}

std::string RandomSchema::keyword(int depth) {
  const auto sub = [&] { return subschema(depth - 1); };
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

}  // namespace gate::test
