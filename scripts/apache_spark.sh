#!/usr/bin/env bash
# Puts Apache Spark into .venv-spark, an environment of its own: it would hold back the packages of
# .venv. Needs Java 17 or newer.
set -euo pipefail
cd "$(dirname "$0")/.."

stop() {
    printf '\n%s\n' "$1" >&2
    exit 1
}

command -v java >/dev/null ||
    stop "Java 17 is needed for Apache Spark. Install it with: sudo apt install openjdk-17-jre-headless"
[ "$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p')" -ge 17 ] ||
    stop "Apache Spark needs Java 17 or newer; this is $(java -version 2>&1 | head -1)."

wanted="pyspark[connect]==4.3.0"
if [ "$(cat .venv-spark/.installed 2>/dev/null)" != "$wanted" ]; then
    echo "Installing Apache Spark (400 MB, a few minutes the first time) ..."
    rm -rf .venv-spark
    .venv/bin/python -m venv .venv-spark
    .venv-spark/bin/python -m pip install --quiet --disable-pip-version-check "$wanted" ||
        stop "$wanted could not be installed. Is a Python package index reachable?"
    echo "$wanted" >.venv-spark/.installed
fi
