#pragma once

#include <cstddef>
#include <string>

namespace gate::test {

// Whether this process may mount. Under CI=true root must; the calling test fails where it may not.
bool may_mount();

// A file system of its own in `folder`, which is made, that this process and those it starts see, and nobody
// else. It is gone with the object.
class SmallDisk {
 public:
  SmallDisk(std::string folder, std::size_t bytes);
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  // Leaves room for as many bytes, in whole pages.
  void fill(std::size_t room = 0) const;
  void free() const;
  void make_read_only() const;
  void make_writable() const;

 private:
  std::string folder_;
};

}  // namespace gate::test

#define REQUIRE_MOUNTS() \
  if (!gate::test::may_mount()) GTEST_SKIP() << "this process may not mount file systems: run it as root"
