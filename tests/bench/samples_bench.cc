// Counting request samples from a file, beside what one would write by hand: each a process, start to exit.
//   samples_bench [SAMPLES] [ROUNDS]
// Ours hashes the file, holds every line against the rules and counts the windows of two objectives; the
// peers count errors and, where they can sort, find the 95th percentile.

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "gate/base/time.h"
#include "gate/checks/samples_source.h"
#include "gate/platform/disk_files.h"
#include "tests/bench/process_cost.h"

namespace {

namespace fs = std::filesystem;
using gate::bench::cost_of;
using gate::bench::ProcessCost;

// A request a millisecond, one in 200 an error, most within 300 ms.
void write_samples(const fs::path& path, std::string_view format, std::uint64_t samples) {
  const auto start = *gate::parse_timestamp("2026-11-20T05:00:00Z");
  std::ofstream out{path, std::ios::binary};
  if (format == "csv") out << "timestamp,latency_ms,status,track,client\n";
  std::uint64_t state = 1;
  for (std::uint64_t i = 0; i < samples; ++i) {
    state = state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    const auto at = start + std::chrono::milliseconds{i};
    const auto draw = static_cast<unsigned>(state >> 33U);
    const unsigned latency = draw % 100 < 3 ? 3'000 + draw % 9'000 : 100 + draw % 2'500;  // tenths
    const int status = draw % 200 == 0 ? 503 : 200;
    const char* const track = draw % 20 == 0 ? "canary" : "baseline";
    if (format == "csv") {
      out << fmt::format("{},{}.{},{},{},c-{}\n", gate::to_string(at), latency / 10, latency % 10, status,
                         track, draw % 5'000);
    } else if (format == "jsonl") {
      out << fmt::format(
          "{{\"timestamp\":\"{}\",\"latency_ms\":{}.{},\"status\":{},\"track\":\"{}\",\"client\":\"c-{}\"}}"
          "\n",
          gate::to_string(at), latency / 10, latency % 10, status, track, draw % 5'000);
    } else {
      out << fmt::format(
          "2026-11-20T05:01:23.232Z lb haproxy[7]: 10.0.0.{}:33317 [20/Nov/2026:{}] http app/{} "
          "0/0/1/{}/{} {} 2750 - - ---- 9/9/1/1/0 0/0 \"GET /cart HTTP/1.1\"\n",
          draw % 250, gate::to_string(at).substr(11, 12), track, latency / 10, latency / 10 + 1, status);
    }
  }
}

gate::slo::Objective objective_of(gate::slo::RequestSli sli) {
  gate::slo::Objective objective;
  objective.sli = std::move(sli);
  objective.span = gate::slo::Period{std::chrono::days{30}, std::nullopt, {}};
  return objective;
}

// What slo-evaluate does with a file, run as `samples_bench --read FILE`.
int read_file(const char* path) {
  using gate::slo::RequestSli;
  const std::vector<gate::slo::Objective> objectives{
      objective_of({RequestSli::Kind::errors, {}}),
      objective_of({RequestSli::Kind::latency, gate::Decimal::of(std::int64_t{300})})};
  const gate::platform::DiskFiles files;
  const auto measured = gate::checks::measure_samples({{path}, {}}, objectives, std::nullopt, {}, files);
  if (!measured || !measured->evidence.findings.empty()) return 1;
  for (const gate::slo::Measurement& measurement : measured->measurements.of)
    std::cout << measurement.queries.back().query << ": " << measurement.queries.back().answer << '\n';
  return 0;
}

struct Row {
  const char* name;
  const char* file;
  std::vector<std::string> command;
};

void print(const Row& row, const fs::path& file, std::uint64_t samples, int rounds) {
  std::vector<std::string> command{"/usr/bin/env"};
  command.insert(command.end(), row.command.begin(), row.command.end());
  command.push_back(file.string());
  const ProcessCost cost = cost_of(rounds, command);
  if (cost.exit != 0) {
    fmt::print("{:<32}{:>10}\n", row.name, "not here");
    return;
  }
  fmt::print("{:<32}{:>8.2f} s wall {:>8.2f} s cpu {:>8.1f} MB/s cpu {:>8.2f} M samples/s cpu {:>8.1f} MB\n",
             row.name, cost.wall, cost.processor,
             static_cast<double>(fs::file_size(file)) / cost.processor / 1e6,
             static_cast<double>(samples) / cost.processor / 1e6, static_cast<double>(cost.kilobytes) / 1024);
}

constexpr const char* kJq =
    "reduce inputs as $s ({n: 0, bad: 0, slow: 0}; .n += 1 | if $s.status >= 500 or $s.status == 0 then .bad "
    "+= 1 "
    "else . end | if $s.latency_ms > 300 then .slow += 1 else . end)";
constexpr const char* kAwk =
    "NR > 1 { n++; if ($3 >= 500 || $3 == 0) bad++; if ($2 > 300) slow++ } END { print n, bad, slow }";
constexpr const char* kPython =
    "import json,sys\nn=bad=0\nl=[]\nfor line in open(sys.argv[1]):\n "
    "s=json.loads(line);n+=1;bad+=s['status']>=500 or "
    "s['status']==0;l.append(s['latency_ms'])\nl.sort()\nprint(n,bad,l[int(.95*n)])";
constexpr const char* kNode =
    "let n=0,bad=0;const l=[];require('readline').createInterface({input:require('fs').createReadStream("
    "process.argv[1])}).on('line',t=>{const "
    "s=JSON.parse(t);n++;if(s.status>=500||!s.status)bad++;l.push(s.latency_ms)"
    "}).on('close',()=>{console.log(n,bad,Float64Array.from(l).sort()[Math.floor(.95*n)])})";

int measure(const std::string& self, std::uint64_t samples, int rounds) {
  const fs::path folder = fs::temp_directory_path() / fmt::format("samples_bench.{}", ::getpid());
  fs::create_directories(folder);
  for (const char* format : {"jsonl", "csv", "log"})
    write_samples(folder / fmt::format("samples.{}", format), format, samples);
  const std::vector<Row> rows{
      {"ours, JSON Lines", "samples.jsonl", {self, "--read"}},
      {"ours, CSV", "samples.csv", {self, "--read"}},
      {"ours, HAProxy log", "samples.log", {self, "--read"}},
      {"sha256sum, JSON Lines", "samples.jsonl", {"sha256sum"}},
      {"awk, CSV (no percentile)", "samples.csv", {"awk", "-F,", kAwk}},
      {"jq, JSON Lines (no percentile)", "samples.jsonl", {"jq", "-n", kJq}},
      {"python3, JSON Lines", "samples.jsonl", {"python3", "-c", kPython}},
      {"node, JSON Lines", "samples.jsonl", {"node", "-e", kNode}},
  };
  for (const Row& row : rows) print(row, folder / row.file, samples, rounds);
  fs::remove_all(folder);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string_view{argv[1]} == "--read") return read_file(argv[2]);
  const std::uint64_t samples = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  if (samples == 0) {
    std::cerr << "usage: samples_bench [SAMPLES] [ROUNDS]\n";
    return 2;
  }
  return measure(argv[0], samples, argc > 2 ? std::atoi(argv[2]) : 3);
}
