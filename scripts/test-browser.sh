#!/usr/bin/env bash
# Tests the pages in Chromium. What it needs (Chromium, node with npm, two npm packages) it
# fetches where it can: the packages by npm, Chromium by apt where we are root. Where something
# cannot be had it says so, and is content; with REQUIRE_BROWSER=1 it fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
program=$(realpath "$1")
shift

skip() {
    echo "test-browser: skipped: $1"
    [ -z "${REQUIRE_BROWSER:-}" ]
    exit
}

for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [ -n "$name" ] && command -v "$name" >/dev/null; then
        CHROMIUM=$(command -v "$name")
        break
    fi
done
if [ -z "${CHROMIUM:-}" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "test-browser: installing chromium"
    if apt-get install -y --no-install-recommends chromium >/dev/null 2>&1; then CHROMIUM=$(command -v chromium); fi
fi
[ -n "${CHROMIUM:-}" ] || skip "no Chromium; install it, or name it with CHROMIUM=PATH"
export CHROMIUM
command -v node >/dev/null && command -v npm >/dev/null || skip "no node with npm; install nodejs"
if ! [ -d tests/browser/node_modules/playwright-core ]; then
    export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
    (cd tests/browser && npm ci --no-audit --no-fund >/dev/null 2>&1) || skip "npm could not fetch the packages of tests/browser"
fi
exec node tests/browser/run.mjs "$program" "$@"
