#!/usr/bin/env bash
# usage: tool.sh NAME ARGUMENT...
# Runs one of our binaries: from $RELEASE_GATE_BIN, else from PATH, else the newest one built here.
set -euo pipefail

name=$1
shift
if [ -n "${RELEASE_GATE_BIN:-}" ]; then
  tool=$RELEASE_GATE_BIN/$name
else
  tool=$(command -v "$name" || find "$(dirname "$0")"/../build/*/bin -name "$name" -printf '%T@ %p\n' 2>/dev/null | sort -rn | sed -n '1s/^[^ ]* //p')
fi
if [ ! -x "${tool:-}" ]; then
  echo "$name: not found in \$RELEASE_GATE_BIN, PATH or build/*/bin: ci/quickstart.sh builds it" >&2
  exit 2
fi
exec "$tool" "$@"
