#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gate/base/result.h"
#include "gate/schema/dialect.h"
#include "gate/schema/program.h"

namespace gate::schema {

// Where another schema document is to be had: nothing is ever fetched. Error: not_found or malformed,
// with a message that says what to do.
using Resolver = std::function<Result<Source>(const std::string& uri)>;

// A dialect as a schema uses it: with the vocabularies that its meta-schema chooses.
struct Profile {
  const Dialect* dialect = nullptr;
  Vocabularies vocabularies = 0;
  std::optional<Source> meta;  // a meta-schema of somebody's own; else the dialect's

  [[nodiscard]] bool has(const KeywordRow& row) const { return (row.vocabularies & vocabularies) != 0; }
};

using ProfileIndex = std::uint32_t;

// What the `$schema` of a set of documents say.
class Profiles {
 public:
  // `resolver` serves meta-schemas that are not built in.
  Profiles(const Resolver& resolver, const Dialect& by_default);

  // Error: malformed, as a sentence about the `$schema`.
  Result<ProfileIndex> find(std::string_view schema_uri);
  [[nodiscard]] static ProfileIndex by_default() { return 0; }
  [[nodiscard]] const Profile& operator[](ProfileIndex index) const { return profiles_[index]; }

 private:
  Result<Profile> load(const std::string& uri);
  Result<Profile> read(const Source& meta);

  const Resolver& resolver_;
  std::vector<Profile> profiles_;
  std::unordered_map<std::string, ProfileIndex> by_uri_;
  std::vector<std::string> loading_;
};

}  // namespace gate::schema
