#pragma once

#include <string>

#include "gate/base/result.h"
#include "gate/policy/check_settings.h"
#include "gate/ports/files.h"

namespace server::exemptions {

// A register file whose text can be read as one.
struct RegisterFile {
  std::string path;
  std::string text;
  std::string sha256;
};

// Errors: those of Files, and malformed as `path:line:column: why`.
gate::Result<RegisterFile> read_register_file(const std::string& path, const gate::ports::Files& files);

// The rules of that policy file; the default ones where there is no path. Errors: the same.
gate::Result<gate::policy::ExemptionRules> load_rules(const std::string& path,
                                                      const gate::ports::Files& files);

}  // namespace server::exemptions
