#!/usr/bin/env bash
# usage: packaging_test.sh BUILD_FOLDER SOURCE_FOLDER install|deb
set -euo pipefail

build=$1 source=$2 what=$3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

expect() {
  [ "$2" = "$3" ] || { echo "$1: expected '$2', got '$3'"; exit 1; }
}

# From an install prefix, another project finds the library and judges something with it.
check_install() {
  cmake --install "$build" --prefix "$scratch/prefix" >"$scratch/log" || { cat "$scratch/log"; exit 1; }
  cmake -S "$source/tests/integration/consumer" -B "$scratch/consumer" -G Ninja \
    -DCMAKE_PREFIX_PATH="$scratch/prefix" -DCMAKE_BUILD_TYPE=Debug
  cmake --build "$scratch/consumer"
  expect "the whole library" "failed: 1" "$("$scratch/consumer/whole")"
  expect "one layer" "failed: 1" "$("$scratch/consumer/one_layer")"
  ! grep -rF "$source" "$scratch/prefix/lib" --include='*.cmake' || { echo "the package names the checkout"; exit 1; }
}

# The .deb holds binaries that run from where it is unpacked, the schemas and the pages.
check_deb() {
  cpack --config "$build/CPackConfig.cmake" -B "$scratch" >"$scratch/log" || { cat "$scratch/log"; exit 1; }
  local deb
  deb=$(echo "$scratch"/*.deb)
  expect "the package's name" release-gate "$(dpkg-deb -f "$deb" Package)"
  dpkg-deb -x "$deb" "$scratch/unpacked"
  expect "gate --version" "gate $(dpkg-deb -f "$deb" Version)" "$("$scratch/unpacked/usr/bin/gate" --version)"
  local file
  for file in bin/schema-validate bin/test-summary bin/exemption-report share/doc/release-gate/copyright \
    share/release-gate/schemas/release-gate/report.schema.json lib/systemd/system/gate-server.service \
    share/release-gate/alerts/gate-server.yaml; do
    [ -s "$scratch/unpacked/usr/$file" ] || { echo "$file is not in the package"; exit 1; }
  done
}

"check_$what"
