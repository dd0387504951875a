// Documents a second of valijson over Boost.JSON, in process, beside schema_bench:
//   valijson_bench SCHEMA EVENTS.jsonl [ROUNDS]

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <boost/json.hpp>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace {

using Adapter = valijson::adapters::BoostJsonAdapter;

boost::json::value document_of(const char* path) {
  std::ifstream in{path};
  return boost::json::parse(std::string{std::istreambuf_iterator<char>{in}, {}});
}

std::vector<boost::json::value> documents_of(const char* path) {
  std::ifstream in{path};
  std::vector<boost::json::value> documents;
  for (std::string line; std::getline(in, line);) documents.push_back(boost::json::parse(line));
  return documents;
}

std::size_t count_valid(const valijson::Schema& schema, const std::vector<boost::json::value>& documents) {
  valijson::Validator validator;
  return static_cast<std::size_t>(std::count_if(
      documents.begin(), documents.end(),
      [&](const auto& document) { return validator.validate(schema, Adapter{document}, nullptr); }));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: valijson_bench SCHEMA EVENTS.jsonl [ROUNDS]\n";
    return 2;
  }
  const int rounds = argc > 3 ? std::atoi(argv[3]) : 3;
  const boost::json::value source = document_of(argv[1]);
  const std::vector<boost::json::value> documents = documents_of(argv[2]);
  valijson::Schema schema;
  valijson::SchemaParser{valijson::SchemaParser::kDraft7}.populateSchema(Adapter{source}, schema);
  std::size_t valid = 0;
  double best = 1e9;
  for (int i = 0; i < rounds; ++i) {
    const std::clock_t start = std::clock();
    valid = count_valid(schema, documents);
    best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  fmt::print("evaluate\t{:.6f}\t{}\t{}\n", best, documents.size(), valid);
  return 0;
}
