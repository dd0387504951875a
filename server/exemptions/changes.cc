#include "server/exemptions/changes.h"

#include <utility>

#include <fmt/format.h>

#include "gate/base/hash.h"
#include "server/exemptions/answers.h"

namespace server::exemptions {
namespace {

using api::Change;
using api::Problem;
using gate::Value;
using store::Transaction;

constexpr const char* kSubject = "exemption register";

std::int64_t generation_of(const Holding& holding) {
  return holding.reg == nullptr ? 0 : holding.reg->version.generation;
}

Value generation_value(const Holding& holding) {
  return holding.reg == nullptr ? Value{} : Value{holding.reg->version.generation};
}

Value summary_of(const Holding& holding) {
  return holding.reg == nullptr ? Value{} : version_summary(holding.reg->version);
}

// "register:3:1: why" of a text that came in a request: the place is in the register.
Problem unreadable(const std::string& fault) {
  const std::string why = fault.substr(fault.find(':') + 1);
  return {"invalid_request", fmt::format("the register cannot be read: {}", why), {{"/register", why}}, {}};
}

Value push_answer(std::string_view result, const Situation& situation, const Holding& before) {
  const Version& version = situation.reg->version;
  Value tree = Value::object({{"result", result},
                              {"generation", version.generation},
                              {"previous_generation", generation_value(before)},
                              {"sha256", version.sha256}});
  set_verdict(tree, situation);
  tree.set("records", situation.checked->records.size());
  tree.set("as_of", gate::to_string(situation.day));
  tree.set("counts", counts_value(situation));
  tree.set("invalid", invalid_value(situation));
  return tree;
}

// Of a register that is in force already.
Change unchanged(const Situation& situation, const Holding& before) {
  Change change;
  change.answer = api::answer(push_answer("unchanged", situation, before));
  change.answer.headers.emplace_back("etag", api::etag_of(situation.reg->version.generation));
  return change;
}

Change pushed(const Situation& situation, const Holding& before, const std::string& reason) {
  Change change;
  change.answer = api::answer(push_answer("pushed", situation, before));
  change.answer.headers.emplace_back("etag", api::etag_of(situation.reg->version.generation));
  change.audit.action = "exemption_register.pushed";
  change.audit.subject = kSubject;
  change.audit.reason = reason;
  change.audit.before = summary_of(before);
  change.audit.after = version_summary(situation.reg->version);
  return change;
}

Value clean_up_answer(const Situation& situation, const Value& ids) {
  Value tree = Value::object({{"generation", situation.reg->version.generation},
                              {"as_of", gate::to_string(situation.day)},
                              {"count", ids.as_array()->size()}});
  set_bounded(tree, "processed", ids);
  tree.set("note",
           "an expired record exempts nothing; this only says that somebody knows. Remove or renew it in "
           "the register");
  return tree;
}

}  // namespace

Asker asker_of(const api::Call& call) {
  Asker asker{call.caller.id, call.caller.owner, {}};
  asker.call.head = call.head;
  asker.call.caller = call.caller;
  asker.call.route = call.route;
  return asker;
}

Changes::Changes(const api::Core& core, const ExemptionSettings& settings, Memory& memory)
    : clock_(core.clock), files_(core.files), log_(core.log), settings_(settings), memory_(memory) {}

void Changes::read_rules() {
  const auto rules = load_rules(settings_.policy_file, files_);
  const News news = memory_.set_rules(rules);
  if (news == News::broken) log_.error("exemptions.policy_unreadable", {{"error", rules.error().message}});
  if (news == News::healed) log_.info("exemptions.policy_readable", {{"file", settings_.policy_file}});
}

std::optional<RegisterFile> Changes::read_file() {
  auto file = read_register_file(settings_.register_file, files_);
  const News news = file ? memory_.forgive_file() : memory_.refuse_file(file.error().message);
  if (news == News::broken) log_.error("exemptions.file_refused", {{"error", file.error().message}});
  if (news == News::healed) log_.info("exemptions.file_readable", {{"file", settings_.register_file}});
  if (!file) return std::nullopt;
  return std::move(*file);
}

gate::Result<Holding> Changes::stored(Transaction& transaction) const {
  const auto generation = newest_generation(transaction);
  if (!generation) return generation.error();
  if (*generation == 0) return Holding{};
  Holding holding = memory_.holding();
  if (generation_of(holding) != *generation) {
    auto version = newest_version(transaction);
    if (!version) return version.error();
    holding.reg = read_register(std::move(**version));
  }
  auto marks = marks_of(transaction, *generation);
  if (!marks) return marks.error();
  holding.marks = std::make_shared<const Marks>(std::move(*marks));
  return holding;
}

Version Changes::version_after(const Holding& before, VersionKind kind, std::string text) const {
  Version version;
  version.generation = generation_of(before) + 1;
  version.kind = kind;
  version.sha256 = gate::sha256_hex(text);
  version.text = std::move(text);
  version.at = clock_.now();
  version.file_sha256 = memory_.file_seen();
  if (version.file_sha256.empty() && before.reg != nullptr)
    version.file_sha256 = before.reg->version.file_sha256;
  return version;
}

gate::Result<Holding> Changes::keep(Transaction& transaction, RegisterPointer reg, Marks marks) const {
  if (auto kept = keep_version(transaction, reg->version); !kept) return kept.error();
  if (auto kept = keep_marks(transaction, reg->version.generation, marks); !kept) return kept.error();
  return Holding{std::move(reg), std::make_shared<const Marks>(std::move(marks))};
}

Changes::Decided Changes::push(Transaction& transaction, const Asker& asker, const PushRequest& request) {
  const auto before = stored(transaction);
  if (!before) return before.error();
  if (auto problem = api::check_if_match(asker.call, api::etag_of(generation_of(*before)))) return *problem;
  if (before->reg != nullptr) {
    if (auto problem = api::check_if_none_match(asker.call, api::etag_of(generation_of(*before))))
      return *problem;
  }
  Version version = version_after(*before, VersionKind::pushed, request.text);
  // The same again mends one that was changed in the store.
  if (before->reg != nullptr && before->reg->version.sha256 == version.sha256 &&
      is_as_kept(before->reg->version)) {
    return unchanged(memory_.situation_of(*before, clock_.now()), *before);
  }
  version.source = request.source;
  version.git_sha = request.git_sha;
  version.made_by = asker.id;
  version.owner = asker.owner;
  const RegisterPointer reg = read_register(std::move(version));
  if (!reg->fault.empty()) return unreadable(reg->fault);
  const Situation situation = memory_.situation_of({reg, before->marks}, clock_.now());
  const auto after = keep(transaction, reg, carried(*before->marks, *situation.checked));
  if (!after) return after.error();
  Change change = pushed(memory_.situation_of(*after, clock_.now()), *before, request.reason);
  change.publish = [&memory = memory_, holding = *after] { memory.set_holding(holding); };
  return change;
}

Changes::Decided Changes::clean_up(Transaction& transaction, const Asker& asker,
                                   const ReasonRequest& request) {
  const auto before = stored(transaction);
  if (!before) return before.error();
  if (before->reg == nullptr)
    return Problem{"conflict", "there is no register: exemption-report push sends one", {}, {}};
  if (auto problem = api::check_if_match(asker.call, api::etag_of(generation_of(*before)))) return *problem;
  const Situation situation = memory_.situation_of(*before, clock_.now());
  Marks added;
  Value ids = Value::array();
  for (const auto* record : unprocessed(situation)) {
    const gate::policy::Exemption& exemption = record->exemption;
    ids.push(exemption.id);
    added.emplace(exemption.id, Mark{exemption.id, exemption.expires, asker.id, asker.owner, situation.now,
                                     request.reason});
  }
  Change change;
  change.answer = api::answer(clean_up_answer(situation, ids));
  if (added.empty()) return change;
  const std::int64_t generation = generation_of(*before);
  if (auto kept = keep_marks(transaction, generation, added); !kept) return kept.error();
  change.audit.action = "exemptions.processed";
  change.audit.subject = kSubject;
  change.audit.reason = request.reason;
  change.audit.before = Value::object({{"generation", generation}, {"unprocessed", added.size()}});
  change.audit.after =
      Value::object({{"generation", generation}, {"unprocessed", 0}, {"processed", std::move(ids)}});
  Marks all = *before->marks;
  all.merge(added);
  change.publish = [&memory = memory_, reg = before->reg,
                    marks = std::make_shared<const Marks>(std::move(all))] {
    memory.set_holding({reg, marks});
  };
  return change;
}

gate::Result<Holding> Changes::keep_file(Transaction& transaction, const Holding& before,
                                         const RegisterFile& file, const Asker* asker) {
  Version version = version_after(before, VersionKind::file, file.text);
  version.source = file.path;
  version.file_sha256 = file.sha256;
  version.made_by = asker == nullptr ? "system" : asker->id;
  version.owner = asker == nullptr ? "" : asker->owner;
  const RegisterPointer reg = read_register(std::move(version));
  const Situation situation = memory_.situation_of({reg, before.marks}, clock_.now());
  return keep(transaction, reg, carried(*before.marks, *situation.checked));
}

gate::Result<Change> Changes::take_file(Transaction& transaction, const RegisterFile& file) {
  const auto before = stored(transaction);
  if (!before) return before.error();
  const Version* version = before->reg == nullptr ? nullptr : &before->reg->version;
  if (version != nullptr && (version->sha256 == file.sha256 || version->file_sha256 == file.sha256)) {
    memory_.take_file(file.sha256);
    return gate::Error{gate::ErrorCode::refused, "there is nothing new in the register file"};
  }
  const auto after = keep_file(transaction, *before, file, nullptr);
  if (!after) return after.error();
  Change change;
  change.audit.action = "exemption_register.file_taken";
  change.audit.subject = kSubject;
  change.audit.before = summary_of(*before);
  change.audit.after = summary_of(*after);
  change.publish = [&memory = memory_, holding = *after, sha256 = file.sha256] {
    memory.set_holding(holding);
    memory.take_file(sha256);
  };
  return change;
}

}  // namespace server::exemptions
