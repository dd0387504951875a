#!/usr/bin/env bash
# usage: server_documents_test.sh BIN_FOLDER SOURCE_FOLDER
# What a running server says of itself, before the tools of others: its API description, and its metrics, among
# which are those that the alerts are about.
set -euo pipefail

bin=$1 source=$2
for program in curl promtool; do
  if ! command -v "$program" >/dev/null; then
    echo "skipped: $program is not installed (apt-get install curl prometheus)"
    [ "${CI:-}" != true ] || exit 1
    exit 77
  fi
done

scratch=$(mktemp -d)
"$bin/gate-server" --data "$scratch/state" --demo --listen 127.0.0.1:0 --first-key-file "$scratch/key" \
  >"$scratch/out" 2>"$scratch/log" &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$scratch"' EXIT
for _ in $(seq 200); do
  grep -q '^ready: ' "$scratch/out" && break
  sleep 0.05
done
url=$(sed -n 's/^ready: \([^,]*\),.*/\1/p' "$scratch/out")
[ -n "$url" ] || { echo "the server did not start"; cat "$scratch/log"; exit 1; }

curl -sSf "$url/openapi.json" >"$scratch/openapi.json"
"$source/tests/node/run.sh" openapi.mjs "$scratch/openapi.json" || {
  status=$?
  [ "$status" -eq 77 ] || exit "$status"
}

# What counts from outside may appear a moment after the start.
metrics() { curl -sSf -H "X-API-Key: $(cat "$scratch/key")" "$url/metrics"; }
for _ in $(seq 100); do
  metrics >"$scratch/metrics"
  grep -q '^release_gate_audit_rows ' "$scratch/metrics" && break
  sleep 0.05
done
promtool check metrics <"$scratch/metrics"

# The control of rollouts, which is not part of the server yet, brings the last two.
grep -o 'release_gate_[a-z_]*' "$source/server/alerts.yaml" | sort -u | while read -r name; do
  case "$name" in release_gate_rollbacks_total | release_gate_rollbacks_stuck) continue ;; esac
  grep -q "^${name}[{ ]" "$scratch/metrics" || { echo "an alert is about $name, which the server does not have"; exit 1; }
done
echo "the documents of $url hold"
