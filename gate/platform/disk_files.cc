#include "gate/platform/disk_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include "gate/platform/descriptor.h"

namespace gate::platform {
namespace {

using ports::FileKind;

constexpr std::size_t kChunk = 256U * 1024U;

Error failed(const std::string& path, int number) {
  const bool missing = number == ENOENT || number == ENOTDIR || number == ELOOP || number == ENAMETOOLONG;
  return Error{missing ? ErrorCode::not_found : ErrorCode::io,
               fmt::format("{}: {}", path, std::strerror(number))};
}

bool has_nul(const std::string& path) {
  return path.find('\0') != std::string::npos;
}

FileKind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return FileKind::regular;
  if (S_ISDIR(mode)) return FileKind::folder;
  return FileKind::other;
}

// Waits for somebody to write to a named pipe, but not for ever; then reads block as usual.
Status wait_for_writer(const Descriptor& pipe, const std::string& path) {
  constexpr int kPatience = 5'000;  // milliseconds
  pollfd wait{pipe.get(), POLLIN, 0};
  if (::poll(&wait, 1, kPatience) == 0) {
    // EAGAIN: somebody holds the other end and is slow. A byte that came just now is lost: no pass.
    char byte = 0;
    const bool no_writer = ::read(pipe.get(), &byte, 1) >= 0;
    if (no_writer) return Error{ErrorCode::timeout, fmt::format("{}: a pipe that nobody writes to", path)};
  }
  return done();
}

void make_blocking(const Descriptor& file) {
  ::fcntl(file.get(), F_SETFL, ::fcntl(file.get(), F_GETFL) & ~O_NONBLOCK);
}

Result<Descriptor> open_for_reading(const std::string& path) {
  if (path == "-") return Descriptor{::dup(STDIN_FILENO)};
  if (path.empty() || has_nul(path))
    return Error{ErrorCode::not_found, fmt::format("\"{}\": no such file", path)};
  Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (!file.valid()) return failed(path, errno);
  struct stat facts {};
  if (::fstat(file.get(), &facts) == 0 && S_ISDIR(facts.st_mode)) return failed(path, EISDIR);
  if (S_ISFIFO(facts.st_mode)) {
    if (auto waited = wait_for_writer(file, path); !waited) return waited.error();
  }
  make_blocking(file);
  return file;
}

// Bytes read into `buffer`; 0 at the end.
Result<std::size_t> read_some(const Descriptor& file, const std::string& path, char* buffer,
                              std::size_t size) {
  for (;;) {
    const ssize_t count = ::read(file.get(), buffer, size);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) return failed(path, errno);
  }
}

Status write_all(const Descriptor& file, const std::string& path, std::string_view content) {
  while (!content.empty()) {
    const ssize_t count = ::write(file.get(), content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(path, errno);
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return done();
}

class FileStream final : public ports::ByteStream {
 public:
  FileStream(Descriptor file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

  Result<std::string_view> next() override {
    const auto count = read_some(file_, path_, buffer_.get(), kChunk);
    if (!count) return count.error();
    return std::string_view{buffer_.get(), *count};
  }

 private:
  Descriptor file_;
  std::string path_;
  std::unique_ptr<char[]> buffer_{new char[kChunk]};
};

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Status make_folders(const std::string& folder) {
  struct stat facts {};
  if (::stat(folder.c_str(), &facts) == 0) {
    return S_ISDIR(facts.st_mode) ? done() : Status{failed(folder, ENOTDIR)};
  }
  const std::string parent = parent_of(folder);
  if (parent != folder) {
    if (auto made = make_folders(parent); !made) return made;
  }
  if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) return failed(folder, errno);
  return done();
}

// The file a link leads to, so that a write replaces the file and keeps the link.
std::string target_of(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real{::realpath(path.c_str(), nullptr), &std::free};
  return real ? std::string{real.get()} : path;
}

// A complete, synced file in `folder` under a name that no one else uses.
class PendingFile {
 public:
  static Result<PendingFile> create(const std::string& folder, const std::string& path) {
    PendingFile pending;
    pending.file_ = Descriptor{::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666)};
    if (pending.file_.valid()) return pending;
    if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL) return failed(path, errno);
    pending.name_ = fmt::format("{}/.release-gate-{}-{:x}.tmp", folder, ::getpid(),
                                reinterpret_cast<std::uintptr_t>(&pending));
    pending.file_ = Descriptor{::open(pending.name_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666)};
    if (!pending.file_.valid()) return failed(path, errno);
    return pending;
  }

  PendingFile(PendingFile&& other) noexcept
      : file_(std::move(other.file_)), name_(std::exchange(other.name_, {})) {}
  PendingFile& operator=(PendingFile&&) = delete;
  ~PendingFile() {
    if (!name_.empty()) ::unlink(name_.c_str());
  }

  [[nodiscard]] const Descriptor& file() const { return file_; }

  // Gives the file its name, replacing what had it. The content is complete before any name exists.
  Status take_name(const std::string& folder, const std::string& path) {
    if (name_.empty()) {
      const std::string name = fmt::format("{}/.release-gate-{}-{:x}.tmp", folder, ::getpid(),
                                           reinterpret_cast<std::uintptr_t>(this));
      const std::string handle = fmt::format("/proc/self/fd/{}", file_.get());
      if (::linkat(AT_FDCWD, handle.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0)
        return failed(path, errno);
      name_ = name;
    }
    if (::rename(name_.c_str(), path.c_str()) != 0) return failed(path, errno);
    name_.clear();
    return done();
  }

 private:
  PendingFile() = default;

  Descriptor file_;
  std::string name_;  // empty while the file has none
};

Status write_in_place(const std::string& path, std::string_view content, int flags) {
  // Without O_NONBLOCK a named pipe that nobody reads would hold us up for ever.
  const Descriptor file{::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK | flags, 0666)};
  if (!file.valid()) return failed(path, errno);
  make_blocking(file);
  return write_all(file, path, content);
}

void sync_folder(const std::string& folder) {
  const Descriptor handle{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (handle.valid()) ::fsync(handle.get());
}

}  // namespace

Result<std::string> DiskFiles::read(const std::string& path, std::uint64_t limit) const {
  const auto file = open_for_reading(path);
  if (!file) return file.error();
  std::string content;
  struct stat facts {};
  const bool sized = ::fstat(file->get(), &facts) == 0 && S_ISREG(facts.st_mode);
  const std::uint64_t expected = sized ? static_cast<std::uint64_t>(facts.st_size) : kChunk;
  const std::string too_long =
      fmt::format("{}: longer than the {} bytes that are read of such a file", path, limit);
  if (sized && expected > limit) return Error{ErrorCode::budget, too_long};
  std::size_t used = 0;
  content.resize(expected + 1);  // one more, to see the end without another round
  for (;;) {
    if (used == content.size()) content.resize(used + kChunk);
    const auto count = read_some(*file, path, content.data() + used, content.size() - used);
    if (!count) return count.error();
    used += *count;
    if (used > limit) return Error{ErrorCode::budget, too_long};
    if (*count == 0) break;
  }
  content.resize(used);
  return content;
}

Result<std::unique_ptr<ports::ByteStream>> DiskFiles::open(const std::string& path) const {
  auto file = open_for_reading(path);
  if (!file) return file.error();
  ::posix_fadvise(file->get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  return std::unique_ptr<ports::ByteStream>{std::make_unique<FileStream>(std::move(*file), path)};
}

ports::FileStatus DiskFiles::status(const std::string& path) const {
  if (path == "-") return {FileKind::other, 0};
  struct stat facts {};
  if (path.empty() || has_nul(path) || ::stat(path.c_str(), &facts) != 0) return {};
  return {kind_of(facts.st_mode), static_cast<std::uint64_t>(facts.st_size)};
}

namespace {

std::string canonical(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real{::realpath(path.c_str(), nullptr), &std::free};
  return real == nullptr ? std::string{} : real.get();
}

// Whether a link leads to the folder it stands in, to one around that, or to one that was passed on the way
// there: whoever followed it would come by again without end.
bool leads_around(const std::string& link, const std::string& folder) {
  const std::string target = canonical(link);
  if (target.empty() || target == "/") return !target.empty();
  if ((canonical(folder) + "/").starts_with(target + "/")) return true;
  for (std::size_t end = folder.rfind('/'); end != std::string::npos && end > 0;
       end = folder.rfind('/', end - 1)) {
    if (canonical(folder.substr(0, end)) == target) return true;
  }
  return false;
}

}  // namespace

Result<std::vector<ports::FolderEntry>> DiskFiles::list(const std::string& path) const {
  const std::string folder = path.empty() ? "." : path;
  const std::unique_ptr<DIR, int (*)(DIR*)> handle{::opendir(folder.c_str()), &::closedir};
  if (!handle) return failed(folder, errno);
  std::vector<ports::FolderEntry> entries;
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(handle.get());
    if (entry == nullptr) break;
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    FileKind kind = FileKind::other;
    if (entry->d_type == DT_REG) {
      kind = FileKind::regular;
    } else if (entry->d_type == DT_DIR) {
      kind = FileKind::folder;
    } else {
      const std::string link = fmt::format("{}/{}", folder, name);
      kind = status(link).kind;
      if (kind == FileKind::folder && leads_around(link, folder)) continue;
    }
    entries.push_back({name, kind});
  }
  if (errno != 0) return failed(folder, errno);
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return entries;
}

Status DiskFiles::write(const std::string& path, std::string_view content) const {
  if (path.empty() || has_nul(path))
    return Error{ErrorCode::not_found, fmt::format("\"{}\": no such file", path)};
  const ports::FileStatus before = status(path);
  if (before.kind == FileKind::folder) return failed(path, EISDIR);
  if (before.kind == FileKind::other) return write_in_place(path, content, 0);
  const std::string target = before.kind == FileKind::regular ? target_of(path) : path;
  const std::string folder = parent_of(target);
  if (auto made = make_folders(folder); !made) return made;
  auto pending = PendingFile::create(folder, path);
  if (!pending) return pending.error();
  struct stat facts {};
  if (before.kind == FileKind::regular && ::stat(target.c_str(), &facts) == 0) {
    ::fchmod(pending->file().get(), facts.st_mode & 07777U);
  }
  if (auto written = write_all(pending->file(), path, content); !written) return written;
  if (::fsync(pending->file().get()) != 0) return failed(path, errno);
  if (auto named = pending->take_name(folder, target); !named) return named;
  sync_folder(folder);
  return done();
}

Status DiskFiles::append(const std::string& path, std::string_view content) const {
  if (path.empty() || has_nul(path))
    return Error{ErrorCode::not_found, fmt::format("\"{}\": no such file", path)};
  return write_in_place(path, content, O_APPEND | O_CREAT);
}

Status DiskFiles::write_secret(const std::string& path, std::string_view content) const {
  if (path.empty() || has_nul(path))
    return Error{ErrorCode::not_found, fmt::format("\"{}\": no such file", path)};
  const Descriptor file{
      ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR)};
  if (!file.valid()) return failed(path, errno);
  auto written = write_all(file, path, content);
  if (written && ::fsync(file.get()) != 0) written = failed(path, errno);
  if (!written) ::unlink(path.c_str());
  sync_folder(parent_of(path));
  return written;
}

}  // namespace gate::platform
