#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "tests/support/programs.h"

namespace server::store::test {

// A PostgreSQL of its own in a scratch folder, reached by its socket there; it ends with this. Run as root it
// runs as the user postgres, for it refuses root.
class RealPostgresql {
 public:
  // `programs` holds initdb and postgres. Throws where it does not start.
  explicit RealPostgresql(const std::filesystem::path& programs);
  ~RealPostgresql();

  // For libpq.
  [[nodiscard]] std::string connection() const;

 private:
  void make_cluster(const std::filesystem::path& programs) const;
  [[nodiscard]] bool is_ready(const std::filesystem::path& programs) const;

  gate::test::ScratchFolder scratch_;
  std::string folder_;
  std::unique_ptr<gate::test::ChildProcess> server_;
};

// The folder of the newest PostgreSQL's programs. Under CI=true its absence is a failure of the calling test.
std::optional<std::filesystem::path> find_postgresql();

}  // namespace server::store::test
