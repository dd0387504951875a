#!/usr/bin/env bash
# From a fresh clone to a verdict: installs what is missing, builds the release build, runs a part of
# this repository's own tests and lets the gate judge the result. Exits as the gate does.
set -euo pipefail
cd "$(dirname "$0")/.."

ci/setup.sh build unit
cmake --preset release >/dev/null
cmake --build --preset release --target product unit_base unit_policy

mkdir -p out/quickstart
junit=$PWD/out/quickstart/unit.xml
# A red test is for the gate to judge.
ctest --test-dir build/release -R '^(base|policy)\.' --output-junit "$junit" --output-log out/quickstart/ctest.log \
  --quiet || true

echo
code=0
build/release/bin/gate run --policy ci/gate.toml || code=$?
cat <<END

reports:  out/gate/ (one of each check), out/quickstart/unit.xml (what was judged)
next:     build/release/bin/gate --help          what else it does
          build/release/bin/gate init            a gate.toml for a project of yours
          ci/test.sh                             build and run every test
END
exit "$code"
