#pragma once

#include <string_view>

#include "gate/base/result.h"
#include "gate/load/json.h"
#include "gate/schema/instance.h"

namespace gate::load {

// Reads a YAML 1.2 stream of one document into `instance`, which forgets what it held; offsets count
// bytes from the start of `text`, which must outlive it.
//
// - Scalars mean what the core schema says (10.3.2); !!str, !!int, !!float, !!bool, !!null, !!seq and
//   !!map are held to it, any other tag is refused. Numbers are exact; .inf and .nan are no numbers of
//   JSON and refused.
// - The name of a member is its key's text: `1:` is "1", `true:` "true". Two of the same name are
//   refused, as is a key that is no scalar or that is not there.
// - Anchors, aliases and merge keys are refused: what a document says stands where it is read.
// - A byte order mark, %TAG, YAML 1.1 and U+0085, U+2028 and U+2029, which end a line in YAML 1.1
//   alone, are refused.
//
// Errors: malformed, as `line:column: why`; budget over a limit, for hexadecimal digits beyond 64 bits
// or for an exponent nothing can hold. Time and memory grow with the text alone.
Status read_yaml(std::string_view text, schema::Instance& instance, const JsonLimits& limits = {});

}  // namespace gate::load
