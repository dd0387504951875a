#include "gate/platform/descriptor.h"

#include <unistd.h>

namespace gate::platform {

void Descriptor::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

}  // namespace gate::platform
