#include "gate/cli/option_table.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "gate/base/edit_distance.h"
#include "gate/base/text.h"

namespace gate::cli {
namespace {

using Kind = OptionRow::Kind;

Error misused(std::string message) {
  return Error{ErrorCode::usage, std::move(message)};
}

Result<std::size_t> parse_count(const std::string& text) {
  std::size_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value);
  if (problem != std::errc{} || stop != end)
    return misused(fmt::format("\"{}\" is not a whole number", text));
  return value;
}

Status check_choice(const OptionRow& row, const std::string& value) {
  if (row.choices.empty() || std::find(row.choices.begin(), row.choices.end(), value) != row.choices.end()) {
    return done();
  }
  const std::vector<std::string_view> candidates{row.choices.begin(), row.choices.end()};
  return misused(fmt::format("{}: \"{}\" is not one of {}{}", row.name, value, join(row.choices, ", "),
                             did_you_mean(value, candidates)));
}

Status assign_all(OptionRow& row, const std::vector<std::string>& values, Source source) {
  for (const std::string& value : values) {
    if (auto allowed = check_choice(row, value); !allowed) return allowed;
    if (auto assigned = row.assign(value); !assigned) return assigned.error().within(row.name);
  }
  row.given = values;
  row.source = source;
  return done();
}

bool is_yes(std::string_view text) {
  return text == "1" || text == "true" || text == "yes";
}
bool is_no(std::string_view text) {
  return text.empty() || text == "0" || text == "false" || text == "no";
}

Status assign_from_environment(OptionRow& row, const ports::Environment& environment) {
  if (!row.from_environment) return done();
  const std::string variable = environment_name(row.name);
  const auto value = environment.get(variable);
  if (!value || value->empty() || (row.kind == Kind::flag && is_no(*value))) return done();
  const auto assigned = assign_all(row, {*value}, Source::environment);
  if (!assigned) return assigned.error().within(variable);
  return done();
}

template <class Text>
std::function<Status(const std::string&)> into(Text& target) {
  return [&target](const std::string& given) -> Status {
    target = given;
    return done();
  };
}

template <class Count>
std::function<Status(const std::string&)> count_into(Count& target) {
  return [&target](const std::string& given) -> Status {
    const auto count = parse_count(given);
    if (!count) return count.error();
    target = *count;
    return done();
  };
}

// CLI11's part: cutting the command line into words a row. What a word means is ours.
struct Cut {
  bool help = false;
  bool version = false;
  std::vector<std::vector<std::string>> values;  // one list a row
  std::vector<bool> flags;                       // one a row
};

void declare_to(CLI::App& app, const OptionRow& row, std::vector<std::string>& values) {
  app.add_option(row.name, values)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(row.kind == Kind::list ? CLI::MultiOptionPolicy::TakeAll
                                                   : CLI::MultiOptionPolicy::Throw);
}

// Gives each operand row its words, in order; the last may take many.
Status share_out(const std::vector<OptionRow>& rows, const std::vector<std::string>& words, Cut& found) {
  std::size_t next = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].kind != Kind::operand) continue;
    const std::size_t count =
        rows[i].many ? words.size() - next : std::min<std::size_t>(1, words.size() - next);
    const auto first = words.begin() + static_cast<std::ptrdiff_t>(next);
    found.values[i].assign(first, first + static_cast<std::ptrdiff_t>(count));
    next += count;
  }
  if (next == words.size()) return done();
  return misused(fmt::format("\"{}\" is one operand too many", words[next]));
}

std::string unknown_option(const std::vector<OptionRow>& rows, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  std::vector<std::string_view> names{"--help", "--version"};
  for (const OptionRow& row : rows) names.push_back(row.name);
  return fmt::format("unknown option \"{}\"{}", name, did_you_mean(name, names));
}

// Whether CLI11's complaint begins with the option's name, with or without its dashes.
bool is_about(std::string_view complaint, std::string_view option) {
  if (!complaint.starts_with('-')) option.remove_prefix(2);
  const std::string_view rest = complaint.substr(std::min(option.size(), complaint.size()));
  return complaint.starts_with(option) && (rest.empty() || rest.front() == ':' || rest.front() == ' ');
}

// The option an argument error is about: given twice, or without its value.
std::string misuse_of(const std::vector<OptionRow>& rows, const std::vector<std::string>& arguments,
                      const std::string& complaint) {
  for (const OptionRow& row : rows) {
    if (row.kind == Kind::operand || !is_about(complaint, row.name)) continue;
    const auto named = std::count_if(arguments.begin(), arguments.end(), [&](const std::string& word) {
      return word == row.name || word.starts_with(row.name + "=");
    });
    if (row.kind == Kind::flag) return fmt::format("{} takes no value", row.name);
    if (named > 1) return fmt::format("{} is given more than once", row.name);
    return fmt::format("{} needs a value: {} {}", row.name, row.name, row.placeholder);
  }
  return lower(first_line(complaint));
}

Result<Cut> cut(const std::vector<OptionRow>& rows, const std::vector<std::string>& arguments) {
  Cut found;
  found.values.resize(rows.size());
  CLI::App app;
  app.set_help_flag();
  app.add_flag("-h,--help", found.help);
  app.add_flag("--version", found.version);
  std::vector<std::string> operands;
  app.add_option("OPERANDS", operands)->expected(-1);
  std::vector<CLI::Option*> flag_options(rows.size(), nullptr);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].kind == Kind::flag) {
      flag_options[i] = app.add_flag(rows[i].name)
                            ->disable_flag_override()
                            ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    } else if (rows[i].kind != Kind::operand) {
      declare_to(app, rows[i], found.values[i]);
    }
  }
  std::vector<std::string> reversed{arguments.rbegin(), arguments.rend()};  // as CLI11 wants it
  try {
    app.parse(reversed);
  } catch (const CLI::ExtrasError&) {
    const std::vector<std::string> left = app.remaining();
    return misused(unknown_option(rows, left.empty() ? std::string{} : left.front()));
  } catch (const CLI::ParseError& error) {
    return misused(misuse_of(rows, arguments, error.what()));
  }
  for (CLI::Option* option : flag_options) found.flags.push_back(option != nullptr && option->count() > 0);
  if (auto shared = share_out(rows, operands, found); !shared) return shared.error();
  return found;
}

std::string left_column(const OptionRow& row) {
  if (row.kind == Kind::operand) return row.name;
  std::string value = row.choices.empty() ? row.placeholder : join(row.choices, "|");
  return value.empty() ? row.name : fmt::format("{} {}", row.name, value);
}

std::string usage_operand(const OptionRow& row) {
  const std::string word = row.many ? row.name + "..." : row.name;
  return row.least == 0 ? fmt::format("[{}]", word) : word;
}

// `help` under its own column, broken at words.
std::string wrapped(std::string_view help, std::size_t indent) {
  constexpr std::size_t kWidth = 100;
  std::string out;
  std::size_t column = indent;
  for (const std::string_view word : split(help, ' ')) {
    const bool first = column == indent;
    if (!first && column + 1 + word.size() > kWidth) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (!first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out;
}

std::string value_text(const OptionRow& row) {
  return row.kind == Kind::flag && row.source != Source::unset ? "true" : join(row.given, " ");
}

}  // namespace

OptionRow& OptionTable::add(OptionRow row) {
  row.section = row.kind == Kind::operand ? "" : section_;
  return rows_.emplace_back(std::move(row));
}

OptionRow& OptionTable::flag(std::string name, bool& target, std::string help) {
  return value(Kind::flag, std::move(name), "", std::move(help),
               [&target](const std::string& given) -> Status {
                 if (!is_yes(given) && !is_no(given))
                   return misused(fmt::format("\"{}\" is neither 1 nor 0", given));
                 target = is_yes(given);
                 return done();
               });
}

OptionRow& OptionTable::value(OptionRow::Kind kind, std::string name, std::string placeholder,
                              std::string help, std::function<Status(const std::string&)> assign) {
  OptionRow row;
  row.kind = kind;
  row.name = std::move(name);
  row.placeholder = std::move(placeholder);
  row.help = std::move(help);
  row.assign = std::move(assign);
  return add(std::move(row));
}

OptionRow& OptionTable::text(std::string name, std::string placeholder, std::string& target,
                             std::string help) {
  return value(Kind::value, std::move(name), std::move(placeholder), std::move(help), into(target));
}

OptionRow& OptionTable::text(std::string name, std::string placeholder, std::optional<std::string>& target,
                             std::string help) {
  return value(Kind::value, std::move(name), std::move(placeholder), std::move(help), into(target));
}

OptionRow& OptionTable::number(std::string name, std::string placeholder, std::size_t& target,
                               std::string help) {
  return value(Kind::value, std::move(name), std::move(placeholder), std::move(help), count_into(target));
}

OptionRow& OptionTable::number(std::string name, std::string placeholder, std::optional<std::size_t>& target,
                               std::string help) {
  return value(Kind::value, std::move(name), std::move(placeholder), std::move(help), count_into(target));
}

OptionRow& OptionTable::choice(std::string name, std::string& target, std::vector<std::string> choices,
                               std::string help) {
  OptionRow& row = text(std::move(name), "", target, std::move(help));
  row.choices = std::move(choices);
  return row;
}

OptionRow& OptionTable::choice(std::string name, std::optional<std::string>& target,
                               std::vector<std::string> choices, std::string help) {
  OptionRow& row = text(std::move(name), "", target, std::move(help));
  row.choices = std::move(choices);
  return row;
}

OptionRow& OptionTable::list(std::string name, std::string placeholder, std::vector<std::string>& target,
                             std::string help) {
  return value(Kind::list, std::move(name), std::move(placeholder), std::move(help),
               [&target](const std::string& given) -> Status {
                 target.push_back(given);
                 return done();
               });
}

OptionRow& OptionTable::operand(std::string name, std::string& target, std::string help, bool required) {
  OptionRow& row = text(std::move(name), "", target, std::move(help));
  row.kind = Kind::operand;
  row.section.clear();
  row.least = required ? 1 : 0;
  row.from_environment = false;
  return row;
}

OptionRow& OptionTable::operands(std::string name, std::vector<std::string>& target, std::string help,
                                 std::size_t least) {
  OptionRow& row = list(std::move(name), "", target, std::move(help));
  row.kind = Kind::operand;
  row.section.clear();
  row.least = least;
  row.many = true;
  row.from_environment = false;
  return row;
}

Result<OptionTable::Asked> OptionTable::parse(const std::vector<std::string>& arguments,
                                              const ports::Environment& environment) {
  const auto found = cut(rows_, arguments);
  if (!found) return found.error();
  if (found->help) return Asked::help;
  if (found->version) return Asked::version;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    OptionRow& row = rows_[i];
    const std::vector<std::string> values =
        found->flags[i] ? std::vector<std::string>{"true"} : found->values[i];
    if (values.size() < row.least) return misused(fmt::format("{} is missing", row.name));
    const Status assigned = values.empty() ? assign_from_environment(row, environment)
                                           : assign_all(row, values, Source::command_line);
    if (!assigned) return assigned.error();
  }
  if (remembered_ != nullptr) {
    for (const OptionRow& row : rows_) remembered_->push_back(Setting{row.name, value_text(row), row.source});
  }
  return Asked::run;
}

std::string OptionTable::help(std::string_view tool) const {
  std::string out = fmt::format("usage: {} [options]", tool);
  std::size_t width = 0;
  for (const OptionRow& row : rows_) {
    if (row.kind == Kind::operand) out += " " + usage_operand(row);
    width = std::max(width, left_column(row).size());
  }
  constexpr std::size_t kWidestColumn = 30;
  width = std::min(width, kWidestColumn);
  out += "\n";
  std::string section;
  for (const OptionRow& row : rows_) {
    if (row.section != section || &row == rows_.data()) {
      section = row.section;
      out += section.empty() ? "\n" : fmt::format("\n{}:\n", section);
    }
    const std::string left = left_column(row);
    const std::string gap =
        left.size() > width ? "\n" + std::string(width + 4, ' ') : std::string(width - left.size() + 2, ' ');
    out += fmt::format("  {}{}{}\n", left, gap, wrapped(row.help, width + 4));
  }
  return out;
}

std::string environment_name(std::string_view option) {
  std::string name = "RELEASE_GATE_";
  while (option.starts_with('-')) option.remove_prefix(1);
  for (const char c : option) {
    const bool small = c >= 'a' && c <= 'z';
    name.push_back(small ? static_cast<char>(c - 'a' + 'A') : c == '-' ? '_' : c);
  }
  return name;
}

std::string_view name_of(Source source) {
  switch (source) {
    case Source::unset: return "default";
    case Source::environment: return "environment";
    case Source::command_line: return "command line";
  }
  return "?";
}

}  // namespace gate::cli
