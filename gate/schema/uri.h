#pragma once

#include <optional>
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

// Where a schema without an absolute identifier says it is: the path of its file as a URI of a scheme of
// ours, so that a relative reference in it becomes that of a file. Steps above the working directory stay,
// as `%2E%2E` (RFC 3986 would drop them), and a path from the root begins with `%2F`.
std::string document_uri(std::string_view path);
// nullopt for a URI that is none of these, or has an ill-formed escape.
std::optional<std::string> document_path(std::string_view uri);

// Why it cannot be a URI reference, nor an IRI reference: "a space", "an ill-formed percent escape";
// empty where it can. Looks at characters only.
std::string why_ill_formed(std::string_view uri);

// A URI, or another name that a schema uses, as messages have it: quoted, cut where it is long.
std::string quoted_name(std::string_view name);

}  // namespace gate::schema
