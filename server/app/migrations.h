#pragma once

#include <span>

#include "server/store/migration.h"

namespace server::app {

// Every step of the tables, of the store and of all services, in order.
std::span<const store::Migration> migrations();

}  // namespace server::app
