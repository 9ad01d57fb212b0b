#!/usr/bin/env bash
# Installs the system programs that some tests drive. Debian or Ubuntu, as root.
set -euo pipefail

chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

if chromium >/dev/null; then
    exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "chromium is missing: install it with your package manager, or run 'make system' as root on Debian" >&2
    exit 1
fi
echo "installing chromium" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >/dev/null
apt-get install -y -qq --no-install-recommends chromium >/dev/null
chromium >/dev/null || { echo "chromium is still missing after apt-get install" >&2; exit 1; }
