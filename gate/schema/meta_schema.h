#pragma once

#include "gate/schema/dialect.h"
#include "gate/schema/program.h"

namespace gate::schema {

// The dialect's meta-schema, which is part of the program text.
const Source& meta_source(const Dialect& dialect);

// The same, compiled.
const Program& meta_program(const Dialect& dialect);

}  // namespace gate::schema
