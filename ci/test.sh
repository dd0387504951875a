#!/usr/bin/env bash
# Installs, builds and runs every test. `--full` runs the long ones with their full counts.
set -euo pipefail
cd "$(dirname "$0")/.."

case "${1:-}" in
  "") ;;
  --full) export RELEASE_GATE_FULL=1 ;;
  *)
    echo "usage: ci/test.sh [--full]" >&2
    exit 2
    ;;
esac

ci/setup.sh build unit test
cmake --preset test
cmake --build --preset test
exec ctest --preset test
