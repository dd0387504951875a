#include "tests/unit/render/runner_model.h"

#include <algorithm>
#include <array>
#include <optional>

#include "gate/base/text.h"
#include "gate/base/utf8.h"

namespace gate::test {
namespace {

constexpr std::array kKnown = {"error",    "warning",  "notice",        "debug",          "group",
                               "endgroup", "add-mask", "stop-commands", "set-output",     "save-state",
                               "set-env",  "add-path", "add-matcher",   "remove-matcher", "echo"};

bool is_known(std::string_view name) {
  return std::any_of(kKnown.begin(), kKnown.end(),
                     [&](const char* known) { return equal_ignoring_case(known, name); });
}

bool is_skipped(char32_t c) {
  return c == 0xAD || c == 0x34F || c == 0x61C || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || (c >= 0xFE00 && c <= 0xFE0F) ||
         c == 0xFEFF || c == 0xFFFD || (c >= 0xE0000 && c <= 0xE0FFF) || (c < 0x20 && c != '\t');
}

bool is_white(char32_t c) {
  return c == ' ' || c == '\t' || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
         c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

std::string without_skipped(std::string_view text) {
  std::string out;
  bool blank = true;
  for (; !text.empty(); text.remove_prefix(decode_utf8(text).bytes)) {
    const char32_t c = decode_utf8(text).value;
    blank = blank && is_white(c);
    if (!blank && !is_skipped(c)) append_utf8(out, c);
  }
  return out;
}

std::string unescaped(std::string text, const std::vector<std::pair<std::string, std::string>>& escapes) {
  for (const auto& [from, to] : escapes) text = replace_all(text, from, to);
  return replace_all(text, "%25", "%");
}

// The command in `info`, which is `name key=value<separator>…`.
std::optional<RunnerCommand> command_of(std::string_view info, char separator, std::string_view data,
                                        bool v2) {
  RunnerCommand command;
  const std::size_t space = info.find(' ');
  command.name = lower(info.substr(0, space));
  if (!is_known(command.name)) return std::nullopt;
  std::vector<std::pair<std::string, std::string>> escapes{{"%0D", "\r"}, {"%0A", "\n"}};
  if (!v2) escapes.insert(escapes.end(), {{"%3B", ";"}, {"%5D", "]"}});
  command.data = unescaped(std::string{data}, escapes);
  if (v2) escapes.insert(escapes.end(), {{"%3A", ":"}, {"%2C", ","}});
  if (space == std::string_view::npos) return command;
  for (const std::string_view part : split(trim(info.substr(space + 1)), separator)) {
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    command.properties[std::string{part.substr(0, equals)}] =
        unescaped(std::string{part.substr(equals + 1)}, escapes);
  }
  return command;
}

std::optional<RunnerCommand> command_in(std::string_view line) {
  if (line.substr(0, 2) == "::") {
    if (const std::size_t end = line.find("::", 2); end != std::string_view::npos) {
      if (auto command = command_of(line.substr(2, end - 2), ',', line.substr(end + 2), true)) return command;
    }
  }
  const std::size_t start = line.find("##[");
  if (start == std::string_view::npos) return std::nullopt;
  const std::size_t end = line.find(']', start);
  if (end == std::string_view::npos) return std::nullopt;
  return command_of(line.substr(start + 3, end - start - 3), ';', line.substr(end + 1), false);
}

}  // namespace

std::vector<RunnerCommand> runner_commands(std::string_view output) {
  std::vector<RunnerCommand> commands;
  const std::string lines = replace_all(output, "\r", "\n");
  for (const std::string_view line : split(lines, '\n')) {
    if (auto command = command_in(without_skipped(line))) commands.push_back(std::move(*command));
  }
  return commands;
}

}  // namespace gate::test
