#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "gate/load/sample_fields.h"
#include "gate/slo/sample.h"

namespace gate::load {

// Whether a line is one that HAProxy writes to its log.
bool is_haproxy_line(std::string_view line);

// Reads lines of HAProxy's `option httplog` (Configuration Manual 2.6, 8.2.3), and what `option httpslog`
// appends, as samples, with or without what syslog puts in front:
//
//   client:port [accept date] frontend backend/server TR/Tw/Tc/Tr/Ta status bytes … "request"
//
// The latency is Ta (Tt of older proxies). Status -1 is no answer, and neither is one below 500 that the
// server broke off or was too slow with: a termination state that begins with S or s. The accept date has no
// zone: the offset of a RFC 3339 date in front counts, else UTC. A backend or server whose name holds
// "canary" is the canary, any other server `otherwise`; a request without server is of the backend's track.
class HaproxySampleReader {
 public:
  explicit HaproxySampleReader(slo::Track otherwise) : otherwise_(otherwise) {}

  // What a line is that is neither sample nor fault: what HAProxy says of itself, and connections that ended
  // before a request came.
  struct NoRequest {};
  using Line = std::variant<slo::Sample, NoRequest, LineFault>;

  // The sample's client points into `line`.
  Line read(std::string_view line);

 private:
  std::optional<LineFault> set_front(std::string_view line, std::size_t date, slo::Sample& sample);

  MomentReader moments_;
  slo::Track otherwise_;
};

}  // namespace gate::load
