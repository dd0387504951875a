#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "gate/base/result.h"

namespace server::store {

// Owns a file descriptor; -1 is none.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;

  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] bool valid() const { return number_ >= 0; }

 private:
  int number_;
};

// "PATH: what: No space left on device", from errno.
gate::Error system_error(const std::string& path, std::string_view what);

// Error usage: a symbolic link stands where a file of the server's own belongs.
gate::Error link_error(const std::string& path);

// Open, for its owner alone where it is made, never through a symbolic link at that name, and never handed
// to a child.
gate::Result<Descriptor> open_file(const std::string& path, int flags);

// What was written reaches the disk. For a folder: its names do.
gate::Status sync_path(const std::string& path);

gate::Status write_all(int descriptor, const std::string& path, std::string_view content);

// The first 4 KiB of a file. Errors: not_found, io.
gate::Result<std::string> read_small_file(const std::string& path);

// All or nothing, and on the disk when it returns. Mode 0600.
gate::Status write_durably(const std::string& folder, const std::string& name, std::string_view content);

// Renames within a folder, on the disk when it returns.
gate::Status rename_durably(const std::string& folder, const std::string& from, const std::string& to);

// Removes a file, on the disk when it returns; one that is not there is no error.
gate::Status remove_durably(const std::string& folder, const std::string& name);

[[nodiscard]] bool exists(const std::string& path);

}  // namespace server::store
