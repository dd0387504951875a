// Documents a second of the schema engine in process: reading, deciding, both.
//   schema_bench SCHEMA EVENTS.jsonl [ROUNDS]

#include <algorithm>
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

// What is measured, how often, and over how much.
struct Bench {
  int rounds = 5;
  std::size_t documents = 0;
  std::size_t bytes = 0;
};

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

void print(std::string_view what, const Bench& bench, double seconds) {
  const double rate = static_cast<double>(bench.documents) / seconds;
  fmt::print("{:<28}{:>12} documents/s {:>8.0f} MB/s\n", what, gate::grouped(static_cast<std::size_t>(rate)),
             static_cast<double>(bench.bytes) / seconds / 1e6);
}

// What a thread of schema-validate holds for its documents.
struct Engine {
  explicit Engine(const gate::schema::Program& program) : evaluator(program) {}

  gate::load::JsonInstanceReader reader;
  gate::schema::Evaluator evaluator;

  bool accepts(const gate::schema::Instance& document) {
    return evaluator.evaluate(document.root()) == gate::schema::Outcome::valid;
  }
};

// Reading, reading then deciding, and what of it is deciding; a line at a time. Deciding is timed as the
// peers do it, each document 20 times in turn, so that what is timed is not memory. False where a line
// cannot be read.
bool measure_lines(const Bench& bench, const std::vector<std::string_view>& lines, Engine& engine) {
  std::size_t read = 0;
  const double reading = best_of(bench.rounds, [&] {
    read = 0;
    for (const std::string_view line : lines) read += engine.reader.read(line) ? 1U : 0U;
  });
  if (read != lines.size()) return false;
  std::size_t valid = 0;
  const auto decide_times = [&](std::size_t times) {
    for (const std::string_view line : lines) {
      const gate::schema::Instance* document = *engine.reader.read(line);
      for (std::size_t n = 0; n < times; ++n) valid += engine.accepts(*document) ? 1U : 0U;
    }
  };
  constexpr std::size_t kTimes = 20;
  const double once = best_of(bench.rounds, [&] { decide_times(1); });
  const double often = best_of(bench.rounds, [&] { decide_times(kTimes); });
  print("read", bench, reading);
  print("read and decide", bench, once);
  print("decide, each 20 times", bench, (often - reading) / kTimes);
  return true;
}

// Deciding documents that were read long before: out of memory, not out of the cache.
void measure_documents(const Bench& bench, const std::vector<std::string_view>& lines, Engine& engine) {
  std::deque<gate::load::JsonInstanceReader> readers;
  std::vector<const gate::schema::Instance*> documents;
  for (const std::string_view line : lines) documents.push_back(*readers.emplace_back().read(line));
  std::size_t valid = 0;
  const double seconds = best_of(bench.rounds, [&] {
    valid = 0;
    for (const gate::schema::Instance* document : documents) valid += engine.accepts(*document) ? 1U : 0U;
  });
  print("decide", bench, seconds);
  fmt::print("{} of {} valid\n", gate::grouped(valid), gate::grouped(lines.size()));
}

int run(const gate::load::Document& schema, const char* name, std::string_view text, int rounds) {
  const gate::schema::Source source{&schema.root, &schema.exact, "bench:schema", name};
  const auto compiled = gate::schema::compile(source);
  if (!compiled.program) {
    std::cerr << "schema_bench: " << compiled.defects.front().message << "\n";
    return 2;
  }
  std::size_t defects = 0;
  const double compiling = best_of(rounds, [&] { defects += gate::schema::compile(source).defects.size(); });
  fmt::print("{:<28}{:>12.1f} µs\n", "compile the schema", compiling * 1e6);
  std::vector<std::string_view> lines = gate::split(text, '\n');
  if (lines.back().empty()) lines.pop_back();
  const Bench bench{rounds, lines.size(), text.size()};
  Engine engine{*compiled.program};
  if (!measure_lines(bench, lines, engine)) {
    std::cerr << "schema_bench: not every line is a document\n";
    return 2;
  }
  measure_documents(bench, lines, engine);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: schema_bench SCHEMA EVENTS.jsonl [ROUNDS]\n";
    return 2;
  }
  const auto schema = gate::load::parse_json(contents_of(argv[1]));
  const std::string text = contents_of(argv[2]);
  if (!schema || text.empty()) {
    std::cerr << "schema_bench: cannot read its inputs\n";
    return 2;
  }
  return run(*schema, argv[1], text, argc > 3 ? std::atoi(argv[3]) : 5);
}
