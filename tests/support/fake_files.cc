#include "tests/support/fake_files.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace gate::test {
namespace {

std::string normal(const std::string& path) {
  std::string out = std::filesystem::path{path}.lexically_normal().generic_string();
  if (out.size() > 1 && out.back() == '/') out.pop_back();
  return out.empty() ? "." : out;
}

// What every path below `folder` starts with.
std::string prefix_of(const std::string& folder) {
  if (folder == ".") return {};
  return folder == "/" ? folder : folder + "/";
}

Error missing(const std::string& path) {
  return {ErrorCode::not_found, fmt::format("{}: no such file or directory", path)};
}

// Hands a copy of the content out piece by piece.
class PieceByPiece final : public ports::ByteStream {
 public:
  PieceByPiece(std::string content, std::size_t chunk) : content_(std::move(content)), chunk_(chunk) {}

  Result<std::string_view> next() override {
    const std::string_view piece = std::string_view{content_}.substr(at_, chunk_);
    at_ += piece.size();
    return piece;
  }

 private:
  std::string content_;
  std::size_t chunk_;
  std::size_t at_ = 0;
};

}  // namespace

FakeFiles::FakeFiles(std::initializer_list<std::pair<std::string, std::string>> files) {
  for (const auto& [path, content] : files) add(path, content);
}

void FakeFiles::add(const std::string& path, std::string content) {
  const std::lock_guard lock{guard_};
  files_[normal(path)] = std::move(content);
}

void FakeFiles::add_folder(const std::string& path) {
  const std::lock_guard lock{guard_};
  folders_.insert(normal(path));
}

void FakeFiles::remove(const std::string& path) {
  const std::lock_guard lock{guard_};
  files_.erase(normal(path));
  folders_.erase(normal(path));
}

void FakeFiles::fail_reading(const std::string& path, Error error) {
  unreadable_.insert_or_assign(normal(path), std::move(error));
}

void FakeFiles::fail_writing(const std::string& path, Error error) {
  unwritable_.insert_or_assign(normal(path), std::move(error));
}

std::string FakeFiles::content(const std::string& path) const {
  const std::lock_guard lock{guard_};
  const auto found = files_.find(normal(path));
  if (found != files_.end()) return found->second;
  ADD_FAILURE() << "there is no file " << path;
  return {};
}

bool FakeFiles::exists(const std::string& path) const {
  return status(path).kind != ports::FileKind::missing;
}

std::vector<std::string> FakeFiles::reads() const {
  const std::lock_guard lock{guard_};
  return reads_;
}

std::vector<std::string> FakeFiles::writes() const {
  const std::lock_guard lock{guard_};
  return writes_;
}

Result<std::string> FakeFiles::read_all(const std::string& path) const {
  const std::lock_guard lock{guard_};
  reads_.push_back(path);
  const std::string name = normal(path);
  if (const auto failure = unreadable_.find(name); failure != unreadable_.end()) return failure->second;
  if (const auto found = files_.find(name); found != files_.end()) return found->second;
  if (status_of(name).kind == ports::FileKind::folder) {
    return Error{ErrorCode::io, fmt::format("{}: is a directory", path)};
  }
  return missing(path);
}

Result<std::string> FakeFiles::read(const std::string& path, std::uint64_t limit) const {
  auto content = read_all(path);
  if (content && content->size() > limit) {
    return Error{ErrorCode::budget, fmt::format("{}: longer than {} bytes", path, limit)};
  }
  return content;
}

Result<std::unique_ptr<ports::ByteStream>> FakeFiles::open(const std::string& path) const {
  auto content = read_all(path);
  if (!content) return content.error();
  return std::unique_ptr<ports::ByteStream>{std::make_unique<PieceByPiece>(std::move(*content), chunk_)};
}

ports::FileStatus FakeFiles::status(const std::string& path) const {
  const std::lock_guard lock{guard_};
  return status_of(normal(path));
}

ports::FileStatus FakeFiles::status_of(const std::string& name) const {
  if (const auto found = files_.find(name); found != files_.end()) {
    return {ports::FileKind::regular, found->second.size()};
  }
  const std::string prefix = prefix_of(name);
  const auto file = files_.lower_bound(prefix);
  const auto folder = folders_.lower_bound(prefix);
  const bool above_file = file != files_.end() && file->first.starts_with(prefix);
  const bool above_folder = folder != folders_.end() && folder->starts_with(prefix);
  const bool is_folder = name == "." || folders_.contains(name) || above_file || above_folder;
  return {is_folder ? ports::FileKind::folder : ports::FileKind::missing, 0};
}

Result<std::vector<ports::FolderEntry>> FakeFiles::list(const std::string& path) const {
  const std::lock_guard lock{guard_};
  reads_.push_back(path);
  const std::string name = normal(path);
  if (const auto failure = unreadable_.find(name); failure != unreadable_.end()) return failure->second;
  const ports::FileKind kind = status_of(name).kind;
  if (kind == ports::FileKind::missing) return missing(path);
  if (kind != ports::FileKind::folder) return Error{ErrorCode::io, fmt::format("{}: not a directory", path)};
  const std::string prefix = prefix_of(name);
  std::set<std::string> names;
  const auto take = [&](const std::string& below) {
    const bool elsewhere = below == "-" || (prefix.empty() && below.starts_with('/'));
    if (!elsewhere && below.starts_with(prefix) && below.size() > prefix.size()) {
      names.insert(below.substr(prefix.size(), below.find('/', prefix.size()) - prefix.size()));
    }
  };
  for (const auto& [file, content] : files_) take(file);
  for (const std::string& folder : folders_) take(folder);
  std::vector<ports::FolderEntry> entries;
  for (const std::string& entry : names) entries.push_back({entry, status_of(prefix + entry).kind});
  return entries;
}

Status FakeFiles::store(const std::string& path, std::string_view content, bool append) const {
  const std::lock_guard lock{guard_};
  const std::string name = normal(path);
  if (const auto failure = unwritable_.find(name); failure != unwritable_.end()) return failure->second;
  writes_.push_back(path);
  std::string& file = files_[name];
  if (append) {
    file.append(content);
  } else {
    file = content;
  }
  return done();
}

Status FakeFiles::write(const std::string& path, std::string_view content) const {
  return store(path, content, false);
}
Status FakeFiles::append(const std::string& path, std::string_view content) const {
  return store(path, content, true);
}
Status FakeFiles::write_secret(const std::string& path, std::string_view content) const {
  if (status(path).kind != ports::FileKind::missing)
    return Error{ErrorCode::io, fmt::format("{}: File exists", path)};
  return store(path, content, false);
}

}  // namespace gate::test
