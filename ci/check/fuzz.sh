#!/usr/bin/env bash
# Every fuzz target for $RELEASE_GATE_FUZZ_SECONDS (20) seconds, from its seeds and what earlier runs
# found. The input that breaks one is left in out/fuzz/. $RELEASE_GATE_FUZZ_SEED (1) chooses the walk: with
# the same one a change is held against the same inputs, so that red is the change's; 0 takes a new walk.
set -euo pipefail
cd "$(dirname "$0")/../.."

fuzz() {
  local target=$1 seeds=tests/fuzz/corpus/${1#fuzz_} found=build/fuzz/corpus/$1 log=out/fuzz/$1.log
  mkdir -p "$found" out/fuzz
  local corpora=("$found")
  [ ! -d "$seeds" ] || corpora+=("$seeds")
  if "build/fuzz/bin/$target" -max_total_time="${RELEASE_GATE_FUZZ_SECONDS:-20}" -seed="${RELEASE_GATE_FUZZ_SEED:-1}" \
    -timeout=10 -rss_limit_mb=2048 \
    -artifact_prefix="out/fuzz/$target-" "${corpora[@]}" >"$log" 2>&1; then
    echo "$target: $(tail -n 1 "$log")"
  else
    tail -n 40 "$log"
    echo "$target: failed, its input lies in out/fuzz/"
    return 1
  fi
}
export -f fuzz

cmake --preset fuzz >/dev/null
mapfile -t targets < <(cmake --build build/fuzz --target help | sed -n 's/^\(fuzz_[a-z0-9_]*\): phony$/\1/p')
[ "${#targets[@]}" -gt 0 ] || { echo "there is no fuzz target"; exit 1; }
cmake --build build/fuzz --target "${targets[@]}"
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I{} bash -c 'fuzz {}'
