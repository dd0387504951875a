#include "tests/integration/server/small_disk.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace gate::test {
namespace {

// A name space of its own, once: what is mounted in it ends with this process, however it ends.
bool enter_own_mounts() {
  static const bool kEntered =
      ::unshare(CLONE_NEWNS) == 0 && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
  return kEntered;
}

void require(bool did, std::string_view what) {
  if (!did) throw std::runtime_error(fmt::format("cannot {}", what));
}

}  // namespace

bool may_mount() {
  if (::geteuid() == 0 && enter_own_mounts()) return true;
  const char* ci = std::getenv("CI");
  if (::geteuid() == 0 && ci != nullptr && std::string_view{ci} == "true")
    ADD_FAILURE() << "under CI=true root must be able to mount: give the container CAP_SYS_ADMIN";
  return false;
}

SmallDisk::SmallDisk(std::string folder, std::size_t bytes) : folder_(std::move(folder)) {
  std::filesystem::create_directories(folder_);
  const std::string options = fmt::format("size={},mode=0700", bytes);
  require(::mount("small", folder_.c_str(), "tmpfs", 0, options.c_str()) == 0, "mount");
}

SmallDisk::~SmallDisk() {
  ::umount2(folder_.c_str(), MNT_DETACH);
}

void SmallDisk::fill(std::size_t room) const {
  const int file = ::open((folder_ + "/filler").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  require(file >= 0, "fill");
  const std::string page(4'096, 'x');
  while (::write(file, page.data(), page.size()) > 0) {
  }
  const off_t end = ::lseek(file, 0, SEEK_END);
  const bool cut = ::ftruncate(file, std::max<off_t>(0, end - static_cast<off_t>(room))) == 0;
  ::close(file);
  require(cut, "leave room");
}

void SmallDisk::free() const {
  std::filesystem::remove(folder_ + "/filler");
}

void SmallDisk::make_read_only() const {
  require(::mount(nullptr, folder_.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) == 0,
          "make it read-only");
}

void SmallDisk::make_writable() const {
  require(::mount(nullptr, folder_.c_str(), nullptr, MS_REMOUNT, nullptr) == 0, "make it writable");
}

}  // namespace gate::test
