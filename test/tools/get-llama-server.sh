#!/usr/bin/env bash
# Unpacks llama.cpp's server as Debian packages it (llama.cpp-tools of forky) into DIR, without installing anything on the system, and
# prints the path of its program. The tests against a real model server run when SIGHTLINE_LLAMA_SERVER holds that path:
#
#   SIGHTLINE_LLAMA_SERVER=$(test/tools/get-llama-server.sh /tmp/llama-server) npx vitest run test/model/llama-server.test.ts
#
# Needs a Debian with apt, dpkg-deb and a mirror that has forky; x86-64.
set -euo pipefail

dir=$(mkdir -p "$1" && cd "$1" && pwd)
program=$dir/llama-server

if [ ! -x "$program" ]; then
  apt=$dir/apt
  mkdir -p "$apt"/{lists/partial,cache/archives/partial,etc/preferences.d} "$dir/root"
  # The mirror this Debian is set up with.
  mirror=$( (cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null || true) |
    sed -nE 's/^URIs: *([^ ]+).*/\1/p; s/^deb (\[[^]]*\] )?([^ ]+) .*/\2/p' | head -1)
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror forky main" >"$apt/sources.list"

  # Lists, cache and preferences of our own, so that the system's apt notices nothing.
  options=(
    -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o Dir::Etc::preferencesparts="$apt/etc/preferences.d" -o Dir::State::Lists="$apt/lists"
    -o Dir::Cache="$apt/cache" -o Dir::State::status=/dev/null -o APT::Default-Release=
  )
  apt-get "${options[@]}" -q update >&2
  # Of the dependencies only what the program loads; it brings its own libc, so any Debian will do.
  packages=$(apt-cache "${options[@]}" depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances llama.cpp-tools |
    grep -E '^[a-z]' | sort -u |
    grep -E '^(llama.cpp-tools|libllama|libggml|libc6$|libgcc-s1|libstdc\+\+6|libgomp1|libssl3t64|zlib1g|libzstd1|gcc-[0-9]+-base|libcurl|libmtmd)')
  # shellcheck disable=SC2086
  (cd "$apt/cache" && apt-get "${options[@]}" -q download $packages >&2)
  for deb in "$apt"/cache/*.deb; do dpkg-deb -x "$deb" "$dir/root"; done

  lib=$dir/root/usr/lib/x86_64-linux-gnu
  backends=$(ls -d "$lib"/ggml/backends* | head -1)
  cat >"$program" <<RUN
#!/bin/sh
export GGML_BACKEND_PATH=\${GGML_BACKEND_PATH:-$backends/libggml-cpu-x64.so}
exec "$lib/ld-linux-x86-64.so.2" --library-path "$lib:$lib/llama:$lib/ggml:$backends" "$dir/root/usr/bin/llama-server" "\$@"
RUN
  chmod +x "$program"
  rm -rf "$apt"
fi
echo "$program"
