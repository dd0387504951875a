#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gate/base/time.h"
#include "gate/base/value.h"
#include "server/limits/limiter.h"

namespace server::limits {

// What the service shows, as JSON. Lists are bounded; what was left out is counted.
gate::Value shown(const Override& made);
gate::Value shown(const std::vector<Override>& overrides);
gate::Value shown_classes(const Limiter& limiter, const Holder& holder);
gate::Value shown_endpoints(const Limiter& limiter, const Holder& holder,
                            const std::vector<std::string>& endpoints);
gate::Value shown_defaults();

// "buckets" of all keys and "buckets_omitted".
void show_buckets(gate::Value& body, const std::vector<BucketState>& buckets);

// Refusals since `from`: "refused", "by_limit", "minutes" …; those of one owner, or of all where it is empty.
gate::Value shown_events(const RefusedSince& refused, std::string_view owner);

// Differs where the list does.
std::string etag_of(const std::vector<Override>& overrides);

}  // namespace server::limits
