#!/usr/bin/env bash
# Entry of `npm run test:e2e`: bash test/e2e/run.sh [ui|node|web]... ; see README.md beside it.
set -euo pipefail
exec node "$(dirname "${BASH_SOURCE[0]}")/run.mjs" "$@"
