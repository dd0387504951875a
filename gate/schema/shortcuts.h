#pragma once

#include "gate/schema/program.h"

namespace gate::schema {

// Finds the nodes that one comparison decides and says so in them; called once the program is whole. A
// shortcut never decides otherwise than the rules it stands for.
void find_shortcuts(Program& program);

}  // namespace gate::schema
