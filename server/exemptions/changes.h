#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "gate/base/result.h"
#include "gate/ports/clock.h"
#include "gate/ports/files.h"
#include "server/api/change.h"
#include "server/api/service.h"
#include "server/exemptions/memory.h"
#include "server/exemptions/requests.h"
#include "server/exemptions/source_files.h"

namespace server::exemptions {

struct ExemptionSettings {
  std::string register_file;                   // empty: the register is pushed alone
  std::string policy_file;                     // whose [exemptions] rules hold; empty: the default ones
  std::chrono::milliseconds interval{60'000};  // between two calls of ExemptionService::tick
};

// Who asks for a change, and what of the request decides it.
struct Asker {
  std::string id;  // of the key
  std::string owner;
  api::Call call;  // without its body
};
Asker asker_of(const api::Call& call);

// What changes the register or what is known of it, each within the transaction it is given. The state is
// read from there: what stands in memory may be older, where several changes share a commit.
class Changes {
 public:
  Changes(const api::Core& core, const ExemptionSettings& settings, Memory& memory);

  using Decided = gate::Result<std::variant<api::Change, api::Problem>>;
  Decided push(store::Transaction& transaction, const Asker& asker, const PushRequest& request);
  Decided clean_up(store::Transaction& transaction, const Asker& asker, const ReasonRequest& request);
  Decided revalidate(store::Transaction& transaction, const Asker& asker, const ReasonRequest& request);
  Decided reset(store::Transaction& transaction, const Asker& asker, const ReasonRequest& request);

  // Makes the file's text a new version. Error: refused where there is nothing new in it.
  gate::Result<api::Change> take_file(store::Transaction& transaction, const RegisterFile& file);

  // What the store holds now.
  gate::Result<Holding> stored(store::Transaction& transaction) const;

  // Both log what changed: that the file cannot be read, or can be again.
  void read_rules();
  // REQUIRES: there is such a file. nullopt: it cannot be read, which the situation then says.
  std::optional<RegisterFile> read_file();

 private:
  [[nodiscard]] Version version_after(const Holding& before, VersionKind kind, std::string text) const;
  // Keeps a version that can be read, with these marks.
  gate::Result<Holding> keep(store::Transaction& transaction, RegisterPointer reg, Marks marks) const;
  // The file's text as a new version, or what was before where there is nothing new in it or it cannot be
  // read, which the situation then says.
  gate::Result<Holding> with_file(store::Transaction& transaction, const Holding& before, const Asker& asker);
  gate::Result<Holding> keep_file(store::Transaction& transaction, const Holding& before,
                                  const RegisterFile& file, const Asker* asker);
  // What a reset goes back to: the file as it is, else the newest version before this one; neither counts if
  // nobody can judge it. Its generation is 0 where it is the file.
  using Source = gate::Result<std::variant<Version, api::Problem>>;
  Source last_good(store::Transaction& transaction, const Version& present);
  Source version_before(store::Transaction& transaction, const Version& present);
  static Source named(store::Transaction& transaction, std::int64_t generation, const Version& present);
  // The register's file; nullopt where it cannot be read or judged.
  std::optional<Version> file_version();
  // Why nobody can judge that version; empty: somebody can.
  std::string doubt_about(const Version& version);

  [[nodiscard]] Version restored(const Holding& before, Version source, const Asker& asker) const;
  api::Change reset_change(const Holding& before, const Holding& after, const Situation& situation,
                           const std::string& reason);

  const gate::ports::Clock& clock_;
  const gate::ports::Files& files_;
  observe::Log& log_;
  const ExemptionSettings& settings_;
  Memory& memory_;
};

}  // namespace server::exemptions
