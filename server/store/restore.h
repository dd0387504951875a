#pragma once

#include "gate/base/result.h"
#include "server/store/data_folder.h"

namespace server::store {

// Ends a restore that was broken off after its decision, so that the folder is wholly old or wholly new.
gate::Status finish_restore(const DataFolder& folder);

}  // namespace server::store
