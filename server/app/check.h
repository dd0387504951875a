#pragma once

#include <vector>

#include "gate/base/error.h"
#include "server/app/app.h"

namespace server::app {

// What is wrong with what the settings name: the register, its rules, the objectives, addresses, TLS, the
// log. Reads files, binds nothing and touches nothing.
std::vector<gate::Error> check_files(const Settings& settings, const World& world);

// The same, and what a start does not end at: a certificate that is not valid now.
std::vector<gate::Error> check_all(const Settings& settings, const World& world);

}  // namespace server::app
