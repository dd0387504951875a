#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "gate/load/json.h"
#include "gate/load/sample_fields.h"
#include "gate/slo/sample.h"

namespace gate::load {

// Reads lines of JSON Lines as samples. What JSON is the strict reader says (json.h); the usual line, an
// object of plain texts and numbers, is read without it, and alike.
class JsonSampleReader {
 public:
  // Fills `sample`, whose client points into `line` or `texts`. The members are known by name; others must be
  // well-formed and are passed over.
  std::optional<LineFault> read(std::string_view line, slo::Sample& sample, std::deque<std::string>& texts);

  // The same without the short cut: what the tests hold the other against.
  std::optional<LineFault> read_strictly(std::string_view line, slo::Sample& sample,
                                         std::deque<std::string>& texts);

 private:
  MomentReader moments_;
  JsonReader json_{JsonLimits{.bytes = std::size_t{64} << 10U}};
};

}  // namespace gate::load
