#!/usr/bin/env bash
# What ci/test.sh does not cover: formatting, linters, sanitizers and fuzzing. Every step runs, so
# that one red does not hide another; named as arguments, only those run.
set -euo pipefail
cd "$(dirname "$0")/.."

steps=("$@")
[ $# -gt 0 ] || steps=(format shell tidy sanitizers fuzz)
for name in "${steps[@]}"; do
  [ -x "ci/check/$name.sh" ] || { echo "check: no such step: $name (format shell tidy sanitizers fuzz)" >&2; exit 2; }
done
ci/setup.sh build unit test check

summary=()
failed=0
for name in "${steps[@]}"; do
  echo "== check $name"
  start=$SECONDS
  word=passed
  "ci/check/$name.sh" || { word=failed; failed=1; }
  summary+=("$(printf '%-11s %s after %d s' "$name" "$word" $((SECONDS - start)))")
done
echo
printf '%s\n' "${summary[@]}"
exit "$failed"
