#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "gate/base/result.h"
#include "server/exemptions/situation.h"

namespace server::exemptions {

// A register and who acknowledged what of it.
struct Holding {
  RegisterPointer reg;  // null: there is none
  MarksPointer marks = std::make_shared<const Marks>();
};

// What a look at a file says that the one before did not.
enum class News { none, broken, healed };

// What readers need, so that no look goes to the store. What is durable is set once it is, in the order of
// the commits. Safe to share between threads.
class Memory {
 public:
  // What holds now, on that day; absent: on the day of `now`.
  Situation situation(gate::Timestamp now, std::optional<gate::Date> day = std::nullopt);
  // The same for a register that is not in force yet.
  Situation situation_of(const Holding& holding, gate::Timestamp now);

  [[nodiscard]] Holding holding() const;
  void set_holding(Holding holding);
  void set_validation(std::optional<Validation> validation);

  // The rules as the policy file has them now. On an error the last good ones stay.
  News set_rules(gate::Result<gate::policy::ExemptionRules> rules);

  // What the register file held when it was last taken; empty: it was not, since the start.
  [[nodiscard]] std::string file_seen() const;
  void take_file(const std::string& sha256);
  // That it can be read, whether it is taken or not.
  News forgive_file();
  // That it cannot be taken.
  News refuse_file(const std::string& why);

 private:
  using RulesPointer = std::shared_ptr<const gate::policy::ExemptionRules>;
  // A register held to the rules of a day. Comparing scopes takes its time: done once for each.
  struct Checked {
    RegisterPointer reg;
    RulesPointer rules;
    gate::Date day;
    CheckedPointer result;
  };

  CheckedPointer check(const RegisterPointer& reg, const RulesPointer& rules, gate::Date day);
  static News set_fault(std::string& fault, const std::string& why);
  Situation complete(Situation situation, const RulesPointer& rules);
  // With what is known of the files. Needs `guard_`.
  [[nodiscard]] Situation begin(const Holding& holding, gate::Timestamp now) const;

  mutable std::mutex guard_;  // over everything below but the last two
  Holding holding_;
  std::optional<Validation> validation_;
  RulesPointer rules_;  // null: they were never read
  std::string rules_fault_;
  std::string file_seen_;
  std::string file_fault_;
  std::mutex checking_;
  std::deque<Checked> checked_;
};

}  // namespace server::exemptions
