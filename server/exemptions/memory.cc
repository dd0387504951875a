#include "server/exemptions/memory.h"

#include <algorithm>
#include <utility>

namespace server::exemptions {
namespace {

using gate::policy::CheckedRegister;

// By rules that nobody has read no record exempts anything.
CheckedRegister unjudged(const gate::policy::ExemptionRegister& reg, gate::Date day) {
  CheckedRegister checked;
  for (const auto& record : reg.records) {
    const int days_left = static_cast<int>((record.exemption.expires - day).count());
    checked.records.push_back({record.exemption, gate::policy::Standing::invalid, days_left});
  }
  return checked;
}

}  // namespace

Situation Memory::situation(gate::Timestamp now, std::optional<gate::Date> day) {
  std::unique_lock lock{guard_};
  Situation situation = begin(holding_, now);
  situation.day = day.value_or(situation.day);
  situation.validation = validation_;
  const RulesPointer rules = rules_;
  lock.unlock();
  return complete(std::move(situation), rules);
}

Situation Memory::situation_of(const Holding& holding, gate::Timestamp now) {
  std::unique_lock lock{guard_};
  Situation situation = begin(holding, now);
  const RulesPointer rules = rules_;
  lock.unlock();
  return complete(std::move(situation), rules);
}

Situation Memory::begin(const Holding& holding, gate::Timestamp now) const {
  Situation situation;
  situation.now = now;
  situation.day = gate::date_of(now);
  situation.reg = holding.reg;
  situation.marks = holding.marks;
  if (!rules_fault_.empty()) {
    auto& list = rules_ != nullptr ? situation.troubles : situation.unknown;
    list.push_back("the policy file cannot be taken: " + rules_fault_);
  }
  if (!file_fault_.empty()) situation.troubles.push_back("the register file cannot be taken: " + file_fault_);
  return situation;
}

Situation Memory::complete(Situation situation, const RulesPointer& rules) {
  if (situation.reg == nullptr) return situation;
  situation.has_rules = rules != nullptr;
  situation.checked = check(situation.reg, rules, situation.day);
  find_unknown(situation);
  return situation;
}

CheckedPointer Memory::check(const RegisterPointer& reg, const RulesPointer& rules, gate::Date day) {
  constexpr std::size_t kMostKept = 4;
  const std::lock_guard lock{checking_};
  const auto known = std::find_if(checked_.begin(), checked_.end(), [&](const Checked& one) {
    return one.reg == reg && one.rules == rules && one.day == day;
  });
  if (known != checked_.end()) return known->result;
  auto result = std::make_shared<const CheckedRegister>(
      rules == nullptr ? unjudged(reg->content, day) : check_register(reg->content, *rules, day));
  checked_.push_back({reg, rules, day, result});
  if (checked_.size() > kMostKept) checked_.pop_front();
  return result;
}

Holding Memory::holding() const {
  const std::lock_guard lock{guard_};
  return holding_;
}

void Memory::set_holding(Holding holding) {
  const std::lock_guard lock{guard_};
  holding_ = std::move(holding);
}

void Memory::set_validation(std::optional<Validation> validation) {
  const std::lock_guard lock{guard_};
  validation_ = std::move(validation);
}

News Memory::set_fault(std::string& fault, const std::string& why) {
  if (fault == why) return News::none;
  fault = why;
  return why.empty() ? News::healed : News::broken;
}

News Memory::set_rules(gate::Result<gate::policy::ExemptionRules> rules) {
  const std::lock_guard lock{guard_};
  if (!rules) return set_fault(rules_fault_, rules.error().message);
  // The same ones keep what was checked by them.
  if (rules_ == nullptr || *rules_ != *rules)
    rules_ = std::make_shared<const gate::policy::ExemptionRules>(std::move(*rules));
  return set_fault(rules_fault_, {});
}

std::string Memory::file_seen() const {
  const std::lock_guard lock{guard_};
  return file_seen_;
}

void Memory::take_file(const std::string& sha256) {
  const std::lock_guard lock{guard_};
  file_seen_ = sha256;
  file_fault_.clear();
}

News Memory::forgive_file() {
  const std::lock_guard lock{guard_};
  return set_fault(file_fault_, {});
}

News Memory::refuse_file(const std::string& why) {
  const std::lock_guard lock{guard_};
  return set_fault(file_fault_, why);
}

}  // namespace server::exemptions
