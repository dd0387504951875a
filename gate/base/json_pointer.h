#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gate {

// JSON pointers (RFC 6901), as text: "" is the whole document, "/a~1b/0" its member "a/b", element 0.

// Appends one reference token, escaped.
void append_token(std::string& pointer, std::string_view token);
void append_token(std::string& pointer, std::size_t index);

// The unescaped tokens; nullopt where `pointer` is not one.
std::optional<std::vector<std::string>> parse_pointer(std::string_view pointer);

// The pointer in a URI fragment without its '#': percent-encoding undone (RFC 6901, 6). nullopt for
// an ill-formed escape.
std::optional<std::string> pointer_from_fragment(std::string_view fragment);

// The index an array token names: digits without a leading zero; nullopt for anything else.
std::optional<std::size_t> array_index(std::string_view token);

// How many tokens `pointer` has.
std::size_t pointer_depth(std::string_view pointer);

}  // namespace gate
