#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/result.h"
#include "gate/base/time.h"
#include "server/store/migration.h"
#include "server/store/store.h"

namespace server::exemptions {

// How a version of the register came to be.
enum class VersionKind { pushed, file, reset };
std::string_view name_of(VersionKind kind);

// One version of the register. Versions are never changed and never deleted; the newest is in force.
struct Version {
  std::int64_t generation = 0;  // 1, 2, 3 …
  VersionKind kind = VersionKind::pushed;
  std::string text;  // TOML
  std::string sha256;
  std::string source;         // as whoever pushed it calls it; the path of a file
  std::string git_sha;        // empty: unknown
  std::string made_by;        // id of the key, "system"
  std::string owner;          // of that key
  gate::Timestamp at{};       // to the millisecond
  std::string file_sha256;    // of the register's file as it was last taken then; empty: none
  std::int64_t restored = 0;  // of a reset: the generation whose text it has; 0: the file's

  bool operator==(const Version&) const = default;
};

// That somebody acknowledged an expired record: it exempts nothing, and is on nobody's list any more.
struct Mark {
  std::string exemption;  // its id
  gate::Date expired{};   // its last day: a record that was renewed since is another one
  std::string by;
  std::string owner;  // of that key
  gate::Timestamp at{};
  std::string reason;  // may be empty

  bool operator==(const Mark&) const = default;
};
using Marks = std::map<std::string, Mark, std::less<>>;  // by the record's id

// What came of holding a register to the rules of a day.
struct Validation {
  std::int64_t id = 0;
  std::int64_t generation = 0;  // 0: there was none
  gate::Timestamp at{};
  gate::Date as_of{};
  std::string verdict;    // "valid", "invalid", "undecided"
  std::string standings;  // JSON: {"EX-1": "in force", …}
  std::string made_by;

  bool operator==(const Validation&) const = default;
};

gate::Result<std::optional<Version>> newest_version(store::Transaction& transaction);
gate::Result<std::optional<Version>> version_of(store::Transaction& transaction, std::int64_t generation);
// At most `most` generations before that one whose text is another than `sha256`, newest first. A reset to a
// version is no version of its own.
gate::Result<std::vector<std::int64_t>> generations_before(store::Transaction& transaction,
                                                           std::int64_t generation, const std::string& sha256,
                                                           std::int64_t most);
// The version that this one is, where it is a reset to another: itself where it is none.
gate::Result<std::int64_t> origin_of(store::Transaction& transaction, std::int64_t generation);
// 0 where there is no version.
gate::Result<std::int64_t> newest_generation(store::Transaction& transaction);
gate::Status keep_version(store::Transaction& transaction, const Version& version);

gate::Result<Marks> marks_of(store::Transaction& transaction, std::int64_t generation);
gate::Status keep_marks(store::Transaction& transaction, std::int64_t generation, const Marks& marks);

gate::Result<std::optional<Validation>> newest_validation(store::Transaction& transaction);
gate::Status keep_validation(store::Transaction& transaction, const Validation& validation);

extern const store::Migration kExemptionMigration;

}  // namespace server::exemptions
