#pragma once

#include <string>

#include "gate/base/result.h"
#include "gate/base/time.h"
#include "gate/ports/files.h"

namespace server::app {

// What `--demo` puts into DATA/demo, to look at and to change: an exemption register and objectives. Files
// that are there stay as they are.
struct DemoFiles {
  std::string register_file;
  std::string objectives_file;
};
gate::Result<DemoFiles> write_demo_files(const gate::ports::Files& files, const std::string& data,
                                         gate::Date today);

}  // namespace server::app
