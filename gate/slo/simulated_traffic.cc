#include "gate/slo/simulated_traffic.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "gate/slo/random_numbers.h"

namespace gate::slo {
namespace {

using std::chrono::milliseconds;

// A client's requests that are still to fail, after its first.
struct Retries {
  std::uint64_t client = 0;
  Arm arm = Arm::baseline;
  std::uint32_t left = 0;
};

// How many of the requests of a block are the canary's: binomial, by its distribution function.
class ShareOfBlock {
 public:
  ShareOfBlock(std::uint32_t requests, double share) : requests_(requests) {
    double chance = std::pow(1 - share, requests);
    double sum = 0;
    for (std::uint32_t n = 0; n <= requests; ++n) {
      sum += chance;
      up_to_[n] = sum;
      chance *= share / (1 - share) * (requests - n) / (n + 1.0);
    }
  }

  [[nodiscard]] std::uint32_t draw(RandomNumbers& random) const {
    const double uniform = random.uniform();
    std::uint32_t n = 0;
    while (n < requests_ && uniform >= up_to_[n]) ++n;
    return n;
  }

 private:
  std::uint32_t requests_;
  std::array<double, kBlockRequests + 1> up_to_{};
};

class Generator {
 public:
  Generator(const SimulatedTraffic& traffic, std::uint64_t seed, TrafficReceiver& receiver)
      : traffic_(traffic), random_(seed), receiver_(receiver) {
    const double per_block = std::ceil(traffic.requests_per_second * 10);
    block_ = static_cast<std::uint32_t>(std::min(per_block, double{kBlockRequests}));
  }

  void run() {
    const auto total = static_cast<std::uint64_t>(traffic_.requests_per_second *
                                                  std::chrono::duration<double>(traffic_.duration).count());
    enter_phase(milliseconds{0});
    while (sent_ < total && goes_on_) {
      const auto size = static_cast<std::uint32_t>(std::min<std::uint64_t>(block_, total - sent_));
      if (now() >= phase_end_) enter_phase(now());
      const bool quiet = !traffic_.latency && next_bad_ >= size && retries_.left == 0 && size == block_;
      quiet ? send_quiet() : send_requests(size);
    }
  }

 private:
  [[nodiscard]] milliseconds now() const {
    return milliseconds{
        static_cast<std::int64_t>(static_cast<double>(sent_) * 1000 / traffic_.requests_per_second)};
  }

  // Nothing changes until `phase_end_`, up to a block.
  void enter_phase(milliseconds at) {
    phase_end_ = milliseconds::max();
    for (const auto& step : traffic_.steps) {
      if (step.from <= at) share_ = step.canary_share;
      if (step.from > at) phase_end_ = std::min(phase_end_, step.from);
    }
    bad_ = traffic_.bad_share;
    if (const auto& outage = traffic_.outage) {
      const bool is_out = at >= outage->from && at < outage->until;
      if (is_out) bad_ = {outage->bad_share, outage->bad_share};
      if (outage->from > at) phase_end_ = std::min(phase_end_, outage->from);
      if (is_out) phase_end_ = std::min(phase_end_, outage->until);
    }
    canary_of_block_ = ShareOfBlock{block_, share_};
    most_bad_ = std::max(bad_.baseline, bad_.canary) / traffic_.cluster;
    draw_next_bad();
  }

  void draw_next_bad() {
    next_bad_ = most_bad_ > 0 ? random_.failures_before(most_bad_) : std::numeric_limits<double>::infinity();
  }

  void send_quiet() {
    const std::uint32_t canary = canary_of_block_.draw(random_);
    goes_on_ = receiver_.quiet({block_ - canary, canary}, Timestamp{now()});
    sent_ += block_;
    next_bad_ -= block_;
  }

  void send_requests(std::uint32_t size) {
    for (std::uint32_t i = 0; i < size && goes_on_; ++i) {
      const bool retries = retries_.left > 0 && random_.happens(0.5);
      retries ? retry() : send_new();
      ++sent_;
    }
  }

  void retry() {
    --retries_.left;
    send(retries_.client, retries_.arm, true);
  }

  // Every request may be bad by the worse arm's share; on the other arm fewer of those are.
  void send_new() {
    const Arm arm = random_.happens(share_) ? Arm::canary : Arm::baseline;
    bool bad = next_bad_ < 1;
    if (bad) {
      bad = random_.happens(bad_[arm] / traffic_.cluster / most_bad_);
      draw_next_bad();
    } else {
      next_bad_ -= 1;
    }
    if (bad && traffic_.cluster > 1) retries_ = {sent_ + 1, arm, traffic_.cluster - 1};
    send(sent_ + 1, arm, bad);
  }

  void send(std::uint64_t client, Arm arm, bool bad) {
    std::array<char, 24> name{};
    Sample sample;
    sample.at = Timestamp{now()};
    sample.latency_ms = 10;
    if (const auto& latency = traffic_.latency) {
      sample.latency_ms = latency->median_ms[arm] * std::exp(latency->sigma * random_.normal());
    }
    sample.status = bad ? traffic_.bad_status : 200;
    sample.track = arm == Arm::canary ? Track::canary : Track::baseline;
    if (traffic_.clients_known) {
      const auto end = std::to_chars(name.data(), name.data() + name.size(), client).ptr;
      sample.client = {name.data(), static_cast<std::size_t>(end - name.data())};
    }
    goes_on_ = receiver_.request(sample);
  }

  const SimulatedTraffic& traffic_;
  RandomNumbers random_;
  TrafficReceiver& receiver_;
  std::uint32_t block_ = 0;
  std::uint64_t sent_ = 0;
  bool goes_on_ = true;
  milliseconds phase_end_{0};
  double share_ = 0;
  PerArm<double> bad_;
  ShareOfBlock canary_of_block_{0, 0};
  double most_bad_ = 0;  // chance that a request starts a cluster, on the worse arm
  double next_bad_ = 0;  // good requests before the next that may start one
  Retries retries_;
};

class JudgeReceiver final : public TrafficReceiver {
 public:
  JudgeReceiver(CanaryJudge& judge, bool clients_known) : judge_(judge), clients_known_(clients_known) {}

  bool request(const Sample& sample) override {
    judge_.add(sample);
    return judge_.decision() == CanaryDecision::undecided;
  }

  bool quiet(const PerArm<std::uint32_t>& requests, Timestamp at) override {
    judge_.add_quiet(requests, at, clients_known_);
    return judge_.decision() == CanaryDecision::undecided;
  }

 private:
  CanaryJudge& judge_;
  bool clients_known_;
};

}  // namespace

void generate(const SimulatedTraffic& traffic, std::uint64_t seed, TrafficReceiver& receiver) {
  Generator{traffic, seed, receiver}.run();
}

CanaryVerdict judge_simulated(const SimulatedTraffic& traffic, std::uint64_t seed, CanaryJudge& judge) {
  JudgeReceiver receiver{judge, traffic.clients_known};
  generate(traffic, seed, receiver);
  judge.close();
  return judge.verdict();
}

}  // namespace gate::slo
