#include "server/store/posix_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fmt/format.h>

namespace server::store {

using gate::Error;
using gate::ErrorCode;
using gate::Result;
using gate::Status;

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

Error system_error(const std::string& path, std::string_view what) {
  const int number = errno;
  return {number == ENOENT ? ErrorCode::not_found : ErrorCode::io,
          fmt::format("{}: {}: {}", path, what, std::strerror(number))};
}

Error link_error(const std::string& path) {
  return {ErrorCode::usage, fmt::format("{}: is a symbolic link: put the file itself there", path)};
}

Result<Descriptor> open_file(const std::string& path, int flags) {
  Descriptor file{::open(path.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (!file.valid() && errno == ELOOP) return link_error(path);
  if (!file.valid()) return system_error(path, "cannot be opened");
  return file;
}

Status sync_path(const std::string& path) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};  // a folder may be behind a link
  if (!file.valid()) return system_error(path, "cannot be opened");
  if (::fsync(file.get()) != 0) return system_error(path, "cannot be synced");
  return gate::done();
}

Status write_all(int descriptor, const std::string& path, std::string_view content) {
  while (!content.empty()) {
    const ssize_t wrote = ::write(descriptor, content.data(), content.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return system_error(path, "cannot be written");
    content.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return gate::done();
}

Result<std::string> read_small_file(const std::string& path) {
  auto file = open_file(path, O_RDONLY);
  if (!file) return file.error();
  std::array<char, 4096> bytes{};
  const ssize_t got = ::read(file->get(), bytes.data(), bytes.size());
  if (got < 0) return system_error(path, "cannot be read");
  return std::string{bytes.data(), static_cast<std::size_t>(got)};
}

Status write_durably(const std::string& folder, const std::string& name, std::string_view content) {
  const std::string beside = folder + "/" + name + ".tmp";
  auto file = open_file(beside, O_WRONLY | O_CREAT | O_TRUNC);
  if (!file) return file.error();
  if (auto wrote = write_all(file->get(), beside, content); !wrote) return wrote;
  if (::fsync(file->get()) != 0) return system_error(beside, "cannot be synced");
  return rename_durably(folder, beside, folder + "/" + name);
}

Status rename_durably(const std::string& folder, const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return system_error(from, "cannot be renamed");
  return sync_path(folder);
}

Status remove_durably(const std::string& folder, const std::string& name) {
  const std::string path = folder + "/" + name;
  if (::unlink(path.c_str()) != 0) {
    if (errno == ENOENT) return gate::done();
    return system_error(path, "cannot be removed");
  }
  return sync_path(folder);
}

bool exists(const std::string& path) {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0;
}

}  // namespace server::store
