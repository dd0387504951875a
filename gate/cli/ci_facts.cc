#include "gate/cli/ci_facts.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/load/json.h"

namespace gate::cli {
namespace {

constexpr std::uint64_t kSmallFile = 4'096;
constexpr std::uint64_t kPackedRefs = 64U << 20U;
constexpr std::uint64_t kEventFile = 16U << 20U;

// A small text file, trimmed; empty where it cannot be read.
std::string line_of(const ports::Files& files, const std::string& path) {
  const auto text = files.read(path, kSmallFile);
  return text ? std::string{trim(*text)} : std::string{};
}

std::string joined_path(const std::string& folder, std::string_view path) {
  return path.starts_with('/') ? std::string{path} : fmt::format("{}/{}", folder, path);
}

// The `.git` folder of the checkout around the working directory; a linked work tree has a file
// there that names it.
std::optional<std::string> git_folder(const ports::Files& files) {
  constexpr int kDeepest = 40;
  std::string up;
  for (int level = 0; level < kDeepest; ++level, up += "../") {
    const std::string candidate = up + ".git";
    const ports::FileKind kind = files.status(candidate).kind;
    if (kind == ports::FileKind::folder) return candidate;
    if (kind != ports::FileKind::regular) continue;
    const std::string pointer = line_of(files, candidate);
    constexpr std::string_view kPrefix = "gitdir: ";
    if (!pointer.starts_with(kPrefix)) return std::nullopt;
    return joined_path(up.empty() ? "." : up, std::string_view{pointer}.substr(kPrefix.size()));
  }
  return std::nullopt;
}

std::optional<std::string> packed_ref(const ports::Files& files, const std::string& folder,
                                      std::string_view ref) {
  const auto text = files.read(folder + "/packed-refs", kPackedRefs);
  if (!text) return std::nullopt;
  for (const std::string_view line : split(*text, '\n')) {
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || line.substr(space + 1) != ref) continue;
    return std::string{line.substr(0, space)};
  }
  return std::nullopt;
}

std::optional<std::string> commit_or_none(std::string text) {
  if (!is_commit_id(text)) return std::nullopt;
  return text;
}

std::optional<std::string> commit_at(const load::Document& event,
                                     std::initializer_list<std::string_view> path) {
  auto text = load::text_at(event, path);
  return text ? commit_or_none(std::move(*text)) : std::nullopt;
}

// The events that run on a change before it is merged.
bool judges_a_change(std::string_view event) {
  return event == "pull_request" || event == "pull_request_target" || event == "merge_group";
}

Status read_event(const std::string& path, const ports::Files& files, CiFacts& facts) {
  const auto text = files.read(path, kEventFile);
  if (!text) return text.error().within("GITHUB_EVENT_PATH");
  const auto event = load::parse_json(*text);
  if (!event) return event.error().within(fmt::format("GITHUB_EVENT_PATH: {}", path));
  facts.git_sha = commit_at(*event, {"pull_request", "head", "sha"});
  facts.base_sha = commit_at(*event, {"pull_request", "base", "sha"});
  facts.change_request = facts.change_request || facts.git_sha || facts.base_sha;
  if (!facts.base_sha) {
    facts.base_sha = commit_at(*event, {"merge_group", "base_sha"});
    facts.change_request = facts.change_request || facts.base_sha.has_value();
  }
  return done();
}

}  // namespace

bool is_commit_id(std::string_view text) {
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return (text.size() == 40 || text.size() == 64) && std::all_of(text.begin(), text.end(), is_hex);
}

std::optional<std::string> head_commit(const ports::Files& files) {
  const auto folder = git_folder(files);
  if (!folder) return std::nullopt;
  const std::string head = line_of(files, *folder + "/HEAD");
  constexpr std::string_view kPrefix = "ref: ";
  if (!head.starts_with(kPrefix)) return commit_or_none(head);
  const std::string ref = head.substr(kPrefix.size());
  // A linked work tree keeps its HEAD apart and its branches in the common folder.
  const std::string common = line_of(files, *folder + "/commondir");
  const std::string shared = common.empty() ? *folder : joined_path(*folder, common);
  if (auto loose = commit_or_none(line_of(files, fmt::format("{}/{}", shared, ref)))) return loose;
  return packed_ref(files, shared, ref);
}

Result<CiFacts> find_ci_facts(const std::optional<std::string>& git_sha,
                              const ports::Environment& environment, const ports::Files& files) {
  CiFacts facts;
  const bool in_actions = environment.get("GITHUB_ACTIONS") == "true";
  if (in_actions) {
    facts.change_request = judges_a_change(environment.get("GITHUB_EVENT_NAME").value_or(""));
    if (const auto event = environment.get("GITHUB_EVENT_PATH"); event && !event->empty()) {
      if (auto read = read_event(*event, files, facts); !read) return read.error();
    }
    const auto checked_out = environment.get("GITHUB_SHA");
    if (checked_out && facts.git_sha && *checked_out != *facts.git_sha) facts.merge_sha = checked_out;
    if (checked_out && !facts.git_sha && is_commit_id(*checked_out)) facts.git_sha = checked_out;
  }
  if (git_sha) {
    if (!is_commit_id(*git_sha)) {
      return Error{ErrorCode::usage,
                   fmt::format("--git-sha: \"{}\" is not a full commit id (40 or 64 hex digits)", *git_sha)};
    }
    facts.git_sha = git_sha;
  }
  if (!facts.git_sha) facts.git_sha = head_commit(files);
  return facts;
}

}  // namespace gate::cli
