#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace server::auth {

// What a key may do. A route asks for one; `admin` does not include the others: roles do.
enum class Scope : std::uint8_t { read, gate, ingest, canary_write, rollback, exempt, registry, admin };
inline constexpr std::array kScopes{Scope::read,     Scope::gate,   Scope::ingest,   Scope::canary_write,
                                    Scope::rollback, Scope::exempt, Scope::registry, Scope::admin};

std::string_view name_of(Scope scope);  // "canary:write"
std::optional<Scope> scope_named(std::string_view name);

class Scopes {
 public:
  Scopes() = default;
  Scopes(std::initializer_list<Scope> scopes);

  [[nodiscard]] bool has(Scope scope) const;
  void add(Scope scope);
  [[nodiscard]] std::vector<Scope> list() const;  // in the order of kScopes

  bool operator==(const Scopes&) const = default;

 private:
  std::uint32_t bits_ = 0;
};

// A bundle of scopes by name: viewer, operator, registry-administrator, admin.
struct Role {
  std::string_view name;
  Scopes scopes;
  std::string_view meaning;  // one clause
};
const std::vector<Role>& roles();
const Role* role_named(std::string_view name);

}  // namespace server::auth
