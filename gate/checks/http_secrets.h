#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gate/base/result.h"
#include "gate/ports/environment.h"
#include "gate/ports/files.h"
#include "gate/slo/source.h"

namespace gate::checks {

// How a server is reached, and what of it no message, record or report may show.
struct HttpAccess {
  std::string url;  // without a slash at the end
  std::vector<std::pair<std::string, std::string>> headers;
  std::string ca_file;
  std::vector<std::string> secrets;
};

// Reads the credentials that a source names. Errors: usage for a URL that is none or holds credentials, for a
// variable that is not set, and for two kinds of credentials at once; those of Files for a token file. No
// message holds a secret.
Result<HttpAccess> http_access(const slo::PrometheusSource& source, const ports::Environment& environment,
                               const ports::Files& files);

// The URL as far as it may be shown. Error: usage where it is none, or holds credentials, a query or a
// fragment.
Result<std::string> base_url(std::string_view url);

// The text with `***` in place of every secret.
std::string redacted(std::string text, const std::vector<std::string>& secrets);

}  // namespace gate::checks
