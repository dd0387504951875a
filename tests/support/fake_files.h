#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gate/ports/files.h"

namespace gate::test {

// A file system in memory that records what was done with it. `a//b/./c` and `a/b/c` are one file;
// the folders above a file exist; "-" is standard input.
class FakeFiles final : public ports::Files {
 public:
  FakeFiles() = default;
  FakeFiles(std::initializer_list<std::pair<std::string, std::string>> files);

  void add(const std::string& path, std::string content);
  void add_folder(const std::string& path);
  void remove(const std::string& path);

  // From now on reading, opening or listing `path` fails with this error, though it exists.
  void fail_reading(const std::string& path, Error error);
  // From now on writing or appending to `path` fails with this error, and changes nothing.
  void fail_writing(const std::string& path, Error error);

  // What a stream hands out at once; small values find readers that expect it all.
  void set_chunk(std::size_t bytes) { chunk_ = bytes; }

  // The content of a file that is there; fails the calling test where it is not.
  [[nodiscard]] std::string content(const std::string& path) const;
  [[nodiscard]] bool exists(const std::string& path) const;
  // Paths in the order of the calls, as the caller gave them.
  [[nodiscard]] std::vector<std::string> reads() const;
  [[nodiscard]] std::vector<std::string> writes() const;

  [[nodiscard]] Result<std::string> read(const std::string& path, std::uint64_t limit) const override;
  [[nodiscard]] Result<std::unique_ptr<ports::ByteStream>> open(const std::string& path) const override;
  [[nodiscard]] ports::FileStatus status(const std::string& path) const override;
  [[nodiscard]] Result<std::vector<ports::FolderEntry>> list(const std::string& path) const override;
  Status write(const std::string& path, std::string_view content) const override;
  Status append(const std::string& path, std::string_view content) const override;
  Status write_secret(const std::string& path, std::string_view content) const override;

 private:
  [[nodiscard]] Result<std::string> read_all(const std::string& path) const;
  [[nodiscard]] ports::FileStatus status_of(const std::string& normal) const;
  Status store(const std::string& path, std::string_view content, bool append) const;

  std::size_t chunk_ = 64 * 1024;
  std::map<std::string, Error> unreadable_;
  std::map<std::string, Error> unwritable_;
  mutable std::mutex guard_;  // over everything below
  mutable std::map<std::string, std::string> files_;
  mutable std::set<std::string> folders_;
  mutable std::vector<std::string> reads_;
  mutable std::vector<std::string> writes_;
};

}  // namespace gate::test
