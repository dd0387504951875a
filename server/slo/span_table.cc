#include "server/slo/span_table.h"

#include <utility>

#include "gate/base/decimal.h"
#include "server/slo/stored_time.h"

namespace server::slo {
namespace {

using gate::Timestamp;
using store::Cell;

Cell end_of(const Span& span) {
  if (!span.ended_at) return std::monostate{};
  return stored(*span.ended_at);
}

Cell worst_of(const Span& span) {
  if (!span.worst) return std::monostate{};
  return gate::Decimal::of(*span.worst).to_string();
}

gate::Result<Span> span_in(const store::Row& row) {
  const auto kind = span_kind_named(row.text(1));
  if (!kind) return gate::Error{gate::ErrorCode::malformed, "slo_spans: a kind that is not known"};
  Span span;
  span.objective = row.text(0);
  span.kind = *kind;
  span.started_at = moment_of(row.integer(2));
  if (!row.is_null(3)) span.ended_at = moment_of(row.integer(3));
  span.service = row.text(4);
  span.enforced = row.integer(5) != 0;
  if (!row.is_null(6)) {
    const auto worst = gate::Decimal::parse(row.text(6));
    if (!worst) return worst.error().within("slo_spans");
    span.worst = worst->nearest_double();
  }
  span.reason = row.text(7);
  span.evaluations = row.integer(8);
  return span;
}

}  // namespace

gate::Status put_span(store::Transaction& transaction, const Span& span) {
  const auto put = transaction.execute(
      "INSERT INTO slo_spans (objective, kind, started_at, ended_at, service, enforced, worst, reason,"
      " evaluations) VALUES (:objective, :kind, :started_at, :ended_at, :service, :enforced, :worst, :reason,"
      " :evaluations) ON CONFLICT (objective, kind, started_at) DO UPDATE SET"
      " ended_at = excluded.ended_at, service = excluded.service, enforced = excluded.enforced,"
      " worst = excluded.worst, reason = excluded.reason, evaluations = excluded.evaluations",
      {{"objective", span.objective},
       {"kind", std::string{name_of(span.kind)}},
       {"started_at", stored(span.started_at)},
       {"ended_at", end_of(span)},
       {"service", span.service},
       {"enforced", std::int64_t{span.enforced ? 1 : 0}},
       {"worst", worst_of(span)},
       {"reason", span.reason},
       {"evaluations", span.evaluations}});
  return put ? gate::done() : put.error();
}

gate::Status put_observation(store::Transaction& transaction, const Observation& observation) {
  const auto put = transaction.execute(
      "INSERT INTO slo_observation (id, since, last_at) VALUES (1, :since, :last_at)"
      " ON CONFLICT (id) DO UPDATE SET since = excluded.since, last_at = excluded.last_at",
      {{"since", stored(observation.since)}, {"last_at", stored(observation.last_at)}});
  return put ? gate::done() : put.error();
}

gate::Result<std::vector<Span>> load_spans(store::Transaction& transaction, Timestamp from,
                                           std::int64_t most) {
  const auto rows = transaction.query(
      "SELECT objective, kind, started_at, ended_at, service, enforced, worst, reason, evaluations"
      " FROM slo_spans WHERE ended_at IS NULL OR ended_at >= :from"
      " ORDER BY started_at DESC, objective, kind LIMIT :most",
      {{"from", stored(from)}, {"most", most}});
  if (!rows) return rows.error();
  std::vector<Span> spans;
  for (const store::Row& row : *rows) {
    auto span = span_in(row);
    if (!span) return span.error();
    spans.push_back(std::move(*span));
  }
  return spans;
}

gate::Result<std::optional<Observation>> load_observation(store::Transaction& transaction) {
  const auto rows = transaction.query("SELECT since, last_at FROM slo_observation WHERE id = 1", {});
  if (!rows) return rows.error();
  if (rows->empty()) return std::optional<Observation>{};
  return std::optional{Observation{moment_of(rows->front().integer(0)), moment_of(rows->front().integer(1))}};
}

gate::Status forget_spans(store::Transaction& transaction, Timestamp oldest) {
  const auto deleted =
      transaction.execute("DELETE FROM slo_spans WHERE ended_at < :oldest", {{"oldest", stored(oldest)}});
  return deleted ? gate::done() : deleted.error();
}

}  // namespace server::slo
