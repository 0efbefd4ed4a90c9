#!/usr/bin/env bash
# The command line in a pipe: reads the sample receipt and picks its total. Needs a build (`npx -y pnpm@12 run build`) and checks itself.
set -euo pipefail
cd "$(dirname "$0")"
total="$(node ../packages/cli/dist/sightline.js extract-text --backend none samples/receipt.png | sed -n 's/^TOTAL GBP *//p')"
echo "The receipt's total: $total"
[ "$total" = "21.05" ]
