#include "server/auth/scope.h"

#include <algorithm>

namespace server::auth {

std::string_view name_of(Scope scope) {
  switch (scope) {
    case Scope::read: return "read";
    case Scope::gate: return "gate";
    case Scope::ingest: return "ingest";
    case Scope::canary_write: return "canary:write";
    case Scope::rollback: return "rollback";
    case Scope::exempt: return "exempt";
    case Scope::registry: return "registry";
    case Scope::admin: return "admin";
  }
  return "?";
}

std::optional<Scope> scope_named(std::string_view name) {
  for (const Scope scope : kScopes) {
    if (name_of(scope) == name) return scope;
  }
  return std::nullopt;
}

Scopes::Scopes(std::initializer_list<Scope> scopes) {
  for (const Scope scope : scopes) add(scope);
}

bool Scopes::has(Scope scope) const {
  return (bits_ >> static_cast<unsigned>(scope) & 1U) != 0;
}

void Scopes::add(Scope scope) {
  bits_ |= 1U << static_cast<unsigned>(scope);
}

std::vector<Scope> Scopes::list() const {
  std::vector<Scope> all;
  std::copy_if(kScopes.begin(), kScopes.end(), std::back_inserter(all),
               [&](Scope scope) { return has(scope); });
  return all;
}

const std::vector<Role>& roles() {
  static const std::vector<Role> kRoles = {
      {"viewer", {Scope::read}, "looks, and changes nothing"},
      {"operator",
       {Scope::read, Scope::gate, Scope::ingest, Scope::canary_write, Scope::rollback},
       "runs rollouts: promotes, rolls back, sends evidence"},
      {"registry-administrator", {Scope::read, Scope::registry}, "publishes and retires schemas"},
      {"admin",
       {Scope::read, Scope::gate, Scope::ingest, Scope::canary_write, Scope::rollback, Scope::exempt,
        Scope::registry, Scope::admin},
       "everything, limits and exemptions too"},
  };
  return kRoles;
}

const Role* role_named(std::string_view name) {
  const auto& all = roles();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Role& role) { return role.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace server::auth
