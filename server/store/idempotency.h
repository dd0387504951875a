#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "gate/base/result.h"
#include "gate/base/time.h"
#include "server/store/migration.h"
#include "server/store/store.h"

namespace server::store {

// The first answer to a keyed request, and what it was asked: kept in the transaction of its effect.
struct KeyedAnswer {
  std::string id;              // SHA-256 hex over principal, route and Idempotency-Key
  std::string request_sha256;  // of the request's canonical content
  int status = 0;
  std::string content_type;
  std::string body;

  bool operator==(const KeyedAnswer&) const = default;
};

gate::Result<std::optional<KeyedAnswer>> find_keyed_answer(Transaction& transaction, const std::string& id);
gate::Status keep_keyed_answer(Transaction& transaction, const KeyedAnswer& answer, gate::Timestamp at);

// Forgets answers of before `oldest`. Returns how many.
gate::Result<std::int64_t> forget_keyed_answers(Transaction& transaction, gate::Timestamp oldest);

extern const Migration kIdempotencyMigration;

}  // namespace server::store
