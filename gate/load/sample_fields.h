#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gate/base/time.h"
#include "gate/load/number_literal.h"
#include "gate/slo/sample.h"

namespace gate::load {

// What a line of samples says, whatever its syntax; its bit in a set of fields.
enum class SampleField : std::uint8_t {
  timestamp = 1,
  latency_ms = 2,
  status = 4,
  track = 8,
  client = 16,
  other = 0,
};

constexpr SampleField kSampleFields[] = {SampleField::timestamp, SampleField::latency_ms, SampleField::status,
                                         SampleField::track, SampleField::client};
constexpr unsigned kRequiredSampleFields = 1 | 2 | 4;

std::string_view name_of(SampleField field);
SampleField sample_field_named(std::string_view name);

// What is wrong with a line, and the byte of it where that stands.
struct LineFault {
  std::size_t offset = 0;
  std::string message;  // lower case, no full stop

  bool operator==(const LineFault&) const = default;
};

// Reads moments, many of them on the same day.
class MomentReader {
 public:
  // RFC 3339, or a number: of seconds since 1970, or of milliseconds where it is a whole one from 10¹¹ (the
  // year 5138 in seconds, 1973 in milliseconds). What is finer than a millisecond is cut off. nullopt: it is
  // neither, or outside the years 1970 to 9999.
  std::optional<Timestamp> rfc3339(std::string_view text);
  static std::optional<Timestamp> unix_time(std::string_view literal);

  // As HAProxy writes it, "20/Nov/2026:05:01:23.123", taken as UTC.
  std::optional<Timestamp> haproxy(std::string_view text);

 private:
  template <class ReadDate>
  std::optional<Date> date(std::string_view text, const ReadDate& read_date);

  std::string known_text_;  // the day that came last, as it was written
  Date known_date_{};
};

// Milliseconds from 0 to 10¹²: what is above is no time that a request took, and infinity is not even that.
std::optional<double> latency_of(const NumberLiteral& number);

// 0 or from 100 to 599.
std::optional<int> status_of(const NumberLiteral& number);

// The number that is the whole of `text`, as JSON writes it.
std::optional<NumberLiteral> number_in_text(std::string_view text);

// canary or experiment; baseline, control or stable.
std::optional<slo::Track> track_named(std::string_view text);

std::string bad_field(SampleField field, std::string_view written);
std::string missing_field(SampleField field);

}  // namespace gate::load
