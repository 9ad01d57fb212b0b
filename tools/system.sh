#!/usr/bin/env bash
# Installs the system programs that some tests drive. Debian or Ubuntu, as root.
set -euo pipefail

browser() { type -P chromium || type -P chromium-browser || type -P google-chrome; }

browser >/dev/null && exit 0
if [ "$(id -u)" -ne 0 ] || ! type -P apt-get >/dev/null; then
    echo "chromium is missing: install it with your package manager, or run 'make system' as root on Debian" >&2
    exit 1
fi
echo "installing chromium" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >/dev/null
apt-get install -y -qq --no-install-recommends chromium >/dev/null
browser >/dev/null || { echo "chromium is still missing after apt-get install" >&2; exit 1; }
