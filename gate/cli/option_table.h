#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/result.h"
#include "gate/ports/environment.h"

namespace gate::cli {

// Where a setting's value came from.
enum class Source { unset, environment, command_line };

// One option or operand: what parses it, prints it in --help and tells its value.
struct OptionRow {
  enum class Kind { flag, value, list, operand };

  Kind kind = Kind::value;
  std::string section;      // heading in --help
  std::string name;         // "--mode", or the operand's placeholder "REPORT"
  std::string placeholder;  // "FILE"; empty for a flag
  std::string help;
  std::vector<std::string> choices;
  std::size_t least = 0;                             // of an operand: how many must be given
  bool many = false;                                 // of an operand: whether more than one may be
  bool from_environment = true;                      // RELEASE_GATE_… sets it too
  std::function<Status(const std::string&)> assign;  // called once for each value given
  std::vector<std::string> given;                    // the values, after parsing
  Source source = Source::unset;
};

// The value a setting has, and where it came from: for `--show-effective` and the config hash.
struct Setting {
  std::string name;   // "--mode"
  std::string value;  // several joined by a space; "" where unset
  Source source = Source::unset;

  bool operator==(const Setting&) const = default;
};

// A tool's options, declared once: the same rows parse, print --help and are compared with the
// docs by a test. Targets must outlive parse().
class OptionTable {
 public:
  // Rows declared after this stand under that heading.
  void section(std::string title) { section_ = std::move(title); }

  OptionRow& flag(std::string name, bool& target, std::string help);
  OptionRow& text(std::string name, std::string placeholder, std::string& target, std::string help);
  OptionRow& text(std::string name, std::string placeholder, std::optional<std::string>& target,
                  std::string help);
  OptionRow& number(std::string name, std::string placeholder, std::size_t& target, std::string help);
  OptionRow& number(std::string name, std::string placeholder, std::optional<std::size_t>& target,
                    std::string help);
  OptionRow& choice(std::string name, std::string& target, std::vector<std::string> choices,
                    std::string help);
  OptionRow& choice(std::string name, std::optional<std::string>& target, std::vector<std::string> choices,
                    std::string help);
  // May be given several times.
  OptionRow& list(std::string name, std::string placeholder, std::vector<std::string>& target,
                  std::string help);
  // One word, which must be given unless `required` is false.
  OptionRow& operand(std::string name, std::string& target, std::string help, bool required = true);
  // One word or more, at least `least`. Declared last.
  OptionRow& operands(std::string name, std::vector<std::string>& target, std::string help,
                      std::size_t least = 1);

  // Where the effective settings go once parse() has succeeded.
  void remember(std::vector<Setting>& settings) { remembered_ = &settings; }

  // What parse() found besides the rows.
  enum class Asked { run, help, version };

  // What the command line does not say, the environment may. Error: usage, with what is wrong and what
  // was probably meant.
  Result<Asked> parse(const std::vector<std::string>& arguments, const ports::Environment& environment);

  [[nodiscard]] const std::vector<OptionRow>& rows() const { return rows_; }

  // The lines of --help between the summary and the examples: usage, operands, options.
  [[nodiscard]] std::string help(std::string_view tool) const;

 private:
  OptionRow& add(OptionRow row);
  OptionRow& value(OptionRow::Kind kind, std::string name, std::string placeholder, std::string help,
                   std::function<Status(const std::string&)> assign);

  std::string section_ = "options";
  std::vector<OptionRow> rows_;
  std::vector<Setting>* remembered_ = nullptr;
};

// "RELEASE_GATE_MAX_ERRORS" of "--max-errors".
std::string environment_name(std::string_view option);

std::string_view name_of(Source source);

}  // namespace gate::cli
