#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gate/ports/files.h"

namespace gate::platform {

// The real file system. A write is complete or absent: the content goes to an unnamed file, is
// synced, and takes the name in one step.
class DiskFiles final : public ports::Files {
 public:
  [[nodiscard]] Result<std::string> read(const std::string& path, std::uint64_t limit) const override;
  [[nodiscard]] Result<std::unique_ptr<ports::ByteStream>> open(const std::string& path) const override;
  [[nodiscard]] ports::FileStatus status(const std::string& path) const override;
  [[nodiscard]] Result<std::vector<ports::FolderEntry>> list(const std::string& path) const override;
  Status write(const std::string& path, std::string_view content) const override;
  Status append(const std::string& path, std::string_view content) const override;
  Status write_secret(const std::string& path, std::string_view content) const override;
};

}  // namespace gate::platform
