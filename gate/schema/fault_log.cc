#include "gate/schema/fault_log.h"

#include <algorithm>

#include "gate/base/edit_distance.h"
#include "gate/schema/fault_text.h"

namespace gate::schema {

namespace {

constexpr std::size_t kMaxText = std::size_t{32} << 20U;

std::size_t text_of(const Fault& fault) {
  return fault.instance.size() + fault.place.size() + fault.schema.size() + fault.message.size();
}

}  // namespace

const FaultLog::Level* FaultLog::sensitive_level() const {
  if (sensitive_.empty()) return nullptr;
  const auto found = std::find_if(levels_.begin(), levels_.end(),
                                  [&](const Level& level) { return sensitive_.count(level.offset) != 0; });
  return found == levels_.end() ? nullptr : &*found;
}

bool FaultLog::is_sensitive() const {
  return sensitive_level() != nullptr;
}

std::string FaultLog::shown_path() const {
  const Level* level = sensitive_level();
  return level == nullptr ? path_ : path_.substr(0, level->path);
}

std::string FaultLog::say_property(std::string_view name) const {
  const Level* level = sensitive_level();
  const bool is_within = level != nullptr && level != &levels_.back();
  return is_within ? "a property" : "the property " + quoted(name);
}

std::string FaultLog::hint(std::string_view name, const std::vector<std::string_view>& candidates) {
  constexpr std::size_t kMost = 100;
  if (is_sensitive() || ++hints_ > kMost) return {};
  return did_you_mean(name, candidates);
}

bool FaultLog::is_full() const {
  return faults_.size() >= most_ || text_ >= kMaxText;
}

std::string FaultLog::say(const Cell& at) const {
  return is_sensitive() ? "the value" : described(at);
}

Fault FaultLog::made(const Cell& at, Said said) const {
  const Origin& origin = program_.origins[static_cast<std::size_t>(&said.node - program_.nodes.data())];
  Fault fault;
  fault.keyword = said.keyword;
  const Level* level = sensitive_level();
  fault.instance = level == nullptr ? path_ : path_.substr(0, level->path);
  fault.place = level == nullptr ? place_ : place_.substr(0, level->place);
  fault.offset = said.at_key ? key_offset_ : at.offset;
  fault.at_key = said.at_key;
  fault.source = origin.source;
  fault.schema = program_.pointers.text(origin.pointer);
  if (said.keyword != "false") append_token(fault.schema, said.keyword);
  fault.message = std::move(said.message);
  fault.expected = std::move(said.expected);
  fault.value = is_sensitive()   ? "[redacted]"
                : at.is_object() ? "object"
                : at.is_array()  ? "array"
                                 : described(at);
  return fault;
}

void FaultLog::add(const Cell& at, Said said) {
  if (collecting_) return;
  if (is_full()) {
    ++omitted_;
  } else {
    add(made(at, std::move(said)));
  }
}

void FaultLog::add_undecided(const Cell& at, Said said, std::string_view rule) {
  if (collecting_) return;
  Fault fault = made(at, std::move(said));
  fault.keyword = rule;
  fault.undecided = true;
  add(std::move(fault));
}

void FaultLog::add(Fault fault) {
  if (is_full()) {
    ++omitted_;
    return;
  }
  text_ += text_of(fault);
  faults_.push_back(std::move(fault));
}

void FaultLog::keep_undecided() {
  std::erase_if(faults_, [](const Fault& fault) { return !fault.undecided; });
  omitted_ = 0;
  text_ = 0;
  for (const Fault& fault : faults_) text_ += text_of(fault);
}

bool FaultLog::has_fault() const {
  return std::any_of(faults_.begin(), faults_.end(), [](const Fault& fault) { return !fault.undecided; });
}

bool FaultLog::has_undecided() const {
  return std::any_of(faults_.begin(), faults_.end(), [](const Fault& fault) { return fault.undecided; });
}

}  // namespace gate::schema
