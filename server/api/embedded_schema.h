#pragma once

#include <string_view>

#include "gate/base/value.h"

namespace server::api {

// A schema that is written in the source, as a tree. REQUIRES: JSON.
gate::Value schema_of(std::string_view text);

// The same as a part of a document, in which `#` is the document and no longer the schema: its `$defs` go to
// `shared`, the document's #/components/schemas, under the owner's name ("getThings.reply.thing").
gate::Value embedded_schema(std::string_view text, std::string_view owner, gate::Value& shared);

}  // namespace server::api
