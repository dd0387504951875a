#pragma once

#include <string>
#include <string_view>

#include "gate/base/result.h"
#include "gate/base/value.h"
#include "server/commands/options.h"

namespace server::commands {

// What the owner of a data folder asks of whoever holds it: the server that runs, through its control socket,
// or else the state itself, which is opened for that one request. Returns the answer's JSON. Errors: refused
// where the server said no, with its reason; unconfirmed where it may have been done; usage, io.
gate::Result<gate::Value> ask_owner(const DataOptions& where, std::string_view method,
                                    const std::string& target, const gate::Value& body,
                                    gate::cli::Context& io);

// "DIR/control.sock".
std::string control_socket_of(const std::string& data);

}  // namespace server::commands
