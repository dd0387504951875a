#include "gate/load/canary_state_json.h"

#include <charconv>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/load/json.h"
#include "gate/load/json_fields.h"

namespace gate::load {
namespace {

using slo::Arm;
using slo::PerArm;

// Far more than a state can hold, far fewer than hurts.
constexpr std::size_t kMostElements = 100'000;

std::uint64_t hash_of(JsonFields& fields, std::string_view name, std::string_view text) {
  std::uint64_t hash = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), hash, 16);
  if (text.size() != 16 || ec != std::errc{} || end != text.data() + text.size()) {
    fields.refuse(name, "16 hex digits are wanted");
  }
  return hash;
}

// Each element of an array, by a function of it and its pointer.
template <class Read>
void each(JsonFields& fields, std::string_view name, Read read) {
  const boost::json::array& elements = fields.array(name);
  if (elements.size() > kMostElements) return fields.refuse(name, "has too many elements");
  for (std::size_t i = 0; i < elements.size(); ++i) {
    read(elements[i], fmt::format("{}/{}", fields.pointer(name), i));
  }
}

std::vector<double> numbers(JsonFields& fields, std::string_view name) {
  std::vector<double> numbers;
  each(fields, name, [&](const boost::json::value& element, const std::string& /*at*/) {
    if (!element.is_number()) return fields.refuse(name, "numbers are wanted");
    numbers.push_back(element.to_number<double>());
  });
  return numbers;
}

std::optional<std::uint64_t> whole(const boost::json::value& value) {
  const std::int64_t* number = value.if_int64();
  return number == nullptr || *number < 0 ? std::nullopt : std::optional{static_cast<std::uint64_t>(*number)};
}

std::vector<std::uint64_t> hashes(JsonFields& fields, std::string_view name) {
  std::vector<std::uint64_t> hashes;
  each(fields, name, [&](const boost::json::value& element, const std::string& /*at*/) {
    const boost::json::string* text = element.if_string();
    hashes.push_back(
        hash_of(fields, name, text == nullptr ? "" : std::string_view{text->data(), text->size()}));
  });
  return hashes;
}

slo::EffectiveCounts read_effective(JsonFields fields) {
  return {fields.number("good"), fields.number("bad")};
}

slo::ArmTotals read_arm(JsonFields fields) {
  return {{fields.count("requests"), fields.count("bad"), fields.count("failing_clients")},
          read_effective(fields.object("at_risk"))};
}

PerArm<slo::ArmTotals> read_totals(JsonFields fields) {
  return {read_arm(fields.object("baseline")), read_arm(fields.object("canary"))};
}

slo::StartMixture read_mixture(JsonFields fields) {
  return {numbers(fields, "evidence"), fields.count("blocks")};
}

class StateReader {
 public:
  explicit StateReader(std::optional<Error>& failure) : failure_(failure) {}

  // `fresh` is what a judge starts with.
  slo::CanaryState read(JsonFields fields, const slo::CanaryState& fresh) {
    slo::CanaryState state;
    each(fields, "block", [&](const auto& element, const std::string& at) {
      state.block.push_back(read_request(JsonFields{element, at, failure_}));
    });
    state.block_start = fields.moment("block_start");
    state.blocks = fields.count("blocks");
    state.blocks_with_both = fields.count("blocks_with_both");
    state.blocks_without_clients = fields.count("blocks_without_clients");
    JsonFields requests = fields.object("requests");
    state.requests = {requests.count("baseline"), requests.count("canary")};
    JsonFields checksum = fields.object("checksum");
    state.checksum = {hash_of(checksum, "baseline", checksum.text("baseline")),
                      hash_of(checksum, "canary", checksum.text("canary"))};
    state.newest = fields.moment("newest");
    if (!is_null(fields, "share")) state.share = fields.number("share");
    each(fields, "events", [&](const auto& element, const std::string& at) {
      state.events.push_back(read_events(JsonFields{element, at, failure_}));
    });
    if (!is_null(fields, "latency")) {
      const std::size_t buckets = fresh.latency ? fresh.latency->histograms.canary.size() : 0;
      state.latency = read_latency(fields.object("latency"), buckets);
    }
    state.decision =
        slo::CanaryDecision{static_cast<int>(fields.choice("decision", {"undecided", "failed", "passed"}))};
    JsonFields decided = fields.object("decided");
    state.decided = {decided.moment("at"), decided.count("requests"), decided.count("canary_requests")};
    return state;
  }

 private:
  static bool is_null(const JsonFields& fields, std::string_view name) {
    const boost::json::value* value = fields.members().if_contains(name);
    return value != nullptr && value->is_null();
  }

  static slo::BlockRequest read_request(JsonFields fields) {
    slo::BlockRequest request;
    request.client = hash_of(fields, "client", fields.text("client"));
    request.arm = fields.flag("canary") ? Arm::canary : Arm::baseline;
    const std::uint64_t bad = fields.count("bad");
    if (bad > std::numeric_limits<std::uint8_t>::max()) fields.refuse("bad", "is too large");
    request.bad = static_cast<std::uint8_t>(bad);
    const double bucket = fields.number("bucket");
    if (!(bucket >= -1 && bucket < kMostElements))
      fields.refuse("bucket", "is no bucket");
    else
      request.bucket = static_cast<std::int32_t>(bucket);
    return request;
  }

  std::vector<slo::Stretch> read_stretches(JsonFields& fields, std::string_view name) {
    std::vector<slo::Stretch> stretches;
    each(fields, name, [&](const auto& element, const std::string& at) {
      JsonFields stretch{element, at, failure_};
      const double cusum = stretch.number("cusum");
      const Timestamp since = stretch.moment("since");
      stretches.push_back({cusum, since, read_totals(stretch.object("start"))});
    });
    return stretches;
  }

  slo::EventsState read_events(JsonFields fields) {
    slo::EventsState state;
    state.totals = read_totals(fields.object("totals"));
    state.canary_any = read_effective(fields.object("canary_any"));
    state.worse = read_mixture(fields.object("worse"));
    state.worse_stretches = read_stretches(fields, "worse_stretches");
    state.breach = read_mixture(fields.object("breach"));
    state.breach_stretches = read_stretches(fields, "breach_stretches");
    state.not_worse = numbers(fields, "not_worse");
    state.failed_clients = hashes(fields, "failed_clients");
    return state;
  }

  // Pairs of a bucket and its count.
  static std::vector<std::uint64_t> read_histogram(JsonFields& fields, std::string_view name,
                                                   std::size_t buckets) {
    std::vector<std::uint64_t> histogram(buckets);
    each(fields, name, [&](const boost::json::value& element, const std::string& /*at*/) {
      const boost::json::array* pair = element.if_array();
      const bool is_pair = pair != nullptr && pair->size() == 2;
      const auto bucket = is_pair ? whole((*pair)[0]) : std::nullopt;
      const auto count = is_pair ? whole((*pair)[1]) : std::nullopt;
      if (!bucket || !count || *bucket >= buckets) {
        fields.refuse(name, "pairs of a bucket and its count are wanted");
      } else {
        histogram[*bucket] = *count;
      }
    });
    return histogram;
  }

  static slo::LatencyState read_latency(JsonFields fields, std::size_t buckets) {
    slo::LatencyState state;
    state.histograms = {read_histogram(fields, "baseline", buckets),
                        read_histogram(fields, "canary", buckets)};
    for (const Arm arm : {Arm::baseline, Arm::canary}) {
      const auto& histogram = state.histograms[arm];
      state.requests[arm] = std::accumulate(histogram.begin(), histogram.end(), std::uint64_t{0});
    }
    for (const double threshold : numbers(fields, "thresholds")) {
      if (!(threshold >= 0 && threshold < static_cast<double>(buckets)))
        fields.refuse("thresholds", "is no bucket");
      else
        state.thresholds.push_back(static_cast<std::int32_t>(threshold));
    }
    state.thresholds_from = fields.count("thresholds_from");
    state.slower = read_mixture(fields.object("slower"));
    state.slow_on_canary = fields.count("slow_on_canary");
    return state;
  }

  std::optional<Error>& failure_;
};

std::string shown(const Value* value) {
  return value == nullptr ? "absent" : to_compact_json(*value);
}

// The first setting that differs.
std::optional<Error> other_settings(const Value& saved, const Value& wanted) {
  for (const auto& [name, value] : *wanted.as_object()) {
    const Value* there = saved.find(name);
    if (there != nullptr && to_canonical_json(*there) == to_canonical_json(value)) continue;
    return Error{ErrorCode::malformed, fmt::format("/settings/{}: is {} in the state, {} is asked for", name,
                                                   shown(there), to_compact_json(value))};
  }
  return std::nullopt;
}

}  // namespace

Result<slo::CanaryJudge> resume_canary(std::string_view text, const slo::CanarySettings& settings) {
  const auto fresh = slo::CanaryJudge::make(settings);
  if (!fresh) return fresh.error();
  const auto document = parse_json(text);
  if (!document) return document.error();
  std::optional<Error> failure;
  JsonFields fields{document->root, "", failure};
  const std::uint64_t version = fields.count("release_gate_canary_state");
  if (!failure && version != slo::kCanaryStateVersion) {
    fields.refuse("release_gate_canary_state",
                  fmt::format("is version {}, {} is wanted", version, slo::kCanaryStateVersion));
  }
  JsonFields saved = fields.object("settings");
  if (!failure) failure = other_settings(to_value(document->root.at("settings")), settings_value(settings));
  slo::CanaryState state = StateReader{failure}.read(fields.object("state"), fresh->state());
  if (failure) return *failure;
  auto judge = slo::CanaryJudge::resume(settings, std::move(state));
  if (!judge) return judge.error().within("/state");
  return judge;
}

}  // namespace gate::load
