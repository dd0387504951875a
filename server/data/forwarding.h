#pragma once

#include <string>

#include "gate/base/result.h"
#include "server/data/services.h"
#include "server/http/message.h"

namespace server::data {

// Which of a service's versions answers.
enum class Track { stable, canary };
std::string_view name_of(Track track);  // "stable"

// The headers of a request that its service gets: what content and caches need, and what ties logs together.
// Never a key of ours, a cookie, or what is meant for one connection.
http::Headers forwarded_headers(const http::Head& head);

// A service's answer as ours: its status, body and what describes them, in values that are fit to be sent,
// and who answered. A browser that is shown it runs nothing of it.
http::Response forwarded_answer(http::Response reply, const Service& service, Track track);

}  // namespace server::data
