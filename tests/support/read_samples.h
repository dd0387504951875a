#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gate/load/samples.h"
#include "gate/slo/sample.h"

namespace gate::test {

// What the reader of samples makes of a text, with its own copies of the clients.
struct ReadSamples {
  struct Row {
    Timestamp at{};
    double latency_ms = 0;
    int status = 0;
    slo::Track track = slo::Track::none;
    std::string client;

    bool operator==(const Row&) const = default;
  };

  std::vector<Row> rows;
  std::vector<load::SampleFault> faults;
  std::uint64_t fault_count = 0;
  std::uint64_t other_lines = 0;
  bool gave_up = false;

  bool operator==(const ReadSamples&) const = default;
};

// Fed in pieces of that many bytes.
inline ReadSamples read_samples(std::string_view text, std::size_t piece = std::string_view::npos,
                                slo::Track assigned = slo::Track::none) {
  load::SampleReader reader{assigned};
  ReadSamples read;
  const auto keep = [&read](std::span<const slo::Sample> samples) {
    for (const slo::Sample& s : samples)
      read.rows.push_back({s.at, s.latency_ms, s.status, s.track, std::string{s.client}});
  };
  std::string buffer;  // as a stream's, which the next piece overwrites
  while (!text.empty()) {
    buffer = text.substr(0, piece);
    keep(reader.feed(buffer));
    std::fill(buffer.begin(), buffer.end(), '#');
    text.remove_prefix(std::min(piece, text.size()));
  }
  keep(reader.finish());
  read.faults = reader.faults();
  read.fault_count = reader.fault_count();
  read.other_lines = reader.other_lines();
  read.gave_up = reader.gave_up();
  return read;
}

}  // namespace gate::test
