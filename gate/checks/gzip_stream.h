#pragma once

#include "gate/base/result.h"
#include "gate/load/gzip.h"
#include "gate/ports/files.h"

namespace gate::checks {

// What a gzip'd stream holds. Errors: those of the stream below; malformed where it is no gzip, is
// damaged or ends early, after everything that came before.
class GzipStream final : public ports::ByteStream {
 public:
  explicit GzipStream(ports::ByteStream& below) : below_(below) {}

  Result<std::string_view> next() override;

 private:
  ports::ByteStream& below_;
  load::Gunzip gunzip_;
};

}  // namespace gate::checks
