#include "gate/cli/session.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "gate/base/hash.h"
#include "gate/base/json_text.h"
#include "gate/base/uuid.h"
#include "gate/cli/tool.h"
#include "gate/load/exemptions_toml.h"
#include "gate/load/policy_toml.h"
#include "gate/policy/exemption_rules.h"

namespace gate::cli {
namespace {

Error misused(std::string message) {
  return Error{ErrorCode::usage, std::move(message)};
}

Result<std::string> choose_run_id(const GateOptions& options, const Context& io, Timestamp now) {
  if (!options.run_id) {
    std::array<std::uint8_t, 10> bytes{};
    io.random.fill(bytes);
    return uuid_v7(now, bytes);
  }
  constexpr std::size_t kLongest = 128;
  const std::string& id = *options.run_id;
  const bool printable = std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7F; });
  if (id.empty() || id.size() > kLongest || !printable) {
    return misused("--run-id: 1 to 128 printable characters without spaces are wanted");
  }
  return id;
}

Result<bool> is_dirty(const ports::Process& process) {
  ports::Command command;
  command.arguments = {"git",    "-c",          "core.fsmonitor=false",
                       "status", "--porcelain", "--untracked-files=normal"};
  const auto outcome = process.run(command);
  if (!outcome) return outcome.error().within("--git-dirty-check");
  if (outcome->exit_code != 0 || outcome->signal != 0 || outcome->timed_out) {
    return Error{ErrorCode::io, "--git-dirty-check: git status failed"};
  }
  return !outcome->output.empty();
}

// Settings that say how a result is shown or named, not what it is.
bool is_presentation(std::string_view option) {
  constexpr std::array<std::string_view, 11> kPresentation{
      "--format",    "--output", "--report", "--run-id", "--git-sha",    "--git-dirty-check",
      "--no-github", "--as-of",  "--check",  "--jobs",   "--spec-output"};
  return std::find(kPresentation.begin(), kPresentation.end(), option) != kPresentation.end();
}

// SHA-256 over what decides: the settings that were given and those of the policy file.
std::string config_hash(const GateOptions& options, const std::vector<load::TomlSetting>& file) {
  Value effective = Value::object();
  for (const load::TomlSetting& setting : file) effective.set("policy." + setting.key, setting.value);
  for (const Setting& setting : options.settings) {
    if (setting.source != Source::unset && !is_presentation(setting.name))
      effective.set(setting.name, setting.value);
  }
  return sha256_hex(to_canonical_json(effective));
}

// A locked policy holds whatever the command line or the environment says.
Status refuse_loosening(const GateOptions& options, const policy::GateConfig& config) {
  if (!config.policy.locked) return done();
  const auto refused = [&](std::string_view option) {
    return misused(fmt::format("{}: the policy {} is locked", option, options.policy.value_or("file")));
  };
  if (options.mode == "warn" && config.policy.mode == policy::Mode::strict) return refused("--mode warn");
  if (options.accept) return refused("--accept");
  if (options.as_of) return refused("--as-of");
  if (options.exemptions && options.exemptions != config.exemptions) return refused("--exemptions");
  return done();
}

void apply_options(const GateOptions& options, policy::Policy& policy) {
  if (options.mode) {
    policy.mode_from_command_line = *options.mode == "warn" && policy.mode == policy::Mode::strict;
    if (*options.mode == "strict" || policy.mode_from_command_line) {
      policy.mode = *options.mode == "warn" ? policy::Mode::warn : policy::Mode::strict;
    }
  }
  policy.accept_undecided = policy.accept_undecided || options.accept.has_value();
  policy.deny_warned = policy.deny_warned || options.deny.has_value();
}

Result<policy::RunContext> start_run(std::string_view tool, const GateOptions& options, const CiFacts& ci,
                                     Context& io) {
  policy::RunContext run;
  run.started_at = io.clock.now();
  run.finished_at = run.started_at;
  run.as_of = run.started_at;
  run.check = options.check.value_or(std::string{tool});
  run.tool = {std::string{tool}, std::string{version()}};
  run.git_sha = ci.git_sha;
  run.merge_sha = ci.merge_sha;
  auto id = choose_run_id(options, io, run.started_at);
  if (!id) return id.error();
  run.run_id = std::move(*id);
  if (options.as_of) {
    const auto moment = parse_moment(*options.as_of);
    if (!moment) return misused(fmt::format("--as-of: {}", moment.error().message));
    run.as_of = *moment;
  }
  if (options.git_dirty_check) {
    const auto dirty = is_dirty(io.process);
    if (!dirty) return dirty.error();
    run.git_dirty = *dirty;
  }
  return run;
}

policy::Input input_of(const std::string& path, const std::string& text) {
  return {path, sha256_hex(text), text.size()};
}

Status read_policy(const std::string& path, PolicySource& source, Session& session) {
  const auto text = source.read(path, load::kPolicyBounds.bytes);
  if (!text) return text.error();
  auto file = load::parse_gate_config_file(*text, path);
  if (!file) return file.error();
  session.config = std::move(file->config);
  session.inputs.push_back(input_of(path, *text));
  session.settings = std::move(file->settings);
  return done();
}

Status read_register(const std::string& path, PolicySource& source, Session& session) {
  const auto found = source.read_register(path, load::kRegisterBounds.bytes);
  if (!found) return found.error();
  const std::optional<std::string>& text = *found;
  if (!text) return done();
  const auto reg = load::parse_exemptions(*text, path);
  if (!reg) return reg.error();
  session.exemptions = policy::exemptions_of(
      policy::check_register(*reg, session.config.exemption_rules, date_of(session.run.as_of)));
  session.inputs.push_back(input_of(path, *text));
  return done();
}

}  // namespace

Result<Session> open_session(std::string_view tool, const GateOptions& options, Context& io,
                             std::string_view default_policy, RegisterUse use) {
  auto ci = find_ci_facts(options.git_sha, io.environment, io.files);
  if (!ci) return ci.error();
  Session session;
  session.ci = std::move(*ci);
  auto run = start_run(tool, options, session.ci, io);
  if (!run) return run.error();
  session.run = std::move(*run);

  const std::string policy_path = options.policy.value_or(std::string{default_policy});
  const bool reads_policy = !policy_path.empty() || options.exemptions;
  auto source =
      PolicySource::choose(options.policy_ref, reads_policy ? session.ci : CiFacts{}, io.files, io.process);
  if (!source) return source.error();
  if (!policy_path.empty()) {
    if (auto read = read_policy(policy_path, *source, session); !read) return read.error();
  }
  if (auto allowed = refuse_loosening(options, session.config); !allowed) return allowed.error();
  session.policy = session.config.policy;
  apply_options(options, session.policy);
  const auto register_path = options.exemptions ? options.exemptions : session.config.exemptions;
  if (register_path && use == RegisterUse::exempts) {
    if (auto read = read_register(*register_path, *source, session); !read) return read.error();
  }
  session.told = source->findings();
  if (!source->commit().empty()) {
    session.stamps.push_back(fmt::format("policy and register from {}", source->commit()));
  }
  if (options.as_of)
    session.stamps.push_back(fmt::format("as of {} (--as-of)", to_string(session.run.as_of)));
  session.run.config_hash = config_hash(options, session.settings);
  return session;
}

policy::Report conclude(const Session& session, policy::Evidence evidence, Context& io) {
  policy::RunContext run = session.run;
  run.finished_at = io.clock.now();
  evidence.findings.insert(evidence.findings.end(), session.told.begin(), session.told.end());
  evidence.inputs.insert(evidence.inputs.end(), session.inputs.begin(), session.inputs.end());
  policy::Report report = policy::judge(run, session.policy, std::move(evidence), session.exemptions);
  report.stamps.insert(report.stamps.begin(), session.stamps.begin(), session.stamps.end());
  return report;
}

}  // namespace gate::cli
