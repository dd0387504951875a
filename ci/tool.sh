# shellcheck shell=bash
# What the wrappers share. They run our binaries from the repository's root, so that reports, policy
# and exemptions name files the same way wherever the wrapper was called from.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")

# A path or glob as the caller gave it, seen from the root.
from_root() { realpath --no-symlinks --canonicalize-missing --relative-base="$root" -- "$1"; }

# Becomes one of our binaries: from $RELEASE_GATE_BIN, else from PATH, else the newest one built here.
run_tool() {
  local name=$1 tool
  shift
  if [ -n "${RELEASE_GATE_BIN:-}" ]; then
    tool=$(realpath -- "$RELEASE_GATE_BIN")/$name
  else
    tool=$(command -v "$name" || find "$root"/build/*/bin -name "$name" -printf '%T@ %p\n' 2>/dev/null | sort -rn | sed -n '1s/^[^ ]* //p')
  fi
  if [ ! -x "$tool" ]; then
    echo "$name: not found in \$RELEASE_GATE_BIN, PATH or build/*/bin: ci/quickstart.sh builds it" >&2
    exit 2
  fi
  cd "$root" || exit
  exec "$tool" "$@"
}

# The comment at the top of the calling script.
usage() {
  sed -n '2,/^[^#]/s/^# //p' "$0" >&2
  exit 2
}
