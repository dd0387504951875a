#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "server/exemptions/answers.h"
#include "server/exemptions/changes.h"
#include "server/exemptions/standings.h"

namespace server::exemptions {
namespace {

using api::Change;
using api::Problem;
using gate::Result;
using gate::Value;
using gate::policy::Exemption;
using store::Transaction;

constexpr const char* kSubject = "exemption register";
// Versions that a reset looks at: holding a large register to the rules takes its time.
constexpr std::int64_t kMostTried = 4;

using ById = std::map<std::string_view, Exemption>;

// A record moved within the file is the same record.
ById by_id(const RegisterPointer& reg) {
  ById records;
  for (const auto& record : reg->content.records) {
    Exemption exemption = record.exemption;
    exemption.where = {};
    records.emplace(record.exemption.id, std::move(exemption));
  }
  return records;
}

Value ids_where(const ById& all, const ById& others, bool (*wanted)(const Exemption&, const Exemption*)) {
  Value ids = Value::array();
  for (const auto& [id, exemption] : all) {
    const auto other = others.find(id);
    if (wanted(exemption, other == others.end() ? nullptr : &other->second)) ids.push(id);
  }
  return ids;
}

bool is_missing(const Exemption&, const Exemption* other) {
  return other == nullptr;
}

bool is_different(const Exemption& one, const Exemption* other) {
  return other != nullptr && one != *other;
}

// What a reset took back.
Value undone(const Holding& before, const Holding& after) {
  const ById old_records = by_id(before.reg);
  const ById new_records = by_id(after.reg);
  Value processed = Value::array();
  for (const auto& [id, mark] : *before.marks) {
    if (!after.marks->contains(id)) processed.push(id);
  }
  Value tree = Value::object();
  set_bounded(tree, "processed", processed);
  set_bounded(tree, "removed", ids_where(old_records, new_records, is_missing));
  set_bounded(tree, "added", ids_where(new_records, old_records, is_missing));
  set_bounded(tree, "changed", ids_where(new_records, old_records, is_different));
  return tree;
}

Value reset_answer(const Holding& before, const Situation& after, const Holding& holding) {
  const Version& version = after.reg->version;
  const std::int64_t previous = before.reg->version.generation;
  const bool from_file = version.restored == 0;
  Value restored = Value::object({{"from", from_file ? "file" : "generation"}});
  restored.set("generation", from_file ? Value{} : Value{version.restored});
  return Value::object({{"generation", version.generation},
                        {"previous_generation", previous},
                        {"restored", std::move(restored)},
                        {"undone", undone(before, holding)},
                        {"undo", Value::object({{"to_generation", previous}})},
                        {"as_of", gate::to_string(after.day)},
                        {"counts", counts_value(after)},
                        {"note", "nothing was deleted: POST the member undo to this route to go back"}});
}

Value revalidation_answer(const Situation& situation, const Validation& validation,
                          const std::optional<Validation>& last, const Holding& before) {
  std::vector<std::string> reasons = situation.unknown;
  if (situation.reg == nullptr) reasons.emplace_back("there is no register: exemption-report push sends one");
  reasons.insert(reasons.end(), situation.troubles.begin(), situation.troubles.end());
  const auto generation = [](const RegisterPointer& reg) {
    return reg == nullptr ? Value{} : Value{reg->version.generation};
  };
  Value tree = Value::object({{"verdict", validation.verdict},
                              {"reasons", texts(reasons)},
                              {"validation", validation.id},
                              {"as_of", gate::to_string(situation.day)},
                              {"generation", generation(situation.reg)},
                              {"previous_generation", generation(before.reg)},
                              {"counts", is_read(situation) ? counts_value(situation) : Value{}},
                              {"invalid", invalid_value(situation)}});
  set_bounded(tree, "changes",
              changes_between(last ? parse_standings(last->standings) : Standings{},
                              parse_standings(validation.standings)));
  tree.set("last_validation", validation_value(last));
  return tree;
}

Validation validation_of(const Situation& situation, const std::optional<Validation>& last,
                         const Asker& asker) {
  Validation validation;
  validation.id = last ? last->id + 1 : 1;
  validation.generation = situation.reg == nullptr ? 0 : situation.reg->version.generation;
  validation.at = situation.now;
  validation.as_of = situation.day;
  // Asked to judge what the files say, not what they said when they could be read.
  validation.verdict = situation.troubles.empty() ? verdict_of(situation) : "undecided";
  validation.standings =
      to_text(situation.checked == nullptr ? Standings{} : standings_of(*situation.checked));
  validation.made_by = asker.id;
  return validation;
}

// Why a reset has nothing to go back to, and what may be named instead.
Problem nothing_before(std::int64_t origin, std::int64_t newest, const std::string& why) {
  const std::string named = newest == 1 ? "1 alone" : fmt::format("1 to {}", newest);
  return {"conflict",
          fmt::format("no version before generation {} {}; to_generation may name {}", origin,
                      why.empty() ? "has another text" : why, named),
          {},
          {}};
}

}  // namespace

Result<Holding> Changes::with_file(Transaction& transaction, const Holding& before, const Asker& asker) {
  if (settings_.register_file.empty()) return before;
  const auto file = read_file();
  if (!file) return before;
  const Version* version = before.reg == nullptr ? nullptr : &before.reg->version;
  if (version != nullptr && (version->sha256 == file->sha256 || version->file_sha256 == file->sha256)) {
    memory_.take_file(file->sha256);
    return before;
  }
  return keep_file(transaction, before, *file, &asker);
}

Changes::Decided Changes::revalidate(Transaction& transaction, const Asker& asker,
                                     const ReasonRequest& request) {
  read_rules();
  const auto before = stored(transaction);
  if (!before) return before.error();
  const auto after = with_file(transaction, *before, asker);
  if (!after) return after.error();
  const auto last = newest_validation(transaction);
  if (!last) return last.error();
  const Situation situation = memory_.situation_of(*after, clock_.now());
  const Validation validation = validation_of(situation, *last, asker);
  if (auto kept = keep_validation(transaction, validation); !kept) return kept.error();
  Change change;
  change.answer = api::answer(revalidation_answer(situation, validation, *last, *before));
  change.audit.action = "exemptions.validated";
  change.audit.subject = kSubject;
  change.audit.reason = request.reason;
  change.audit.before = validation_value(*last);
  change.audit.after = validation_value(validation);
  const bool took_file = after->reg != before->reg;
  change.publish = [&memory = memory_, holding = *after, validation, took_file] {
    memory.set_holding(holding);
    memory.set_validation(validation);
    if (took_file) memory.take_file(holding.reg->version.file_sha256);
  };
  return change;
}

std::string Changes::doubt_about(const Version& version) {
  const Situation situation = memory_.situation_of({read_register(version)}, clock_.now());
  return situation.unknown.empty() ? std::string{} : situation.unknown.front();
}

std::optional<Version> Changes::file_version() {
  if (settings_.register_file.empty()) return std::nullopt;
  auto file = read_file();
  if (!file) return std::nullopt;
  Version version;
  version.sha256 = file->sha256;
  version.text = std::move(file->text);
  version.source = file->path;
  version.file_sha256 = file->sha256;
  if (!doubt_about(version).empty()) return std::nullopt;
  return version;
}

Changes::Source Changes::version_before(Transaction& transaction, const Version& present) {
  // Going back again goes further back, and not to what was left.
  const auto origin = origin_of(transaction, present.generation);
  if (!origin) return origin.error();
  const auto generations = generations_before(transaction, *origin, present.sha256, kMostTried);
  if (!generations) return generations.error();
  std::string why;
  for (const std::int64_t generation : *generations) {
    auto version = version_of(transaction, generation);
    if (!version) return version.error();
    std::string doubt = doubt_about(**version);
    if (doubt.empty()) return std::move(**version);
    if (why.empty())
      why = fmt::format("can be judged, of {} that were tried (generation {}: {})", generations->size(),
                        generation, doubt);
  }
  return nothing_before(*origin, present.generation, why);
}

Changes::Source Changes::last_good(Transaction& transaction, const Version& present) {
  if (auto file = file_version()) return std::move(*file);
  return version_before(transaction, present);
}

Changes::Source Changes::named(Transaction& transaction, std::int64_t generation, const Version& present) {
  auto version = version_of(transaction, generation);
  if (!version) return version.error();
  if (*version && is_as_kept(**version)) return std::move(**version);
  const std::string why =
      *version ? std::string{"its text was changed outside the server"}
               : fmt::format("there is no such generation: the newest is {}", present.generation);
  return Problem{"invalid_request", why, {{"/to_generation", why}}, {}};
}

Version Changes::restored(const Holding& before, Version source, const Asker& asker) const {
  Version version = version_after(before, VersionKind::reset, std::move(source.text));
  version.restored = source.generation;
  version.source = std::move(source.source);
  version.git_sha = std::move(source.git_sha);
  version.made_by = asker.id;
  version.owner = asker.owner;
  if (version.restored == 0) version.file_sha256 = source.file_sha256;
  return version;
}

Changes::Decided Changes::reset(Transaction& transaction, const Asker& asker, const ReasonRequest& request) {
  const auto before = stored(transaction);
  if (!before) return before.error();
  if (before->reg == nullptr)
    return Problem{"conflict", "there is nothing to reset: there is no register", {}, {}};
  const Version& present = before->reg->version;
  if (auto problem = api::check_if_match(asker.call, api::etag_of(present.generation))) return *problem;
  const auto& wanted = request.to_generation;
  auto source = wanted ? named(transaction, *wanted, present) : last_good(transaction, present);
  if (!source) return source.error();
  if (auto* problem = std::get_if<Problem>(&*source)) return std::move(*problem);
  auto marks = wanted ? marks_of(transaction, *wanted) : Result<Marks>{Marks{}};
  if (!marks) return marks.error();
  const auto after =
      keep(transaction, read_register(restored(*before, std::get<Version>(std::move(*source)), asker)),
           std::move(*marks));
  if (!after) return after.error();
  return reset_change(*before, *after, memory_.situation_of(*after, clock_.now()), request.reason);
}

Change Changes::reset_change(const Holding& before, const Holding& after, const Situation& situation,
                             const std::string& reason) {
  const Version& version = after.reg->version;
  Change change;
  change.answer = api::answer(reset_answer(before, situation, after));
  change.answer.headers.emplace_back("etag", api::etag_of(version.generation));
  change.audit.action = "exemption_register.reset";
  change.audit.subject = kSubject;
  change.audit.reason = reason;
  change.audit.before = version_summary(before.reg->version);
  change.audit.after = version_summary(version);
  change.publish = [&memory = memory_, after] {
    memory.set_holding(after);
    if (after.reg->version.restored == 0) memory.take_file(after.reg->version.file_sha256);
  };
  return change;
}

}  // namespace server::exemptions
