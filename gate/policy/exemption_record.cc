#include "gate/policy/exemption_record.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "gate/base/glob.h"
#include "gate/base/text.h"
#include "gate/base/utf8.h"

namespace gate::policy {
namespace {

constexpr std::size_t kLongestPattern = 512;
constexpr std::size_t kLongestList = 100;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

// OPS-12.
bool is_issue_key(std::string_view text) {
  const std::size_t dash = text.rfind('-');
  if (dash == std::string_view::npos || dash < 2 || !is_number(text.substr(dash + 1))) return false;
  return is_upper(text.front()) && std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(dash),
                                               [](char c) { return is_upper(c) || is_digit(c) || c == '_'; });
}

// "Team-A" and "@team-a" are the same people.
std::string person(std::string_view name) {
  std::string_view trimmed = trim(name);
  if (!trimmed.empty() && trimmed.front() == '@') trimmed.remove_prefix(1);
  return lower(trimmed);
}

// Whether a text in lower case says that something is still to be written.
bool is_filler(std::string_view text) {
  constexpr std::array<std::string_view, 9> kMarks{"todo", "tbd", "tba",         "fixme", "xxx",
                                                   "wip",  "n/a", "placeholder", "lorem"};
  constexpr std::array<std::string_view, 9> kEmptyPhrases{
      "to be determined", "to be defined",    "to be done", "no reason",   "no reason given",
      "reason goes here", "your reason here", "see ticket", "just because"};
  const std::string_view first = text.substr(0, text.find_first_of(" :,.;-("));
  return std::find(kMarks.begin(), kMarks.end(), first) != kMarks.end() ||
         std::find(kEmptyPhrases.begin(), kEmptyPhrases.end(), text) != kEmptyPhrases.end();
}

std::size_t count_words(std::string_view text) {
  const auto words = split(text, ' ');
  return static_cast<std::size_t>(
      std::count_if(words.begin(), words.end(), [](std::string_view word) { return !word.empty(); }));
}

// Different ones among ASCII letters and all code points beyond ASCII.
std::size_t count_distinct_letters(std::string_view text) {
  std::set<std::string_view> letters;
  for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end) {
    end = begin + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
    if (end - begin > 1 || is_letter(text[begin])) letters.insert(text.substr(begin, end - begin));
  }
  return letters.size();
}

// Collects what is wrong with one record.
class Inspector {
 public:
  Inspector(const ExemptionRecord& record, const ExemptionRules& rules, Date today)
      : record_(record), exemption_(record.exemption), rules_(rules), today_(today) {}

  std::vector<RecordFault> run() && {
    check_required();
    check_id();
    check_rule();
    check_scope();
    check_texts();
    check_dates();
    if (exemption_.max_findings == 0U) fault("max_findings", "0 exempts nothing: remove the record");
    return std::move(faults_);
  }

 private:
  [[nodiscard]] bool has(std::string_view field) const { return record_.fields.count(field) > 0; }

  void fault(std::string_view field, std::string_view why) {
    faults_.push_back({std::string{field}, fmt::format("{}: {}", field, why), place_of(record_, field)});
  }

  [[nodiscard]] bool is_faulted(std::string_view field) const {
    return std::any_of(record_.faults.begin(), record_.faults.end(), [&](const RecordFault& fault) {
      return fault.field.substr(0, fault.field.find('.')) == field;
    });
  }

  void check_required() {
    std::vector<std::string> needed{"id", "rule", "scope", "created", "expires"};
    needed.insert(needed.end(), rules_.required_fields.begin(), rules_.required_fields.end());
    for (const std::string& field : needed) {
      if (!has(field) && !is_faulted(field)) {
        faults_.push_back({field, fmt::format("{} is missing", field), record_.exemption.where});
      }
    }
  }

  void check_id() {
    constexpr std::size_t kLongestId = 100;
    const std::string& id = exemption_.id;
    const bool plain = std::all_of(id.begin(), id.end(), [](char c) { return c > 0x20 && c < 0x7F; });
    if (!plain || id.size() > kLongestId)
      fault("id", "not at most 100 ASCII characters without spaces, such as EX-7");
  }

  void check_rule() {
    if (!has("rule")) return;
    const std::string& rule = exemption_.rule;
    const bool well_formed = std::all_of(rule.begin(), rule.end(), [](char c) {
      return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '-' || c == '*' || c == '?';
    });
    if (!well_formed || rule.size() > kLongestPattern)
      return fault("rule", "not a rule id such as schema.required");
    if (!is_exemptable(rule))
      return fault("rule",
                   "missing or broken evidence and what the gate says about itself cannot be exempted");
    if (is_glob(rule.substr(0, rule.find('.'))) && !rules_.allow_any_rule) {
      fault(
          "rule",
          fmt::format("\"{}\" covers rules of every kind: name one, or a family such as \"schema.*\"", rule));
    }
  }

  void check_scope() {
    const Scope& scope = exemption_.scope;
    if (has("scope") && scope == Scope{} && !is_faulted("scope")) {
      fault("scope", "needs paths, tests or fingerprints: an exemption of everything is none");
    }
    for (const std::string& path : scope.paths) check_path(path);
    for (const std::string& test : scope.tests) check_pattern("scope.tests", test);
    for (const std::string& print : scope.fingerprints) check_fingerprint(print);
    const std::size_t longest = std::max({scope.paths.size(), scope.tests.size(), scope.fingerprints.size()});
    if (longest > kLongestList) fault("scope", fmt::format("lists more than {} entries", kLongestList));
  }

  void check_path(std::string_view path) {
    const auto segments = split(path, '/');
    const bool climbs = std::any_of(segments.begin(), segments.end(),
                                    [](std::string_view s) { return s == ".." || s == "."; });
    if (climbs || path.substr(0, 1) == "/") {
      return fault("scope.paths",
                   fmt::format("\"{}\" is not relative to the repository's root, and matches nothing",
                               shortened(path, kShown)));
    }
    check_pattern("scope.paths", path);
  }

  void check_pattern(std::string_view field, std::string_view pattern) {
    const bool names_something = std::any_of(pattern.begin(), pattern.end(), [](char c) {
      return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80;
    });
    if (pattern.size() > kLongestPattern) {
      fault(field, fmt::format("pattern longer than {} bytes", kLongestPattern));
    } else if (!names_something) {
      fault(field,
            fmt::format("\"{}\" covers everything: name what is exempted", shortened(pattern, kShown)));
    }
  }

  void check_fingerprint(std::string_view print) {
    constexpr std::size_t kDigits = 16;
    const bool well_formed =
        print.size() == kDigits && print.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    if (!well_formed) {
      fault("scope.fingerprints",
            fmt::format("\"{}\" is not 16 lower-case hex digits", shortened(print, kShown)));
    }
  }

  void check_texts() {
    if (has("reason") && is_placeholder(exemption_.reason)) {
      fault("reason", fmt::format("\"{}\" is a placeholder: say why this may pass and what will end it",
                                  shortened(exemption_.reason, kShown)));
    }
    if (has("ticket") && !is_ticket(exemption_.ticket)) {
      fault("ticket", fmt::format("\"{}\" is no ticket such as OPS-12, #34 or an address",
                                  shortened(exemption_.ticket, kShown)));
    }
    check_people();
  }

  void check_people() {
    const bool is_same =
        has("owner") && has("approver") && person(exemption_.owner) == person(exemption_.approver);
    if (has("owner")) check_person("owner", exemption_.owner);
    if (is_same) {
      fault("approver", fmt::format("\"{}\" is the owner too: nobody approves their own exemption",
                                    shortened(exemption_.approver, kShown)));
    } else if (has("approver")) {
      check_person("approver", exemption_.approver);
    }
  }

  void check_person(std::string_view field, std::string_view name) {
    if (is_person(name)) return;
    fault(field, fmt::format("\"{}\" is no handle or name: at least two ASCII letters or digits, with single "
                             "spaces and . _ - + @ /, and no placeholder",
                             shortened(name, kShown)));
  }

  void check_dates() {
    if (has("created") && exemption_.created > today_) {
      fault("created", fmt::format("{} is in the future", to_string(exemption_.created)));
    }
    if (!has("created") || !has("expires")) return;
    const int days = lifetime_days(exemption_);
    const int longest = longest_life_days(rules_, exemption_.rule);
    if (days < 1) {
      fault("expires", fmt::format("{} is before it was created", to_string(exemption_.expires)));
    } else if (days > longest) {
      fault("expires", fmt::format("lives {} days, the policy allows {}: at the latest {}", days, longest,
                                   to_string(exemption_.created + std::chrono::days{longest - 1})));
    }
  }

  static constexpr std::size_t kShown = 60;

  const ExemptionRecord& record_;
  const Exemption& exemption_;
  const ExemptionRules& rules_;
  Date today_;
  std::vector<RecordFault> faults_;
};

}  // namespace

Location place_of(const ExemptionRecord& record, std::string_view field) {
  const auto found = record.fields.find(field);
  return found == record.fields.end() ? record.exemption.where : found->second;
}

std::vector<RecordFault> find_record_faults(const ExemptionRecord& record, const ExemptionRules& rules,
                                            Date today) {
  return Inspector{record, rules, today}.run();
}

bool is_placeholder(std::string_view reason) {
  constexpr std::size_t kShortest = 10;
  constexpr std::size_t kFewestWords = 3;
  constexpr std::size_t kFewestLetters = 5;
  const std::string text = lower(trim(reason));
  if (count_code_points(text) < kShortest || count_distinct_letters(text) < kFewestLetters) return true;
  const bool is_ascii = count_code_points(text) == text.size();  // else words need no spaces between them
  return (is_ascii && count_words(text) < kFewestWords) || is_filler(text);
}

bool is_person(std::string_view name) {
  constexpr std::string_view kMarks = "._-+@/";
  std::size_t counting = 0;  // letters and digits
  char before = ' ';
  for (const char c : name) {
    const bool counts = is_letter(c) || is_digit(c);
    if (!counts && kMarks.find(c) == std::string_view::npos && (c != ' ' || before == ' ')) return false;
    if (counts) ++counting;
    before = c;
  }
  return before != ' ' && counting >= 2 && !is_filler(person(name));
}

bool is_ticket(std::string_view ticket) {
  if (ticket.find(' ') != std::string_view::npos) return false;
  if (ticket.substr(0, 8) == "https://" || ticket.substr(0, 7) == "http://") return ticket.size() > 12;
  const std::size_t hash = ticket.find('#');
  if (hash != std::string_view::npos) return is_number(ticket.substr(hash + 1));
  return is_issue_key(ticket);
}

int lifetime_days(const Exemption& exemption) {
  return static_cast<int>((exemption.expires - exemption.created).count()) + 1;
}

int longest_life_days(const ExemptionRules& rules, std::string_view rule) {
  const bool high = std::any_of(rules.high_severity.begin(), rules.high_severity.end(),
                                [&](const std::string& glob) { return globs_intersect(glob, rule); });
  return high ? std::min(rules.max_days, rules.max_days_high_severity) : rules.max_days;
}

}  // namespace gate::policy
