# shellcheck shell=bash
# Sourced by tests: a scratch folder, and in it a fresh `gate-server --demo`. Both are gone when the shell ends.

scratch=$(mktemp -d)
server=
stop_demo() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  server=
}
trap 'stop_demo; rm -rf "$scratch"' EXIT

# need PROGRAM…: skips the test where one is not there.
need() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null && continue
    echo "skipped: $program is not there: apt-get install $program"
    if [ "${CI:-}" = true ]; then exit 1; fi
    exit 77
  done
}

# start_demo DATA: sets CCT_URL and X_API_KEY to what it prints when it is ready.
start_demo() {
  "$RELEASE_GATE_BIN_DIR/gate-server" --data "$1" --listen 127.0.0.1:0 --demo \
    >"$scratch/said" 2>"$scratch/log" &
  server=$!
  for _ in $(seq 100); do
    grep -q '^ready' "$scratch/said" && break
    kill -0 "$server" 2>/dev/null || break
    sleep 0.05
  done
  grep -q '^ready' "$scratch/said" || { echo "the server did not start:"; cat "$scratch/said" "$scratch/log"; exit 1; }
  CCT_URL=$(grep -o 'http://127[^ ]*' "$scratch/said" | head -n 1)
  X_API_KEY=$(grep -o 'rgk_demo_[A-Za-z0-9_]*' "$scratch/said" | head -n 1)
  export CCT_URL X_API_KEY
}
