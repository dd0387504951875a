#include "server/exemptions/source_files.h"

#include "gate/base/hash.h"
#include "gate/load/exemptions_toml.h"
#include "gate/load/policy_toml.h"

namespace server::exemptions {

gate::Result<RegisterFile> read_register_file(const std::string& path, const gate::ports::Files& files) {
  auto text = files.read(path, gate::load::kRegisterBounds.bytes);
  if (!text) return text.error();
  const auto content = gate::load::parse_exemptions(*text, path);
  if (!content) return content.error();
  std::string sha256 = gate::sha256_hex(*text);
  return RegisterFile{path, std::move(*text), std::move(sha256)};
}

gate::Result<gate::policy::ExemptionRules> load_rules(const std::string& path,
                                                      const gate::ports::Files& files) {
  if (path.empty()) return gate::policy::ExemptionRules{};
  const auto text = files.read(path, gate::load::kPolicyBounds.bytes);
  if (!text) return text.error();
  auto config = gate::load::parse_gate_config(*text, path);
  if (!config) return config.error();
  return std::move(config->exemption_rules);
}

}  // namespace server::exemptions
