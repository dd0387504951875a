// The table of docs/slo-evaluate-canary.md: how often the judge fails a canary that is no worse, and how soon
// one that is, over many seeds, with the test that everybody writes first beside it.
//
//   canary_table [SEEDS]     10,000 seeds a row by default

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "gate/base/parallel.h"
#include "gate/base/text.h"
#include "gate/slo/canary_judge.h"
#include "gate/slo/simulated_traffic.h"

namespace {

using gate::slo::Arm;
using gate::slo::CanaryDecision;
using gate::slo::CanaryJudge;
using gate::slo::CanarySettings;
using gate::slo::PerArm;
using gate::slo::Sample;
using gate::slo::SimulatedTraffic;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct Decided {
  std::uint64_t requests = 0;
  std::uint64_t canary_requests = 0;
};

// A one-sided z-test of two shares at 1 %, looked at again and again.
class RepeatedTest {
 public:
  explicit RepeatedTest(std::uint64_t every) : every_(every) {}

  void add(Arm arm, std::uint64_t requests, std::uint64_t bad) {
    requests_[arm] += requests;
    bad_[arm] += bad;
    const std::uint64_t all = requests_.baseline + requests_.canary;
    if (all < next_look_) return;
    next_look_ = all - all % every_ + every_;
    look(all);
  }

  [[nodiscard]] const std::optional<Decided>& failed() const { return failed_; }

 private:
  void look(std::uint64_t all) {
    constexpr double kBeyond = 2.326348;  // 99 % of a normal distribution lie below
    const auto n_b = static_cast<double>(requests_.baseline);
    const auto n_c = static_cast<double>(requests_.canary);
    if (failed_ || n_b == 0 || n_c == 0) return;
    const double pooled = static_cast<double>(bad_.baseline + bad_.canary) / (n_b + n_c);
    const double error = std::sqrt(pooled * (1 - pooled) * (1 / n_b + 1 / n_c));
    const double difference =
        static_cast<double>(bad_.canary) / n_c - static_cast<double>(bad_.baseline) / n_b;
    if (difference > kBeyond * error) failed_ = Decided{all, requests_.canary};
  }

  std::uint64_t every_;
  std::uint64_t next_look_ = 0;
  PerArm<std::uint64_t> requests_;
  PerArm<std::uint64_t> bad_;
  std::optional<Decided> failed_;
};

class Both final : public gate::slo::TrafficReceiver {
 public:
  Both(CanaryJudge& judge, RepeatedTest& repeated, bool clients_known)
      : judge_(judge), repeated_(repeated), clients_known_(clients_known) {}

  bool request(const Sample& sample) override {
    judge_.add(sample);
    const Arm arm = sample.track == gate::slo::Track::canary ? Arm::canary : Arm::baseline;
    repeated_.add(arm, 1, sample.status >= 500 ? 1 : 0);
    return goes_on();
  }

  bool quiet(const PerArm<std::uint32_t>& requests, gate::Timestamp at) override {
    judge_.add_quiet(requests, at, clients_known_);
    repeated_.add(Arm::baseline, requests.baseline, 0);
    repeated_.add(Arm::canary, requests.canary, 0);
    return goes_on();
  }

 private:
  [[nodiscard]] bool goes_on() const {
    return judge_.decision() == CanaryDecision::undecided || !repeated_.failed();
  }

  CanaryJudge& judge_;
  RepeatedTest& repeated_;
  bool clients_known_;
};

struct Row {
  std::string name;
  SimulatedTraffic traffic;
  CanarySettings settings;
};

struct Outcome {
  CanaryDecision decision = CanaryDecision::undecided;
  Decided decided;
  std::optional<Decided> repeated;
};

Outcome run_once(const Row& row, std::uint64_t seed) {
  auto judge = CanaryJudge::make(row.settings);
  RepeatedTest repeated{row.traffic.requests_per_second >= 100 ? std::uint64_t{1000} : std::uint64_t{100}};
  Both both{*judge, repeated, row.traffic.clients_known};
  generate(row.traffic, seed, both);
  judge->close();
  const auto& at = judge->decided_at();
  return {judge->decision(), {at.requests, at.canary_requests}, repeated.failed()};
}

// The requests at which a decision was made, over the seeds that came to one.
class Quantiles {
 public:
  void add(std::uint64_t requests) { all_.push_back(requests); }

  [[nodiscard]] std::size_t count() const { return all_.size(); }

  [[nodiscard]] std::string text(double share) {
    if (all_.empty()) return "–";
    std::sort(all_.begin(), all_.end());
    const auto last = all_.size() - 1;
    return gate::grouped(all_[static_cast<std::size_t>(share * static_cast<double>(last))]);
  }

 private:
  std::vector<std::uint64_t> all_;
};

struct Summary {
  Quantiles failed;
  Quantiles failed_canary;
  Quantiles passed;
  Quantiles passed_canary;
  Quantiles repeated;
};

Summary run(const Row& row, std::size_t seeds) {
  std::vector<Outcome> outcomes(seeds);
  gate::parallel_for(seeds, gate::available_cores(),
                     [&](std::size_t i) { outcomes[i] = run_once(row, i + 1); });
  Summary summary;
  for (const Outcome& outcome : outcomes) {
    if (outcome.decision == CanaryDecision::failed) {
      summary.failed.add(outcome.decided.requests);
      summary.failed_canary.add(outcome.decided.canary_requests);
    } else if (outcome.decision == CanaryDecision::passed) {
      summary.passed.add(outcome.decided.requests);
      summary.passed_canary.add(outcome.decided.canary_requests);
    }
    if (outcome.repeated) summary.repeated.add(outcome.repeated->requests);
  }
  return summary;
}

void print(const std::string& line) {
  std::fputs((line + "\n").c_str(), stdout);
  std::fflush(stdout);
}

milliseconds time_of(double requests, double rate) {
  return milliseconds{static_cast<std::int64_t>(requests * 1000 / rate)};
}

constexpr double kRates[] = {1, 10, 2000};

Row healthy(std::string name, double rate, double requests) {
  Row row;
  row.name = std::move(name);
  row.traffic.requests_per_second = rate;
  row.traffic.duration = time_of(requests, rate);
  row.traffic.bad_share = {0.001, 0.001};
  row.settings.events[0].max_bad_share = 0.002;
  row.settings.early_pass = false;
  return row;
}

// A canary as good as its baseline, at half of its limit, over 300,000 requests.
std::vector<Row> null_rows(double rate) {
  constexpr double kRequests = 300'000;
  std::vector<Row> rows{healthy("independent errors", rate, kRequests)};
  for (const bool known : {true, false}) {
    for (const std::uint32_t cluster : {2U, 3U, 5U}) {
      Row row = healthy(fmt::format("clusters of {}, clients {}", cluster, known ? "known" : "unknown"), rate,
                        kRequests);
      row.traffic.cluster = cluster;
      row.traffic.clients_known = known;
      rows.push_back(row);
    }
  }
  const milliseconds third = time_of(kRequests / 3, rate);
  const milliseconds outage = std::min(third, milliseconds{seconds{30}});
  for (const std::uint32_t cluster : {1U, 5U}) {
    Row row =
        healthy(cluster == 1 ? "shared outage, 50% for 30 s" : "the same in clusters of 5", rate, kRequests);
    row.traffic.steps = {{milliseconds{0}, 0.5}};
    row.traffic.outage = SimulatedTraffic::Outage{third, third + outage, 0.5};
    row.traffic.cluster = cluster;
    rows.push_back(row);
  }
  Row steps = healthy("share 1, 5, 25, 50% by steps, outage over one", rate, kRequests);
  const milliseconds quarter = time_of(kRequests / 4, rate);
  steps.traffic.steps = {{milliseconds{0}, 0.01}, {quarter, 0.05}, {2 * quarter, 0.25}, {3 * quarter, 0.5}};
  steps.traffic.outage = SimulatedTraffic::Outage{2 * quarter - outage / 2, 2 * quarter + outage / 2, 0.2};
  rows.push_back(steps);
  return rows;
}

void print_false_alarms(std::size_t seeds) {
  print(fmt::format("| a canary that is no worse | requests/s | false alarms of {} | repeated z-test |",
                    gate::grouped(seeds)));
  print("|---|---|---|---|");
  for (const double rate : kRates) {
    for (const Row& row : null_rows(rate)) {
      const Summary summary = run(row, seeds);
      print(fmt::format("| {} | {} | {} | {} |", row.name, gate::grouped(static_cast<std::size_t>(rate)),
                        gate::grouped(summary.failed.count()), gate::grouped(summary.repeated.count())));
    }
  }
}

struct Worse {
  const char* name;
  double baseline;
  double canary;
  std::optional<double> limit;
  double most_requests;
};

constexpr Worse kWorse[] = {
    {"0.1% → 100%", 0.001, 0.999, {}, 1e6},
    {"0.1% → 20%", 0.001, 0.2, {}, 1e6},
    {"0.1% → 2%", 0.001, 0.02, {}, 1e6},
    {"0.1% → 0.2%", 0.001, 0.002, {}, 4e5},
    {"1% → 5%", 0.01, 0.05, {}, 1e6},
    {"1% → 2%", 0.01, 0.02, {}, 1e6},
    {"0.1% → 100%, limit 1%", 0.001, 0.999, 0.01, 1e6},
    {"0.1% → 5%, limit 1%", 0.001, 0.05, 0.01, 1e6},
    {"0.1% → 2%, limit 1%", 0.001, 0.02, 0.01, 1e6},
};

void print_detection(std::size_t seeds) {
  print(
      "| baseline → canary (5% of requests) | requests/s | found | requests, median / p90 | of the canary, "
      "median / p90 | repeated z-test, median / p90 |");
  print("|---|---|---|---|---|---|");
  for (const Worse& worse : kWorse) {
    for (const double rate : kRates) {
      Row row = healthy(worse.name, rate, worse.most_requests);
      row.traffic.bad_share = {worse.baseline, worse.canary};
      row.settings.events[0].max_bad_share = worse.limit;
      Summary summary = run(row, seeds);
      print(fmt::format("| {} | {} | {:.1f}% | {} / {} | {} / {} | {} / {} |", row.name,
                        gate::grouped(static_cast<std::size_t>(rate)),
                        100.0 * static_cast<double>(summary.failed.count()) / static_cast<double>(seeds),
                        summary.failed.text(0.5), summary.failed.text(0.9), summary.failed_canary.text(0.5),
                        summary.failed_canary.text(0.9), summary.repeated.text(0.5),
                        summary.repeated.text(0.9)));
    }
  }
}

struct Good {
  const char* name;
  double baseline;
  double canary;
  double limit;
};

constexpr Good kGood[] = {
    {"no errors at all, limit 1%", 0, 0, 0.01},
    {"0.1% on both, limit 1%", 0.001, 0.001, 0.01},
    {"0.5% on both, limit 5%", 0.005, 0.005, 0.05},
    {"at the limit of 1%", 0.01, 0.01, 0.01},
    {"twice the baseline, within the limit of 5%", 0.01, 0.0198, 0.05},
};

void print_passes(std::size_t seeds) {
  print(
      "| canary (20% of requests, up to 600,000) | passed early | of the canary's requests, median / p90 | "
      "failed |");
  print("|---|---|---|---|");
  for (const Good& good : kGood) {
    Row row = healthy(good.name, 2000, 600'000);
    row.traffic.steps = {{milliseconds{0}, 0.2}};
    row.traffic.bad_share = {good.baseline, good.canary};
    row.settings.events[0].max_bad_share = good.limit;
    row.settings.early_pass = true;
    Summary summary = run(row, seeds);
    print(fmt::format("| {} | {:.1f}% | {} / {} | {} |", row.name,
                      100.0 * static_cast<double>(summary.passed.count()) / static_cast<double>(seeds),
                      summary.passed_canary.text(0.5), summary.passed_canary.text(0.9),
                      gate::grouped(summary.failed.count())));
  }
}

void print_latency(std::size_t seeds) {
  print(
      "| latency, log-normal, σ = 0.5 (canary 10%) | failed | of the canary's requests, median / p90 | "
      "passed early |");
  print("|---|---|---|---|");
  for (const double times : {1.0, 1.1, 1.25, 1.5, 2.0, 5.0}) {
    Row row = healthy(fmt::format("{} × the baseline's", times), 1000, times <= 1.1 ? 50'000 : 200'000);
    row.traffic.steps = {{milliseconds{0}, 0.1}};
    row.traffic.latency = SimulatedTraffic::Latency{{100, 100 * times}, 0.5};
    row.settings.events.clear();
    row.settings.latency = gate::slo::CanaryLatency{};
    row.settings.early_pass = times > 1.1;
    Summary summary = run(row, seeds);
    print(fmt::format("| {} | {:.2f}% | {} / {} | {} |", row.name,
                      100.0 * static_cast<double>(summary.failed.count()) / static_cast<double>(seeds),
                      summary.failed_canary.text(0.5), summary.failed_canary.text(0.9),
                      gate::grouped(summary.passed.count())));
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t seeds = 10'000;
  if (argc > 1) {
    const std::string_view text = argv[1];
    std::from_chars(text.data(), text.data() + text.size(), seeds);
  }
  print_false_alarms(seeds);
  print("");
  print_detection(seeds);
  print("");
  print_passes(seeds);
  print("");
  print_latency(std::max<std::size_t>(1, seeds / 10));
  return 0;
}
