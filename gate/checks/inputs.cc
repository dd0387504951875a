#include "gate/checks/inputs.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "gate/base/glob.h"
#include "gate/base/text.h"

namespace gate::checks {
namespace {

using ports::FileKind;
using Accept = std::function<bool(const std::string& path)>;

std::string joined(const std::string& folder, const std::string& name) {
  if (folder.empty()) return name;
  return folder.back() == '/' ? folder + name : folder + "/" + name;
}

// Walks folders for the files that a pattern accepts.
class Walk {
 public:
  explicit Walk(const ports::Files& files) : files_(files) {}

  Status collect(const std::string& folder, std::size_t levels, const Accept& accept) {
    auto entries = files_.list(folder.empty() ? "." : folder);
    if (!entries) return entries.error().within(folder);
    for (const ports::FolderEntry& entry : *entries) {
      if (++seen_ > kMaxEntries)
        return Error{ErrorCode::budget, fmt::format("{}: holds too many files", folder)};
      const std::string path = joined(folder, entry.name);
      if (entry.kind == FileKind::folder && entry.name != ".git" && levels > 1) {
        if (auto below = collect(path, levels - 1, accept); !below) return below;
      } else if (entry.kind != FileKind::folder && accept(path)) {
        take(path, entry.kind);
      }
    }
    return done();
  }

  // What was found. `pattern` is named where that is nothing at all.
  [[nodiscard]] Inputs take_inputs(const std::string& pattern, std::string_view nothing) {
    if (found_.paths.empty() && found_.findings.empty()) {
      found_.findings.push_back(
          violation("inputs.no_match", policy::Severity::error, pattern, std::string{nothing}));
    }
    return std::move(found_);
  }

 private:
  // What only looks like an input may stand for one that got lost.
  void take(const std::string& path, FileKind kind) {
    if (kind == FileKind::regular) {
      found_.paths.push_back(path);
      return;
    }
    const char* why = kind == FileKind::missing ? "a link to a file that is not there" : "not a regular file";
    found_.findings.push_back(violation("inputs.unreadable", policy::Severity::error, path, why));
  }

  static constexpr std::size_t kMaxEntries = 1'000'000;

  const ports::Files& files_;
  Inputs found_;
  std::size_t seen_ = 0;
};

constexpr std::size_t kMaxLevels = 64;

// How far below its root a glob can match.
std::size_t levels_of(std::string_view glob, std::string_view root) {
  if (glob.find("**") != std::string_view::npos) return kMaxLevels;
  return split(glob.substr(root.size()), '/').size();
}

Result<Inputs> expand_glob(const std::string& pattern, const ports::Files& files) {
  const std::string_view glob = pattern.starts_with("./") ? std::string_view{pattern}.substr(2) : pattern;
  const std::string_view root = glob.starts_with('/') && glob_root(glob).empty() ? "/" : glob_root(glob);
  Walk walk{files};
  const FileKind kind = files.status(root.empty() ? "." : std::string{root}).kind;
  if (kind == FileKind::folder) {
    const auto accept = [glob](const std::string& path) { return glob_matches(glob, path); };
    if (auto walked = walk.collect(std::string{root}, levels_of(glob, root), accept); !walked)
      return walked.error();
  }
  return walk.take_inputs(pattern, "no file matches the pattern");
}

Result<Inputs> expand_folder(const std::string& folder, const std::vector<std::string_view>& extensions,
                             const ports::Files& files) {
  Walk walk{files};
  const auto accept = [&extensions](const std::string& path) {
    return std::any_of(extensions.begin(), extensions.end(),
                       [&](std::string_view end) { return ends_with_ignoring_case(path, end); });
  };
  if (auto walked = walk.collect(folder, kMaxLevels, accept); !walked) return walked.error();
  const std::vector<std::string> ends{extensions.begin(), extensions.end()};
  return walk.take_inputs(folder, "the folder holds no file that ends with " + join(ends, ", "));
}

Result<Inputs> expand_one(const std::string& pattern, const std::vector<std::string_view>& extensions,
                          const ports::Files& files) {
  if (pattern == "-") return Inputs{{pattern}, {}};
  switch (files.status(pattern).kind) {
    case FileKind::folder: return expand_folder(pattern, extensions, files);
    case FileKind::regular:
    case FileKind::other: return Inputs{{pattern}, {}};
    case FileKind::missing: break;
  }
  if (is_glob(pattern)) return expand_glob(pattern, files);
  return Error{ErrorCode::not_found, pattern + ": no such file or folder"};
}

}  // namespace

Result<Inputs> expand_inputs(const std::vector<std::string>& patterns,
                             const std::vector<std::string_view>& extensions, const ports::Files& files) {
  Inputs all;
  std::set<std::string> seen;
  for (const std::string& pattern : patterns) {
    auto one = expand_one(pattern, extensions, files);
    if (!one) return one.error();
    std::sort(one->paths.begin(), one->paths.end());
    for (std::string& path : one->paths) {
      if (seen.insert(path).second) all.paths.push_back(std::move(path));
    }
    std::move(one->findings.begin(), one->findings.end(), std::back_inserter(all.findings));
  }
  return all;
}

}  // namespace gate::checks
