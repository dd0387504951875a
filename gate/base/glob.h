#pragma once

#include <string_view>

namespace gate {

// Whether `path` matches `pattern`, both anchored at both ends and case-sensitive.
//   *   any run of characters within one segment (no '/')
//   **  any run of segments, none included, when it is a whole segment; else like *
//   ?   one character that is not '/'
//   everything else stands for itself
// Takes O(pattern × path) steps at worst, whatever the pattern.
bool glob_matches(std::string_view pattern, std::string_view path);

// Whether some path matches both patterns. Takes O(a × b) steps.
bool globs_intersect(std::string_view a, std::string_view b);

// Whether `text` holds a wildcard at all.
bool is_glob(std::string_view text);

// The leading folders of `pattern` that hold no wildcard: "a/b" of "a/b/*/c.xml", "" of "*.xml".
std::string_view glob_root(std::string_view pattern);

}  // namespace gate
