#include "server/app/check.h"

#include "server/exemptions/source_files.h"
#include "server/slo/objectives.h"

namespace server::app {
namespace {

constexpr std::uint64_t kTlsBytes = 1U << 20U;

template <class T>
void collect(const gate::Result<T>& result, std::vector<gate::Error>& faults) {
  if (!result) faults.push_back(result.error());
}

}  // namespace

std::vector<gate::Error> check_files(const Settings& settings, const World& world) {
  std::vector<gate::Error> faults;
  if (!settings.register_file.empty()) {
    collect(exemptions::read_register_file(settings.register_file, world.files), faults);
  }
  collect(exemptions::load_rules(settings.policy_file, world.files), faults);
  collect(slo::load_objectives(settings.objectives_file, {}, world.files, world.clock.now()), faults);
  if (settings.tls) {
    collect(world.files.read(settings.tls->certificate, kTlsBytes), faults);
    collect(world.files.read(settings.tls->key, kTlsBytes), faults);
  }
  return faults;
}

}  // namespace server::app
