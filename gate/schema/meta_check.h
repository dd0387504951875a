#pragma once

#include <map>
#include <optional>

#include "gate/schema/compile.h"
#include "gate/schema/places.h"

namespace gate::schema {

// Holds schemas against their meta-schemas before anything else looks at them. What is wrong becomes a
// defect of the places.
class MetaCheck {
 public:
  // Both must outlive this.
  MetaCheck(const CompileOptions& options, Places& places) : options_(options), places_(places) {}

  // Everything that came in since the last time.
  void run();

 private:
  void check(const Place& place);
  // nullptr where a meta-schema of somebody's own is no schema: a defect of `place`.
  const Program* program_of(const Profile& profile, const Place& place);

  const CompileOptions& options_;
  Places& places_;
  std::map<const boost::json::value*, std::optional<Program>> own_;  // by their documents
};

}  // namespace gate::schema
