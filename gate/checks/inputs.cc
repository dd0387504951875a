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

using policy::Finding;
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
      } else if (entry.kind == FileKind::regular && accept(path)) {
        found.push_back(path);
      }
    }
    return done();
  }

  std::vector<std::string> found;

 private:
  static constexpr std::size_t kMaxEntries = 1'000'000;

  const ports::Files& files_;
  std::size_t seen_ = 0;
};

constexpr std::size_t kMaxLevels = 64;

// How far below its root a glob can match.
std::size_t levels_of(std::string_view glob, std::string_view root) {
  if (glob.find("**") != std::string_view::npos) return kMaxLevels;
  return split(glob.substr(root.size()), '/').size();
}

Finding no_match(const std::string& pattern, std::string_view what) {
  return violation("inputs.no_match", policy::Severity::error, pattern, std::string{what});
}

Result<Inputs> expand_glob(const std::string& pattern, const ports::Files& files) {
  const std::string_view glob = pattern.starts_with("./") ? std::string_view{pattern}.substr(2) : pattern;
  const std::string_view root = glob.starts_with('/') && glob_root(glob).empty() ? "/" : glob_root(glob);
  Inputs inputs;
  const FileKind kind = files.status(root.empty() ? "." : std::string{root}).kind;
  if (kind == FileKind::folder) {
    Walk walk{files};
    const auto accept = [glob](const std::string& path) { return glob_matches(glob, path); };
    if (auto walked = walk.collect(std::string{root}, levels_of(glob, root), accept); !walked)
      return walked.error();
    inputs.paths = std::move(walk.found);
  }
  if (inputs.paths.empty()) inputs.findings.push_back(no_match(pattern, "no file matches the pattern"));
  return inputs;
}

Result<Inputs> expand_folder(const std::string& folder, const std::vector<std::string_view>& extensions,
                             const ports::Files& files) {
  Walk walk{files};
  const auto accept = [&extensions](const std::string& path) {
    return std::any_of(extensions.begin(), extensions.end(),
                       [&](std::string_view end) { return path.ends_with(end); });
  };
  if (auto walked = walk.collect(folder, kMaxLevels, accept); !walked) return walked.error();
  Inputs inputs{std::move(walk.found), {}};
  if (inputs.paths.empty()) {
    std::vector<std::string> ends{extensions.begin(), extensions.end()};
    inputs.findings.push_back(
        no_match(folder, "the folder holds no file that ends with " + join(ends, ", ")));
  }
  return inputs;
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
