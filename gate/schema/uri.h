#pragma once

#include <string>
#include <string_view>

namespace gate::schema {

// A URI reference cut at its fragment, as written.
struct UriReference {
  std::string uri;       // without '#' and what follows
  std::string fragment;  // without the '#'

  bool operator==(const UriReference&) const = default;
};

UriReference split_fragment(std::string_view reference);

// `reference` seen from `base` (RFC 3986, 5.2), dot segments removed.
std::string resolve_uri(std::string_view base, std::string_view reference);

bool is_absolute_uri(std::string_view uri);

// Why it cannot be a URI reference, nor an IRI reference: "a space", "an ill-formed percent escape";
// empty where it can. Looks at characters only.
std::string why_ill_formed(std::string_view uri);

// A URI, or another name that a schema uses, as messages have it: quoted, cut where it is long.
std::string quoted_name(std::string_view name);

}  // namespace gate::schema
