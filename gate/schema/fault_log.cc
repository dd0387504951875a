#include "gate/schema/fault_log.h"

#include <algorithm>

#include "gate/schema/fault_text.h"

namespace gate::schema {

namespace {

constexpr std::size_t kMaxText = std::size_t{32} << 20U;

std::size_t text_of(const Fault& fault) {
  return fault.instance.size() + fault.place.size() + fault.schema.size() + fault.message.size();
}

}  // namespace

bool FaultLog::is_sensitive() const {
  return !sensitive_.empty() && std::any_of(offsets_.begin(), offsets_.end(), [&](std::uint32_t offset) {
    return sensitive_.count(offset) != 0;
  });
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
  fault.instance = path_;
  fault.place = place_;
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
