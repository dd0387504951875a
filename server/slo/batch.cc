#include "server/slo/batch.h"

#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "gate/base/edit_distance.h"
#include "gate/base/json_pointer.h"
#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "gate/load/sample_fields.h"
#include "gate/load/slo_toml_source.h"
#include "gate/slo/wording.h"

namespace server::slo {
namespace {

namespace json = boost::json;
using gate::load::MomentReader;
using gate::load::NumberLiteral;
using gate::load::SampleField;
using gate::slo::Sample;

// A number of a document as its text would be read (number_literal.h).
std::optional<NumberLiteral> number_of(const json::value& value, const gate::ExactNumbers& exact) {
  NumberLiteral number;
  if (value.is_int64()) {
    number.int64 = value.get_int64();
  } else if (value.is_uint64()) {
    number.kind = NumberLiteral::Kind::uint64;
    number.uint64 = value.get_uint64();
  } else if (value.is_double()) {
    number.kind = exact.find(value) == nullptr ? NumberLiteral::Kind::real : NumberLiteral::Kind::exact;
    number.real = value.get_double();
  } else {
    return std::nullopt;
  }
  return number;
}

std::string literal_of(const json::value& value, const gate::ExactNumbers& exact) {
  if (const gate::Decimal* decimal = exact.find(value)) return decimal->to_string();
  if (value.is_double()) return gate::Decimal::of(value.get_double()).to_string();
  return json::serialize(value);
}

std::string duration(std::chrono::milliseconds length) {
  return gate::slo::duration_text(std::chrono::floor<std::chrono::seconds>(length));
}

class BatchReader {
 public:
  BatchReader(const gate::load::Document& body, const Era& era, Batch& batch)
      : body_(body), era_(era), batch_(batch) {}

  std::optional<api::Problem> read() {
    if (!body_.root.is_object()) return refusal("", "must be a JSON object");
    for (const auto& member : body_.root.get_object()) {
      const std::string_view name = member.key();
      if (name == "service") {
        read_service(member.value());
      } else if (name == "samples") {
        read_samples(member.value());
      } else {
        unknown("", name, {"service", "samples"});
      }
    }
    for (const std::string_view name : {"service", "samples"}) {
      if (!body_.root.get_object().contains(name)) fault(fmt::format("/{}", name), "is required");
    }
    return outcome();
  }

 private:
  std::optional<api::Problem> refusal(std::string pointer, std::string why) {
    fault(std::move(pointer), std::move(why));
    return outcome();
  }

  std::optional<api::Problem> outcome() {
    if (fault_count_ == 0) return std::nullopt;
    const api::FieldError& first = errors_.front();
    std::string detail =
        fmt::format("{}: {}", first.pointer.empty() ? "the body" : first.pointer, first.message);
    if (fault_count_ > 1) detail += fmt::format(" (and {} more)", gate::grouped(fault_count_ - 1));
    return api::Problem{"invalid_request", std::move(detail), std::move(errors_), {}};
  }

  void fault(std::string pointer, std::string why) {
    if (++fault_count_ <= kMostErrors) errors_.push_back({std::move(pointer), std::move(why)});
  }

  void unknown(const std::string& at, std::string_view name, const std::vector<std::string_view>& known) {
    std::string pointer = at;
    gate::append_token(pointer, gate::shortened(name, 64));
    fault(std::move(pointer), "is not known" + gate::did_you_mean(name, known));
  }

  void read_service(const json::value& value) {
    if (!value.is_string()) return fault("/service", "must be a string");
    if (!gate::load::is_slo_name(value.get_string()))
      return fault("/service", "is not a name of at most 100 bytes");
    batch_.service = value.get_string();
  }

  void read_samples(const json::value& value) {
    if (!value.is_array()) return fault("/samples", "must be an array");
    const json::array& samples = value.get_array();
    if (samples.empty()) return fault("/samples", "must not be empty");
    if (samples.size() > kMostSamples) {
      return fault("/samples", fmt::format("holds {} samples, {} at most", gate::grouped(samples.size()),
                                           gate::grouped(kMostSamples)));
    }
    batch_.samples.reserve(samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i) read_sample(samples[i], fmt::format("/samples/{}", i));
  }

  void read_sample(const json::value& value, const std::string& at) {
    if (!value.is_object()) return fault(at, "a sample must be an object");
    Sample sample;
    unsigned seen = 0;
    bool good = true;
    for (const auto& member : value.get_object()) {
      const SampleField field = gate::load::sample_field_named(member.key());
      if (field == SampleField::other) {
        unknown(at, member.key(), {"timestamp", "latency_ms", "status", "track", "client"});
        continue;
      }
      seen |= static_cast<unsigned>(field);
      const std::string why = set_field(field, member.value(), sample);
      if (!why.empty()) fault(at + "/" + std::string{member.key()}, why);
      good = good && why.empty();
    }
    for (const SampleField field : gate::load::kSampleFields) {
      const unsigned missing = gate::load::kRequiredSampleFields & static_cast<unsigned>(field) & ~seen;
      if (missing != 0) fault(at, gate::load::missing_field(field));
      good = good && missing == 0;
    }
    if (good) batch_.samples.push_back(sample);
  }

  // Why that is no such field; empty where it is.
  std::string set_field(SampleField field, const json::value& value, Sample& sample) {
    const bool optional = (static_cast<unsigned>(field) & gate::load::kRequiredSampleFields) == 0;
    if (optional && value.is_null()) return {};
    const auto number = number_of(value, body_.exact);
    const auto set = [&](auto& member, const auto& read) -> std::string {
      if (!read) return gate::load::bad_field(field, written(value));
      member = *read;
      return {};
    };
    switch (field) {
      case SampleField::timestamp: return set_moment(value, sample);
      case SampleField::latency_ms:
        return set(sample.latency_ms, number ? gate::load::latency_of(*number) : std::nullopt);
      case SampleField::status:
        return set(sample.status, number ? gate::load::status_of(*number) : std::nullopt);
      case SampleField::track:
        return set(sample.track,
                   value.is_string() ? gate::load::track_named(value.get_string()) : std::nullopt);
      case SampleField::client: return set(sample.client, client_of(value));
      case SampleField::other: break;
    }
    return {};
  }

  std::string set_moment(const json::value& value, Sample& sample) {
    std::optional<gate::Timestamp> at;
    if (value.is_string()) at = moments_.rfc3339(value.get_string());
    if (value.is_number()) at = MomentReader::unix_time(literal_of(value, body_.exact));
    if (!at) return gate::load::bad_field(SampleField::timestamp, written(value));
    if (*at > era_.now + Era::kMostAhead)
      return fmt::format("{} ahead of the server's clock, {} at most", duration(*at - era_.now),
                         duration(Era::kMostAhead));
    if (*at < era_.now - era_.oldest)
      return fmt::format("{} old, {} at most", duration(era_.now - *at), duration(era_.oldest));
    sample.at = *at;
    return {};
  }

  std::optional<std::string_view> client_of(const json::value& value) {
    if (value.is_string()) return batch_.texts.emplace_back(value.get_string());
    if (value.is_number()) return batch_.texts.emplace_back(literal_of(value, body_.exact));
    return std::nullopt;
  }

  std::string written(const json::value& value) const {
    if (value.is_number()) return literal_of(value, body_.exact);
    if (value.is_string()) return gate::json_quoted(gate::shortened(value.get_string(), 40));
    if (value.is_object()) return "an object";
    return value.is_array() ? "an array" : json::serialize(value);
  }

  const gate::load::Document& body_;
  const Era& era_;
  Batch& batch_;
  MomentReader moments_;
  std::vector<api::FieldError> errors_;
  std::size_t fault_count_ = 0;
};

}  // namespace

std::variant<std::monostate, api::Problem> read_batch(const gate::load::Document& body, const Era& era,
                                                      Batch& batch) {
  auto problem = BatchReader{body, era, batch}.read();
  if (problem) return std::move(*problem);
  return {};
}

}  // namespace server::slo
