#!/usr/bin/env bash
# Installs the system programs that some tests drive. Debian or Ubuntu, as root.
set -euo pipefail

# program and the package that brings it
declare -A NEEDED=([chromium]=chromium [soffice]=libreoffice-calc-nogui [pdftotext]=poppler-utils)

there() {
    case $1 in
        chromium) type -P chromium || type -P chromium-browser || type -P google-chrome ;;
        soffice) type -P soffice || type -P libreoffice ;;
        *) type -P "$1" ;;
    esac >/dev/null
}

missing=() packages=()
for program in "${!NEEDED[@]}"; do
    there "$program" || { missing+=("$program"); packages+=("${NEEDED[$program]}"); }
done
[ ${#missing[@]} -gt 0 ] || exit 0
if [ "$(id -u)" -ne 0 ] || ! type -P apt-get >/dev/null; then
    echo "missing: ${missing[*]}; install them with your package manager, or run 'make system' as root on Debian" >&2
    exit 1
fi
echo "installing ${packages[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >/dev/null
apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
for program in "${missing[@]}"; do
    there "$program" || { echo "$program is still missing after apt-get install" >&2; exit 1; }
done
