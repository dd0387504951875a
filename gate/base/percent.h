#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gate {

// Percent-encoding (RFC 3986, 2.1) of everything but letters, digits and `-._~`: right in the query of a URL
// and in a form.
std::string percent_encoded(std::string_view text);

// nullopt for an ill-formed escape. A `+` stays one.
std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace gate
