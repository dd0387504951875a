#pragma once

#include <functional>
#include <string>
#include <variant>

#include "gate/base/result.h"
#include "gate/ports/clock.h"
#include "server/api/call.h"
#include "server/api/problem.h"
#include "server/store/audit.h"
#include "server/store/store.h"

namespace server::api {

// What a mutating request did, decided within its transaction.
struct Change {
  http::Response answer;          // kept with the Idempotency-Key, and given again to who sends it again
  store::AuditEntry audit;        // action, subject, reason, before, after; who and how is filled in. Without
                                  // an action nothing was changed: there is no row
  std::function<void()> publish;  // shows it to readers in memory, once it is durable and before the answer
};

// Reads and writes within the transaction, and says what it did. A Problem undoes it all and is not kept.
using Decide = std::function<gate::Result<std::variant<Change, Problem>>(store::Transaction&)>;

// Does a change at most once: replays the kept answer of the same Idempotency-Key (`Idempotency-Replayed:
// true`), refuses the key with another request (422 idempotency_key_reused), else decides, appends to the
// audit log and keeps the answer, all in one transaction. The answer is sent when it is durable. A full queue
// or disk is 503 and not done; a failed commit is 503 `outcome_unknown`: ask again with the same key.
void make_change(store::Store& store, const gate::ports::Clock& clock, Call call, Decide decide,
                 const http::Responder& respond);

// The same for what the server does by itself ("system"), without an answer. `done`, where given, is called
// as store::Done is.
using SystemDecide = std::function<gate::Result<Change>(store::Transaction&)>;
void make_system_change(store::Store& store, const gate::ports::Clock& clock, SystemDecide decide,
                        std::function<void(const gate::Status&)> done = {});

}  // namespace server::api
