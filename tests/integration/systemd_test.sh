#!/usr/bin/env bash
# usage: systemd_test.sh UNIT BIN_FOLDER
# systemd takes our unit as it is, and finds it shut off from what it does not need.
set -euo pipefail

unit=$1 bin=$2
if ! command -v systemd-analyze >/dev/null; then
  echo "skipped: systemd-analyze is not installed (apt-get install systemd)"
  [ "${CI:-}" != true ] || exit 1
  exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# A program that is not installed here is no fault of the unit.
sed 's,^ExecStart=[^ ]*,ExecStart=/bin/true,; s,^Documentation=.*,,' "$unit" >"$scratch/gate-server.service"

verify() { systemd-analyze verify --man=no --recursive-errors=no "$1" 2>&1; }

said=$(verify "$scratch/gate-server.service") || { echo "not accepted: $said"; exit 1; }
[ -z "$said" ] || { echo "warned of: $said"; exit 1; }

mkdir "$scratch/broken"
sed 's/^Restart=.*/Restart=sometimes/' "$scratch/gate-server.service" >"$scratch/broken/gate-server.service"
[ -n "$(verify "$scratch/broken/gate-server.service")" ] || { echo "a broken unit was accepted"; exit 1; }

# 0 is shut off from everything, 10 from nothing; ours is in tenths.
systemd-analyze security --offline=true --threshold=20 --no-pager "$scratch/gate-server.service" >"$scratch/security" ||
  { tail -1 "$scratch/security"; exit 1; }
tail -1 "$scratch/security"

if [ -x "$bin/gate-server" ]; then
  "$bin/gate-server" serve --help >"$scratch/help"
  grep "^ExecStart=" "$unit" | grep -o -- " --[a-z-]*" | while read -r option; do
    grep -q -- "$option" "$scratch/help" || { echo "gate-server has no$option"; exit 1; }
  done
fi
