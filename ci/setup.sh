#!/usr/bin/env bash
# Installs the packages of the named groups (run build unit test check; default: build) that are
# missing, with apt. It never removes a package: where apt would have to, nothing is changed.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { echo "setup: $*" >&2; }
fail() {
  say "$*"
  exit 2
}

release() {
  # shellcheck source=/dev/null
  . /etc/os-release
  case "$ID" in
    debian) echo "debian-${VERSION_ID:-13}" ;;
    *) echo "$ID-${VERSION_ID:-}" ;;
  esac
}

# The packages of the groups in the column of this release; the newest known one for a stranger.
wanted() {
  local column
  column=$(awk -v release="$(release)" '/^# group/ {for (i = 3; i <= NF; ++i) if ($i == release) print i - 1}' ci/packages.table)
  [ -n "$column" ] || say "$(release) is not in ci/packages.table, taking the names of debian-13"
  awk -v column="${column:-3}" -v groups=" $* " \
    '!/^#/ && index(groups, " " $1 " ") && $column != "-" {print $column}' ci/packages.table
}

# node and npm may come from elsewhere than their Debian packages.
provided() { case "$1" in nodejs) command -v node ;; npm) command -v npm ;; *) false ;; esac >/dev/null; }

missing() {
  local installed package
  installed=$(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' 2>/dev/null | awk '$1 == "ii" {print $2}')
  for package in "$@"; do
    grep -qxF "$package" <<<"$installed" || provided "$package" || echo "$package"
  done
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif [ "${CI:-}" = true ]; then
    sudo -n "$@"
  else
    sudo "$@"
  fi
}

install() {
  local removed
  [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null || fail "no root and no sudo: have an administrator run: apt-get install $*"
  say "installing with apt: $*"
  as_root apt-get update -qq || say "apt-get update failed, trying with the lists at hand"
  removed=$(apt-get -s install --no-install-recommends "$@" | awk '$1 == "Remv" {print $2}' | paste -sd' ') ||
    fail "apt cannot install: $*"
  [ -z "$removed" ] || fail "apt would remove $removed: nothing was changed; remove them yourself, or build in a container"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-remove --no-install-recommends "$@" >&2
}

# The linters and validators that tests run through node; a test without them skips, and says so.
node_modules() {
  local lock=tests/node/package-lock.json
  [ -f "$lock" ] || return 0
  [ ! tests/node/node_modules/.package-lock.json -nt "$lock" ] || return 0
  say "installing the node modules of tests/node"
  npm ci --prefix tests/node --no-audit --no-fund --silent >&2 || say "npm ci failed: the tests that need node will skip"
}

groups=("${@:-build}")
mapfile -t packages < <(wanted "${groups[@]}")
[ "${#packages[@]}" -gt 0 ] || fail "no such group: ${groups[*]} (run build unit test check)"
command -v apt-get >/dev/null || fail "needs apt (Debian 12 or later); install by hand: ${packages[*]}"
mapfile -t absent < <(missing "${packages[@]}")
[ "${#absent[@]}" -eq 0 ] || install "${absent[@]}"
[[ " ${groups[*]} " != *" test "* ]] || node_modules
