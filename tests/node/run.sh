#!/bin/sh
# run.sh SCRIPT [ARGUMENT…]: a check of ours that needs node and the modules of package.json. Without
# them it says so and exits 77, which ctest shows as skipped; under CI=true that is a failure.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
absent=
command -v node >/dev/null || absent="node is not installed (apt-get install nodejs npm)"
[ -n "$absent" ] || [ -d "$here/node_modules" ] || absent="its modules are not installed (npm ci --prefix tests/node)"
if [ -n "$absent" ]; then
  echo "skipped: $absent"
  [ "$CI" != true ] || exit 1
  exit 77
fi
script=$1
shift
exec node "$here/$script" "$@"
