#include "gate/load/slo_toml_source.h"

#include <algorithm>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/base/text.h"

namespace gate::load {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

void read_url(TomlReader& reader, std::string& target) {
  const auto url = reader.text("url");
  if (!url) return;
  if (const std::string_view why = fault_of_url(*url); !why.empty()) reader.fault_of("url", why);
  target = *url;
}

void read_timeout(TomlReader& reader, milliseconds& target) {
  constexpr milliseconds kLongest{300'000};
  const auto timeout = reader.duration("timeout");
  if (timeout && *timeout > kLongest) reader.fault_of("timeout", "300s at most");
  take(timeout, target);
}

// Keys do not go into a file: `Authorization` has settings of its own.
void read_headers(TomlReader& reader, std::map<std::string, std::string>& target,
                  std::vector<TomlFault>& faults) {
  const TomlTable* table = reader.table("headers");
  if (table == nullptr) return;
  TomlReader names{*table, reader.position_of("headers"), faults};
  for (const TomlMember& member : *table) {
    const auto value = names.text(member.key);
    const bool is_token =
        !member.key.empty() && std::all_of(member.key.begin(), member.key.end(), [](char c) {
          return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                 c == '_';
        });
    const bool has_break = value && value->find_first_of("\r\n") != std::string::npos;
    if (!is_token || has_break) {
      names.fault_of(member.key, "not a header");
    } else if (equal_ignoring_case(member.key, "authorization")) {
      names.fault_of(member.key, "keys do not go into a file: use token_env, token_file or password_env");
    } else if (value) {
      target[member.key] = *value;
    }
  }
}

void read_credentials(TomlReader& reader, slo::PrometheusSource& source) {
  take(reader.text("token_env"), source.token_env);
  take(reader.text("token_file"), source.token_file);
  take(reader.text("user"), source.user);
  take(reader.text("password_env"), source.password_env);
  const int ways = (reader.has("token_env") ? 1 : 0) + (reader.has("token_file") ? 1 : 0) +
                   (reader.has("user") || reader.has("password_env") ? 1 : 0);
  if (ways > 1) reader.fault("only one of token_env, token_file and user with password_env can be given");
  if (reader.has("user") != reader.has("password_env")) reader.fault("user and password_env go together");
}

slo::SamplesSource read_samples(TomlReader& reader) {
  slo::SamplesSource source;
  const auto files = reader.texts("files");
  if (files && files->empty()) reader.fault_of("files", "must not be empty");
  if (!reader.has("files")) reader.fault("files is missing");
  take(files, source.files);
  take(read_seconds(reader, "max_age"), source.max_age);
  return source;
}

slo::ExpositionSource read_exposition(TomlReader& reader) {
  slo::ExpositionSource source;
  read_url(reader, source.url);
  take(reader.text("before"), source.before);
  take(reader.text("after"), source.after);
  const bool by_files = reader.has("before") || reader.has("after");
  if (reader.has("url") == by_files) reader.fault("either url, or before and after, must be given");
  if (by_files && reader.has("before") != reader.has("after")) reader.fault("before and after go together");
  take(reader.duration("interval"), source.interval);
  if (source.interval > hours{1}) reader.fault_of("interval", "1h at most");
  read_timeout(reader, source.timeout);
  return source;
}

slo::PostedSource read_posted(TomlReader& reader) {
  slo::PostedSource source;
  take(read_seconds(reader, "max_age"), source.max_age);
  if (source.max_age > hours{24}) reader.fault_of("max_age", "24h at most");
  return source;
}

}  // namespace

std::optional<slo::Source> read_slo_source(TomlReader& reader, std::vector<TomlFault>& faults,
                                           std::string_view path) {
  slo::Source source;
  const TomlPosition at = reader.has("name") ? reader.position_of("name") : reader.position();
  source.origin = {std::string{path}, at.line, at.column};
  take(reader.text("name"), source.name);
  if (!reader.has("name")) reader.fault("name is missing");
  if (reader.has("name") && !is_slo_name(source.name)) reader.fault_of("name", "not a name");
  const auto kind = reader.choice("kind", {"prometheus", "samples", "exposition", "server"});
  if (!reader.has("kind")) reader.fault("kind is missing");
  if (!kind) return std::nullopt;
  switch (*kind) {
    case 0: source.settings = read_prometheus_source(reader, faults); break;
    case 1: source.settings = read_samples(reader); break;
    case 2: source.settings = read_exposition(reader); break;
    default: source.settings = read_posted(reader);
  }
  reader.refuse_unknown();
  return source;
}

slo::PrometheusSource read_prometheus_source(TomlReader& reader, std::vector<TomlFault>& faults) {
  slo::PrometheusSource source;
  read_url(reader, source.url);
  if (!reader.has("url")) reader.fault("url is missing");
  read_credentials(reader, source);
  read_headers(reader, source.headers, faults);
  take(reader.text("ca_file"), source.ca_file);
  take(read_seconds(reader, "scrape_interval"), source.scrape_interval);
  if (source.scrape_interval > hours{1}) reader.fault_of("scrape_interval", "1h at most");
  take(read_seconds(reader, "max_age"), source.max_age);
  if (source.max_age > hours{24}) reader.fault_of("max_age", "24h at most");
  read_timeout(reader, source.timeout);
  take(reader.flag("tolerate_warnings"), source.tolerate_warnings);
  return source;
}

std::string_view fault_of_url(std::string_view url) {
  constexpr std::size_t kLongest = 2'000;
  const bool http = url.starts_with("http://");
  if (!http && !url.starts_with("https://")) return "expected a URL such as \"http://127.0.0.1:9090\"";
  const std::string_view rest = url.substr(http ? 7 : 8);
  const std::string_view host = rest.substr(0, rest.find('/'));
  if (host.find('@') != std::string_view::npos)
    return "holds credentials: give user, and name the password's variable in password_env";
  const bool plain =
      std::none_of(url.begin(), url.end(), [](char c) { return static_cast<unsigned char>(c) <= ' '; });
  if (host.empty() || !plain || url.size() > kLongest) return "not a URL";
  if (url.find_first_of("?#") != std::string_view::npos) return "ends with its path: no \"?\" and no \"#\"";
  return {};
}

bool is_slo_name(std::string_view name) {
  constexpr std::size_t kLongest = 100;
  const bool plain = std::none_of(name.begin(), name.end(),
                                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  return plain && !name.empty() && name.size() <= kLongest && trim(name) == name;
}

std::optional<seconds> read_seconds(TomlReader& reader, std::string_view key) {
  const auto duration = reader.duration(key);
  if (!duration) return std::nullopt;
  if (duration->count() % 1000 != 0) reader.fault_of(key, "whole seconds only");
  return std::chrono::duration_cast<seconds>(*duration);
}

}  // namespace gate::load
