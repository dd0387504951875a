#pragma once

#include "gate/load/openslo_objects.h"

namespace gate::load {

// Adds the objectives of an SLO to `world.set.objectives`; its faults go to its file's.
void read_openslo_slo(const OpenSloObject& slo, OpenSloWorld& world);

}  // namespace gate::load
