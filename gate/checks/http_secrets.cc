#include "gate/checks/http_secrets.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "gate/base/text.h"

namespace gate::checks {
namespace {

constexpr std::uint64_t kMaxTokenFile = 64 * 1024;
// A shorter header value is a name of everyday, and blanking it out would ruin every message.
constexpr std::size_t kShortestHeaderSecret = 4;

// RFC 4648, 4.
std::string base64(std::string_view text) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += 3) {
    const std::string_view bytes = text.substr(at, 3);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i)
      group = (group << 8U) | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      out += i <= bytes.size() ? kDigits[(group >> (18 - 6 * i)) & 63U] : '=';
  }
  return out;
}

Error usage(std::string message) {
  return Error{ErrorCode::usage, std::move(message)};
}

Result<std::string> variable(std::string_view setting, const std::string& name,
                             const ports::Environment& environment) {
  const auto value = environment.get(name);
  if (!value) return usage(fmt::format("{}: the variable {} is not set", setting, name));
  if (trim(*value).empty()) return usage(fmt::format("{}: the variable {} is empty", setting, name));
  return std::string{trim(*value)};
}

Result<std::string> token_of(const slo::PrometheusSource& source, const ports::Environment& environment,
                             const ports::Files& files) {
  if (!source.token_env.empty()) return variable("token_env", source.token_env, environment);
  const auto text = files.read(source.token_file, kMaxTokenFile);
  if (!text) return text.error().within("token_file");
  if (trim(*text).empty()) return usage(fmt::format("token_file: {} is empty", source.token_file));
  return std::string{trim(*text)};
}

void authorize(HttpAccess& access, std::string_view scheme, const std::string& credentials) {
  access.headers.emplace_back("Authorization", fmt::format("{} {}", scheme, credentials));
  access.secrets.push_back(credentials);
}

Status add_credentials(HttpAccess& access, const slo::PrometheusSource& source,
                       const ports::Environment& environment, const ports::Files& files) {
  const bool has_token = !source.token_env.empty() || !source.token_file.empty();
  if (has_token && !source.user.empty()) return usage("a token and a user: one of them is wanted");
  if (!source.token_env.empty() && !source.token_file.empty())
    return usage("token_env and token_file: one of them is wanted");
  if (has_token) {
    const auto token = token_of(source, environment, files);
    if (!token) return token.error();
    authorize(access, "Bearer", *token);
  }
  if (!source.user.empty()) {
    const auto password = variable("password_env", source.password_env, environment);
    if (!password) return password.error();
    access.secrets.push_back(*password);
    authorize(access, "Basic", base64(source.user + ":" + *password));
  }
  return done();
}

}  // namespace

Result<std::string> base_url(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::string_view name = url.substr(0, scheme);
  if (scheme == std::string_view::npos || (name != "http" && name != "https"))
    return usage("url: http:// or https:// is wanted");
  const std::string_view rest = url.substr(scheme + 3);
  if (rest.find('@') != std::string_view::npos)
    return usage("url: it holds a user or a password, which belong into user and password_env");
  if (rest.find_first_of("?#") != std::string_view::npos)
    return usage("url: a query or a fragment has no place in it");
  if (rest.empty() || rest.front() == '/') return usage("url: it names no host");
  while (url.ends_with('/')) url.remove_suffix(1);
  return std::string{url};
}

Result<HttpAccess> http_access(const slo::PrometheusSource& source, const ports::Environment& environment,
                               const ports::Files& files) {
  const auto url = base_url(source.url);
  if (!url) return url.error();
  HttpAccess access;
  access.url = *url;
  access.ca_file = source.ca_file;
  for (const auto& [name, value] : source.headers) {
    access.headers.emplace_back(name, value);
    if (value.size() >= kShortestHeaderSecret) access.secrets.push_back(value);
  }
  if (auto added = add_credentials(access, source, environment, files); !added) return added.error();
  // The longest first: one may be part of another.
  std::sort(access.secrets.begin(), access.secrets.end(),
            [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
  return access;
}

std::string redacted(std::string text, const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) text = replace_all(text, secret, "***");
  return text;
}

}  // namespace gate::checks
