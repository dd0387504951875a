#include "gate/cli/policy_source.h"

#include <fmt/format.h>

#include "gate/base/text.h"

namespace gate::cli {
namespace {

Result<ports::Outcome> git(const ports::Process& process, std::vector<std::string> arguments,
                           std::uint64_t limit) {
  ports::Command command;
  // What refs/replace/ puts in an object's place, any earlier step may have put there.
  command.arguments = {"git", "--no-replace-objects"};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.output_limit = limit + 1;
  auto outcome = process.run(command);
  if (!outcome) return outcome.error();
  if (outcome->timed_out) return Error{ErrorCode::timeout, "git did not answer within a minute"};
  return outcome;
}

bool succeeded(const ports::Outcome& outcome) {
  return outcome.signal == 0 && outcome.exit_code == 0;
}

}  // namespace

Result<PolicySource> PolicySource::choose(const std::optional<std::string>& ref, const CiFacts& facts,
                                          const ports::Files& files, const ports::Process& process) {
  PolicySource source{files, process};
  source.named_ = ref.has_value();
  if (!ref && !facts.base_sha && facts.change_request) {
    return Error{ErrorCode::unavailable,
                 "this run judges a change, and its event does not say what the change is based on: name the "
                 "base with --policy-ref"};
  }
  if (!ref && !facts.base_sha) return source;
  const std::string wanted = ref ? *ref : *facts.base_sha;
  const auto outcome =
      git(process, {"rev-parse", "--verify", "--quiet", "--end-of-options", wanted + "^{commit}"}, 4'096);
  if (!outcome) return outcome.error().within("--policy-ref");
  const std::string commit{trim(outcome->output)};
  if (succeeded(*outcome) && is_commit_id(commit)) {
    source.commit_ = commit;
    return source;
  }
  const std::string said =
      outcome->diagnostics.empty() ? "" : fmt::format(" ({})", first_line(outcome->diagnostics));
  if (ref)
    return Error{ErrorCode::usage, fmt::format("--policy-ref: no revision \"{}\" here{}", wanted, said)};
  return Error{
      ErrorCode::unavailable,
      fmt::format("the base of this change, {}, is not in this clone{}: fetch it (git fetch --depth=1 origin "
                  "{}), or name another with --policy-ref",
                  wanted, said, wanted)};
}

Result<std::string> PolicySource::read_from_commit(const std::string& path, std::uint64_t limit) const {
  if (path.starts_with('/')) {
    return Error{ErrorCode::usage,
                 fmt::format("{}: a path inside the checkout is needed to read it from {}", path, commit_)};
  }
  const auto outcome =
      git(*process_, {"show", "--no-textconv", fmt::format("{}:./{}", commit_, path)}, limit);
  if (!outcome) return outcome.error();
  if (!succeeded(*outcome)) return why_unread(path);
  if (outcome->output.size() > limit) {
    return Error{ErrorCode::malformed,
                 fmt::format("{}: longer than the {} bytes that are read of such a file", path, limit)};
  }
  return outcome->output;
}

// A file that is there and cannot be read (a partial clone) is not one that is missing.
Error PolicySource::why_unread(const std::string& path) const {
  const auto listed = git(*process_, {"ls-tree", "--name-only", commit_, "--", path}, 4'096);
  if (listed && succeeded(*listed) && trim(listed->output).empty())
    return Error{ErrorCode::not_found, fmt::format("{}: not in {}", path, commit_)};
  return Error{ErrorCode::unavailable, fmt::format("{}: git cannot read it from {}", path, commit_)};
}

void PolicySource::tell(std::string rule, policy::Severity severity, const std::string& path,
                        std::string message) {
  policy::Finding finding = severity == policy::Severity::note
                                ? policy::note(std::move(rule), path, std::move(message))
                                : policy::violation(std::move(rule), severity, path, std::move(message));
  finding.location.file = path;
  findings_.push_back(std::move(finding));
}

Result<std::string> PolicySource::read(const std::string& path, std::uint64_t limit) {
  if (commit_.empty()) {
    auto text = files_->read(path, limit);
    if (!text && text.error().code == ErrorCode::budget)
      return Error{ErrorCode::malformed, text.error().message};
    return text;
  }
  auto there = read_from_commit(path, limit);
  auto here = files_->read(path, limit);
  if (there) {
    if (!here || *here != *there) {
      tell("gate.policy_edited", policy::Severity::note, path,
           fmt::format("this change edits it; what counts here is the one of {}", commit_));
    }
    return there;
  }
  // A base without the file has nothing that the change could loosen: it is the first to bring one.
  if (there.error().code != ErrorCode::not_found || named_ || !here) return there;
  tell("gate.policy_new", policy::Severity::warning, path,
       fmt::format("the base {} has none: the one that this change brings is used", commit_));
  return here;
}

Result<std::optional<std::string>> PolicySource::read_register(const std::string& path, std::uint64_t limit) {
  const bool by_event = !commit_.empty() && !named_;
  if (by_event && files_->read(path, limit)) {
    const auto there = read_from_commit(path, limit);
    if (!there && there.error().code == ErrorCode::not_found) {
      tell("gate.register_new", policy::Severity::note, path,
           fmt::format("the base {} has none: what this change brings exempts nothing before it is merged",
                       commit_));
      return std::optional<std::string>{};
    }
  }
  auto text = read(path, limit);
  if (!text) return text.error();
  return std::optional{std::move(*text)};
}

}  // namespace gate::cli
