#include "exemptions/push.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <ostream>

#include <fmt/format.h>

#include "exemptions/run.h"
#include "gate/base/hash.h"
#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "gate/base/time.h"
#include "gate/cli/session.h"
#include "gate/load/exemptions_toml.h"
#include "gate/load/toml.h"
#include "gate/policy/exemption_rules.h"
#include "gate/render/text.h"
#include "gate/render/visible.h"

namespace exemptions {
namespace {

namespace cli = gate::cli;
namespace policy = gate::policy;
using gate::Error;
using gate::ErrorCode;
using gate::Result;
using gate::Value;

constexpr std::array kExamples{
    cli::Example{"exemption-report push --url https://gate.example.com",
                 "the register that gate.toml names, else exemptions.toml; the key stands in X_API_KEY"},
    cli::Example{"exemption-report push --key-file key.txt --if-generation 6 ci/exemptions.toml",
                 "to the server that CCT_URL names, unless somebody else changed it since"},
};

void declare(cli::OptionTable& table, PushOptions& options) {
  table.operand("REGISTER", options.register_path,
                "the exemption register; the policy's by default, else exemptions.toml", false);
  table.text("--url", "URL", options.server.url, "the gate-server; the variable CCT_URL by default")
      .from_environment = false;
  table
      .text("--key-file", "FILE", options.server.key_file,
            "holds the key, of scope exempt; the variable X_API_KEY by default")
      .from_environment = false;
  table
      .number("--if-generation", "N", options.if_generation,
              "only if that is the server's generation now; 0: if it has no register")
      .from_environment = false;
  table.text("--source", "TEXT", options.source, "where the register comes from; its path by default");
  table.text("--timeout", "DURATION", options.timeout, "for all tries together; 20s by default");
  table.flag("--allow-invalid", options.allow_invalid,
             "push also a register with invalid records, or one that cannot be judged");
  table.flag("--allow-http", options.server.allow_http,
             "send the key by http:// to another machine, for everybody on the way to read");
  table.text("--policy", "FILE", options.gate.policy, "the policy: gate.toml");
  table.text("--policy-ref", "REF", options.gate.policy_ref, "read the policy from this git revision");
  table.text("--git-sha", "SHA", options.gate.git_sha, "the register's commit; found by default");
}

// The register to be pushed, as it lies in its file and as the rules see it today.
struct Candidate {
  std::string path;
  std::string text;
  policy::CheckedRegister checked;
};

Result<Candidate> load_candidate(const PushOptions& options, const cli::Session& session, cli::Context& io) {
  Candidate candidate;
  candidate.path = register_of(options.register_path, std::nullopt, session.config);
  auto text = io.files.read(candidate.path, gate::load::kRegisterBounds.bytes);
  // Too long is the file's fault, not a limit that was hit at work.
  if (!text && text.error().code == ErrorCode::budget)
    return Error{ErrorCode::malformed, text.error().message};
  if (!text) return text.error();
  candidate.text = std::move(*text);
  const auto reg = gate::load::parse_exemptions(candidate.text, candidate.path);
  if (!reg) return reg.error();
  candidate.checked =
      policy::check_register(*reg, session.config.exemption_rules, gate::date_of(session.run.as_of));
  return candidate;
}

// Says what no record may be, and whether there is any.
bool has_invalid(const Candidate& candidate, cli::Context& io) {
  bool found = false;
  for (const policy::Finding& finding : candidate.checked.findings) {
    if (finding.rule != "exemption.invalid") continue;
    io.err << gate::render::finding_line(policy::Mode::strict, finding) << '\n';
    found = true;
  }
  return found;
}

// Says why the register cannot be judged, where it cannot.
bool has_doubt(const Candidate& candidate, cli::Context& io) {
  bool found = false;
  for (const policy::Finding& finding : candidate.checked.findings) {
    if (finding.kind != policy::FindingKind::undecided) continue;
    io.err << gate::render::finding_line(policy::Mode::strict, finding) << '\n';
    found = true;
  }
  return found;
}

// What keeps a register from being sent; nullopt: nothing does.
std::optional<cli::ExitCode> objection_to(const Candidate& candidate, bool allow_invalid, cli::Context& io) {
  const bool invalid = has_invalid(candidate, io);
  const bool doubtful = has_doubt(candidate, io);
  if (allow_invalid || (!invalid && !doubtful)) return std::nullopt;
  io.err << (invalid ? "not pushed: the server would exempt nothing by an invalid record; --allow-invalid "
                       "pushes it\n"
                     : "not pushed: the server could not judge the register either; --allow-invalid pushes "
                       "it\n");
  return invalid ? cli::ExitCode::blocked : cli::ExitCode::undecided;
}

gate::checks::ServerRequest request_of(const PushOptions& options, const cli::Session& session,
                                       const Candidate& candidate) {
  Value body = Value::object({{"register", candidate.text}});
  body.set("source", options.source.empty() ? candidate.path : options.source);
  if (session.run.git_sha) body.set("git_sha", *session.run.git_sha);
  gate::checks::ServerRequest request;
  request.method = "PUT";
  request.path = "/api/v1/exemptions/register";
  request.body = gate::to_compact_json(body);
  if (options.if_generation)
    request.headers.emplace_back("If-Match", fmt::format("\"{}\"", *options.if_generation));
  return request;
}

std::string text_at(const Value& tree, std::string_view name) {
  const Value* member = tree.find(name);
  const std::string* text = member == nullptr ? nullptr : member->as_string();
  return text == nullptr ? std::string{} : *text;
}

std::int64_t count_at(const Value& tree, std::string_view name) {
  const Value* member = tree.find(name);
  const std::int64_t* count = member == nullptr ? nullptr : member->as_integer();
  return count == nullptr ? 0 : *count;
}

// "pushed: generation 7, 12 records, 1 expired". What the server does not confirm was not seen to be done.
Result<std::string> outcome_of(const Value& answer, const Candidate& candidate) {
  const std::string result = text_at(answer, "result");
  const std::int64_t generation = count_at(answer, "generation");
  if ((result != "pushed" && result != "unchanged") || generation <= 0)
    return Error{ErrorCode::unconfirmed, "the server's answer does not say what it did"};
  if (text_at(answer, "sha256") != gate::sha256_hex(candidate.text))
    return Error{ErrorCode::unconfirmed, "the server took another register than the one that was sent"};
  std::string line = fmt::format("{}: generation {}, {}", result, generation,
                                 gate::counted(candidate.checked.records.size(), "record"));
  const Value* counts = answer.find("counts");
  for (const char* standing : {"expiring", "expired", "invalid"}) {
    const std::int64_t count = counts == nullptr ? 0 : count_at(*counts, standing);
    if (count > 0) line += fmt::format(", {} {}", count, standing);
  }
  return line + "\n";
}

// Whether the server can judge what it took. What it does not say it does not know.
cli::ExitCode judgement_in(const Value& answer, cli::Context& io) {
  const std::string verdict = text_at(answer, "verdict");
  if (verdict == "valid" || verdict == "invalid") return cli::ExitCode::passed;
  io.err << "undecided: the server has the register and cannot judge it";
  const Value* reasons = answer.find("reasons");
  const auto* all = reasons == nullptr ? nullptr : reasons->as_array();
  const std::string* first = all == nullptr || all->empty() ? nullptr : all->front().as_string();
  if (first != nullptr) io.err << ": " << gate::render::visible(*first);
  io.err << "; POST /api/v1/exemptions/reset goes back\n";
  return cli::ExitCode::undecided;
}

// What to do where nobody knows whether it was done. Each push has an Idempotency-Key of its own; that the
// same register is taken once is the server's doing.
Error with_advice(Error error, const PushOptions& options) {
  if (error.code != ErrorCode::unconfirmed) return error;
  error.message += "; push again: a register that the server has already is no new version";
  if (options.if_generation)
    error.message += "; if it then says 412, GET /api/v1/exemptions/health tells whose version is in force";
  return error;
}

// A change under review cannot put its own exemptions in force.
gate::Status refuse_change_request(const cli::Session& session) {
  if (!session.ci.change_request) return gate::done();
  return Error{ErrorCode::usage,
               "this run judges a change that is not merged yet: push from the branch it is merged into"};
}

Result<cli::ExitCode> run(const PushOptions& options, cli::Context& io) {
  const auto timeout = gate::parse_duration(options.timeout);
  if (!timeout) return Error{ErrorCode::usage, fmt::format("--timeout: {}", timeout.error().message)};
  auto access = gate::checks::server_access(options.server, io.environment, io.files);
  if (!access) return access.error();
  const auto session = cli::open_session("exemption-report push", options.gate, io, usual_policy(io.files),
                                         cli::RegisterUse::none);
  if (!session) return session.error();
  if (auto allowed = refuse_change_request(*session); !allowed) return allowed.error();
  const auto candidate = load_candidate(options, *session, io);
  if (!candidate) return candidate.error();
  if (const auto objection = objection_to(*candidate, options.allow_invalid, io)) return *objection;
  const gate::checks::ServerClient client{std::move(*access), *timeout, {*io.http, io.clock, io.random}};
  const auto reply = client.send(request_of(options, *session, *candidate));
  if (!reply) return with_advice(reply.error(), options);
  const auto line = outcome_of(reply->body, *candidate);
  if (!line) return with_advice(line.error(), options);
  io.out << *line;
  return judgement_in(reply->body, io);
}

}  // namespace

const cli::Tool<PushOptions> kPush{
    {"exemption-report push",
     "Sends the exemption register to gate-server, which goes by it from then on; every version is kept.",
     kExamples},
    declare,
    run};

}  // namespace exemptions
