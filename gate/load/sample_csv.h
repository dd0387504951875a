#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/load/sample_fields.h"
#include "gate/slo/sample.h"

namespace gate::load {

// Whether a line names columns of samples: one of them at least.
bool is_csv_header(std::string_view line);

// Finds where the records of a CSV text end (RFC 4180): at a line feed that stands in no quoted field.
class CsvRecordEnd {
 public:
  // A record that is longer than `limit` bytes ends at its next line feed, quoted or not.
  explicit CsvRecordEnd(std::size_t limit) : limit_(limit) {}

  // The offset of the line feed that ends the record which earlier pieces began; npos where that is still to
  // come. After an end the next record begins.
  std::size_t find(std::string_view piece);

 private:
  enum class State { field_start, plain, quoted, quote_in_quoted };

  static State after(State state, char c);

  std::size_t limit_;
  State state_ = State::field_start;
  std::size_t bytes_ = 0;
};

// Reads records of RFC 4180 as samples. The header names the columns, in any order; those of other names are
// passed over.
class CsvSampleReader {
 public:
  std::optional<LineFault> read_header(std::string_view line);

  // Fills `sample`, whose client points into `record` or `texts`. A record that no line feed ends may have
  // lost the end of its last field: a number there is a fault.
  std::optional<LineFault> read(std::string_view record, bool terminated, slo::Sample& sample,
                                std::deque<std::string>& texts);

 private:
  std::optional<LineFault> set(SampleField field, std::string_view text, std::size_t offset,
                               slo::Sample& sample);

  MomentReader moments_;
  std::vector<SampleField> columns_;
};

}  // namespace gate::load
