// Documents a second of the schema engine in process: reading, deciding, both.
//   schema_bench SCHEMA EVENTS.jsonl [ROUNDS]

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/load/json.h"
#include "gate/load/json_instance.h"
#include "gate/schema/compile.h"
#include "gate/schema/evaluate.h"

namespace {

std::string contents_of(const char* path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

// The best of several rounds of `work`, in seconds of processor time.
template <class Work>
double best_of(int rounds, const Work& work) {
  double best = 1e9;
  for (int i = 0; i < rounds; ++i) {
    const double start = cpu_seconds();
    work();
    best = std::min(best, cpu_seconds() - start);
  }
  return best;
}

void print(std::string_view what, double seconds, std::size_t documents, std::size_t bytes) {
  fmt::print("{:<28}{:>12} documents/s {:>8.0f} MB/s\n", what,
             gate::grouped(static_cast<std::size_t>(static_cast<double>(documents) / seconds)),
             static_cast<double>(bytes) / seconds / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: schema_bench SCHEMA EVENTS.jsonl [ROUNDS]\n";
    return 2;
  }
  const int rounds = argc > 3 ? std::atoi(argv[3]) : 5;
  const auto schema = gate::load::parse_json(contents_of(argv[1]));
  const std::string text = contents_of(argv[2]);
  if (!schema || text.empty()) {
    std::cerr << "schema_bench: cannot read its inputs\n";
    return 2;
  }
  const gate::schema::Source source{&schema->root, &schema->exact, "bench:schema", argv[1]};
  const auto compiled = gate::schema::compile(source);
  if (!compiled.program) {
    std::cerr << "schema_bench: " << compiled.defects.front().message << "\n";
    return 2;
  }
  std::vector<std::string_view> lines = gate::split(text, '\n');
  if (lines.back().empty()) lines.pop_back();

  gate::load::JsonInstanceReader reader;
  gate::schema::Evaluator evaluator{*compiled.program};
  std::size_t valid = 0;
  print("compile the schema", best_of(rounds, [&] { valid += gate::schema::compile(source).defects.size(); }),
        1, 0);
  print("read",
        best_of(rounds,
                [&] {
                  for (const std::string_view line : lines) valid += reader.read(line) ? 0U : 1U;
                }),
        lines.size(), text.size());
  print("read and decide",
        best_of(rounds,
                [&] {
                  for (const std::string_view line : lines) {
                    const auto document = reader.read(line);
                    valid += evaluator.evaluate((*document)->root()) == gate::schema::Outcome::valid ? 1U : 0U;
                  }
                }),
        lines.size(), text.size());
  std::deque<gate::load::JsonInstanceReader> readers;
  std::vector<const gate::schema::Instance*> documents;
  for (const std::string_view line : lines) documents.push_back(*readers.emplace_back().read(line));
  std::size_t in_round = 0;
  print("decide",
        best_of(rounds,
                [&] {
                  in_round = 0;
                  for (const gate::schema::Instance* document : documents) {
                    in_round += evaluator.evaluate(document->root()) == gate::schema::Outcome::valid ? 1U : 0U;
                  }
                }),
        lines.size(), text.size());
  fmt::print("{} of {} valid\n", gate::grouped(in_round), gate::grouped(lines.size()));
  return valid > 0 ? 0 : 1;
}
