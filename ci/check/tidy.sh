#!/usr/bin/env bash
# clang-tidy over what changed since $RELEASE_GATE_CHECK_BASE, by default since the branch point, or
# since the commit before where there is none.
set -euo pipefail
cd "$(dirname "$0")/../.."

most=${RELEASE_GATE_CHECK_FILES:-60}  # some 10 s each

base=${RELEASE_GATE_CHECK_BASE:-$(git merge-base HEAD origin/main 2>/dev/null || true)}
if [ -z "$base" ] || [ "$(git rev-parse "$base")" = "$(git rev-parse HEAD)" ]; then
  base=$(git rev-parse --quiet --verify HEAD~1 || git hash-object -t tree /dev/null)
fi
changed=$(git diff --name-only --diff-filter=d "$base" -- '*.cc' '*.h')

# The changed .cc files, then the ones that include a changed header.
affected() {
  grep '\.cc$' <<<"$changed" || true
  grep '\.h$' <<<"$changed" | sed 's/.*/#include "&"/' | git grep -lFf - -- '*.cc' || true
}
mapfile -t files < <(affected | grep -E '^(gate|canary|exemptions|server)/' | awk '!seen[$0]++')
if [ "${#files[@]}" -gt "$most" ]; then
  echo "looking at $most of ${#files[@]} files; RELEASE_GATE_CHECK_FILES raises the bound"
  files=("${files[@]:0:most}")
fi
[ "${#files[@]}" -gt 0 ] || { echo "no source file changed since $base"; exit; }

cmake --preset tidy >/dev/null
printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -n 2 clang-tidy -p build/tidy --quiet
