#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/result.h"

namespace gate::ports {

// Bytes in order, a chunk at a time. Used by one thread.
class ByteStream {
 public:
  virtual ~ByteStream() = default;

  // The next bytes, valid until the next call; empty at the end. Error: io.
  virtual Result<std::string_view> next() = 0;
};

enum class FileKind { missing, regular, folder, other };

struct FileStatus {
  FileKind kind = FileKind::missing;
  std::uint64_t bytes = 0;
};

struct FolderEntry {
  std::string name;
  FileKind kind = FileKind::other;  // links are followed; a broken one is missing
};

// The file system. Paths are as the user gave them, relative to the working directory; `-` is
// standard input where a file is read. Safe to share between threads.
// Errors: not_found for a path that does not exist, io for everything else, budget over a limit.
class Files {
 public:
  virtual ~Files() = default;

  // The whole content. Error budget when it is longer than `limit` bytes.
  [[nodiscard]] virtual Result<std::string> read(const std::string& path, std::uint64_t limit) const = 0;

  [[nodiscard]] virtual Result<std::unique_ptr<ByteStream>> open(const std::string& path) const = 0;

  [[nodiscard]] virtual FileStatus status(const std::string& path) const = 0;

  // Sorted by name, without `.` and `..`, and without links to the folder itself or one around it, which
  // would be followed without end.
  [[nodiscard]] virtual Result<std::vector<FolderEntry>> list(const std::string& path) const = 0;

  // All or nothing: writes beside, syncs, renames. Parent folders are created. Where `path` is a
  // device or a pipe (/dev/stdout, /dev/null) the bytes are written to it.
  virtual Status write(const std::string& path, std::string_view content) const = 0;

  virtual Status append(const std::string& path, std::string_view content) const = 0;

  // A new file that its owner alone may read. Error io too where there is something of that name.
  virtual Status write_secret(const std::string& path, std::string_view content) const = 0;
};

}  // namespace gate::ports
