#pragma once

#include <string_view>

#include "gate/schema/dialect.h"
#include "gate/schema/program.h"

namespace gate::schema {

// The documents of the dialects' meta-schemas are part of the program text; each is read when it is
// first asked for. `uri` without a final '#'; nullptr where it is none of them.
const Source* find_meta_source(std::string_view uri);

// The dialect's meta-schema, compiled when it is first asked for.
const Program& meta_program(const Dialect& dialect);

}  // namespace gate::schema
