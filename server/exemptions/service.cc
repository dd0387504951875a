#include "server/exemptions/service.h"

#include <limits>
#include <utility>

#include <fmt/format.h>

#include "gate/base/hash.h"
#include "gate/base/json_text.h"
#include "server/exemptions/answers.h"

namespace server::exemptions {
namespace {

using api::Call;
using api::Problem;
using gate::Value;
using http::Responder;

constexpr std::array<const char*, 4> kStandings{"in_force", "expiring", "expired", "invalid"};

std::array<observe::Gauge*, 4> standing_gauges(observe::Metrics& metrics) {
  std::array<observe::Gauge*, 4> gauges{};
  for (std::size_t i = 0; i < kStandings.size(); ++i) {
    gauges[i] = &metrics.gauge("release_gate_exemptions", "Records of the register in force.",
                               {{"standing", kStandings[i]}});
  }
  return gauges;
}

Problem no_such_version(std::int64_t generation) {
  return {"not_found",
          generation == 0 ? std::string{"there is no register: exemption-report push sends one"}
                          : fmt::format("the register has no generation {}", generation),
          {},
          {}};
}

}  // namespace

ExemptionService::ExemptionService(const api::Core& core, ExemptionSettings settings)
    : core_(core),
      settings_(std::move(settings)),
      changes_(core, settings_, memory_),
      standings_(standing_gauges(core.metrics)),
      unprocessed_(core.metrics.gauge("release_gate_exemptions_expired_unprocessed",
                                      "Expired records that nobody acknowledged.")),
      age_(core.metrics.gauge("release_gate_exemption_register_age_seconds",
                              "Time since the register in force was taken.")) {
  changes_.read_rules();
  core_.metrics.before_text([this] { measure(); });
}

gate::Status ExemptionService::reload(store::Transaction& transaction) {
  auto holding = changes_.stored(transaction);
  if (!holding) return holding.error();
  auto validation = newest_validation(transaction);
  if (!validation) return validation.error();
  memory_.set_holding(std::move(*holding));
  memory_.set_validation(std::move(*validation));
  return gate::done();
}

void ExemptionService::tick() {
  changes_.read_rules();
  if (settings_.register_file.empty()) return;
  auto file = changes_.read_file();
  if (!file) return;
  if (file->sha256 == memory_.file_seen()) return memory_.take_file(file->sha256);
  const std::string sha256 = file->sha256;
  api::make_system_change(
      core_.store, core_.clock,
      [this, file = std::move(*file)](store::Transaction& transaction) {
        return changes_.take_file(transaction, file);
      },
      [this, sha256](const gate::Status& status) {
        if (status) {
          core_.log.info("exemptions.file_taken", {{"sha256", sha256}});
        } else if (status.error().code != gate::ErrorCode::refused) {  // refused: nothing new in it
          core_.log.error("exemptions.file_not_taken", {{"error", status.error().message}});
        }
      });
}

Situation ExemptionService::now() {
  return memory_.situation(core_.clock.now());
}

// Of a register that is not there or cannot be read nobody knows any of it.
void ExemptionService::measure() {
  const Situation situation = now();
  const bool known = is_read(situation);
  const Counts counts = counts_of(situation);
  const auto value = [&](std::int64_t count) {
    return known ? static_cast<double>(count) : std::numeric_limits<double>::quiet_NaN();
  };
  const std::array<std::int64_t, 4> by_standing{counts.in_force, counts.expiring, counts.expired,
                                                counts.invalid};
  for (std::size_t i = 0; i < by_standing.size(); ++i) standings_[i]->set(value(by_standing[i]));
  unprocessed_.set(value(counts.unprocessed));
  const auto age = known ? situation.now - situation.reg->version.at : std::chrono::milliseconds{0};
  age_.set(value(std::chrono::floor<std::chrono::seconds>(age).count()));
}

void ExemptionService::show_register(const Call& call, const Responder& respond) {
  const auto wanted =
      api::integer_parameter(call, "generation", 1, std::numeric_limits<std::int64_t>::max(), 0);
  const auto refuse = [id = call.head.correlation_id, respond](const Problem& problem) {
    respond(api::as_response(problem, id));
  };
  if (const auto* problem = std::get_if<Problem>(&wanted)) return refuse(*problem);
  const std::int64_t generation = std::get<std::int64_t>(wanted);
  const RegisterPointer reg = memory_.holding().reg;
  const auto answer = [call, respond](const Version& version) {
    respond(api::answer_tagged(call, version_answer(version), api::etag_of(version.generation)));
  };
  if (reg != nullptr && (generation == 0 || generation == reg->version.generation))
    return answer(reg->version);
  if (generation == 0) return refuse(no_such_version(0));
  const auto found = std::make_shared<std::optional<Version>>();  // shared by the work and what follows it
  core_.store.read(
      [found, generation](store::Transaction& transaction) -> gate::Status {
        auto version = version_of(transaction, generation);
        if (!version) return version.error();
        *found = std::move(*version);
        return gate::done();
      },
      [found, generation, answer, refuse](const gate::Status& status) {
        if (!status) return refuse({"store_unavailable", "the store could not be read", {}, {}});
        if (!*found) return refuse(no_such_version(generation));
        answer(**found);
      });
}

void ExemptionService::push(Call call, const Responder& respond) {
  auto request = push_request(call);
  if (const auto* problem = std::get_if<Problem>(&request))
    return respond(api::as_response(*problem, call.head.correlation_id));
  const Asker asker = asker_of(call);
  api::make_change(
      core_.store, core_.clock, std::move(call),
      [this, asker, request = std::get<PushRequest>(std::move(request))](store::Transaction& transaction) {
        return changes_.push(transaction, asker, request);
      },
      respond);
}

void ExemptionService::change(Call call, const Responder& respond,
                              std::variant<ReasonRequest, Problem> request, Decide decide) {
  if (const auto* problem = std::get_if<Problem>(&request))
    return respond(api::as_response(*problem, call.head.correlation_id));
  const Asker asker = asker_of(call);
  api::make_change(
      core_.store, core_.clock, std::move(call),
      [this, asker, decide, wanted = std::get<ReasonRequest>(std::move(request))](
          store::Transaction& transaction) { return (changes_.*decide)(transaction, asker, wanted); },
      respond);
}

}  // namespace server::exemptions
