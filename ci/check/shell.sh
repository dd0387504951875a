#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/../.."
git ls-files -- '*.sh' .ci/run | xargs -r shellcheck --external-sources
