#!/usr/bin/env bash
# Makes a machine able to run everything here: system packages, then two virtual environments.
# May be run again at any time: what is present is left alone, and a stamp makes the second run instant.
set -euo pipefail
cd "$(dirname "$0")/../.."

packages_file=provisioning/image/debian-packages.txt
locks=(requirements.lock tests/crosscheck/requirements.lock provisioning/node/package-lock.json)

say() { printf '\033[1m[setup]\033[0m %s\n' "$*"; }
fail() { printf '[setup] %s\n' "$*" >&2; exit 3; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else fail "not root and no sudo: run this as root first: $*"
    fi
}

# Some packages of Node.js bring npm themselves, and Debian's npm would refuse to stand beside them.
is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ] ||
        { [ "$1" = npm ] && command -v npm >/dev/null; }
}

usable_python() { "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local candidate
    for candidate in ${PYTHON:+"$PYTHON"} python3.11 python3; do
        if usable_python "$candidate"; then echo "$candidate"; return 0; fi
    done
    return 1
}

install_system_packages() {
    if ! command -v dpkg-query >/dev/null; then
        say "not a Debian system: install the equivalents of $packages_file yourself"
        return
    fi
    local missing=() name
    while read -r name _; do
        case "$name" in ''|'#'*) continue ;; esac
        is_installed "$name" || missing+=("$name")
    done < "$packages_file"
    find_python >/dev/null || missing+=(python3 python3-venv)
    [ ${#missing[@]} -gt 0 ] || return 0
    say "system packages to install: ${missing[*]}"
    # Another package job may hold the lock for a while on a machine that has just started.
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3)
    as_root "${apt[@]}" update -q
    as_root "${apt[@]}" install -y -q --no-install-recommends "${missing[@]}"
}

# The stamp names everything an environment is made from; any change of it makes the environment again.
stamp_of() { { "$1" --version; pwd; ls -d -- */__init__.py; cat pyproject.toml "${locks[@]}"; } | sha256sum | cut -d" " -f1; }

make_environment() {  # folder, lock
    [ -x "$1/bin/python" ] || { say "virtual environment $1"; "$python" -m venv "$1"; }
    say "packages of $2"
    "$1/bin/python" -m pip install --no-input --disable-pip-version-check --require-hashes -r "$2"
}

make_node_folder() {  # programs of others in JavaScript, for the tests and the demonstration only
    say "packages of provisioning/node"
    mkdir -p .node
    cp provisioning/node/package.json provisioning/node/package-lock.json .node/
    npm ci --prefix .node --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
}

install_system_packages
python=$(find_python) || fail "Python 3.11 or newer, with venv, is needed"
stamp=$(stamp_of "$python")
if [ "$(cat .venv/setup-stamp 2>/dev/null)" = "$stamp" ] && [ -x .venv-crosscheck/bin/python ] &&
    [ -d .node/node_modules ]; then
    say "nothing to do"
    exit 0
fi
make_environment .venv requirements.lock
make_environment .venv-crosscheck tests/crosscheck/requirements.lock
make_node_folder
say "the project itself, editable"
# Built with the locked setuptools: build isolation would fetch one that no hash protects.
PYTHONWARNINGS=ignore .venv/bin/python -m pip install --no-input --disable-pip-version-check --no-index --no-deps --no-build-isolation -q -e .
echo "$stamp" > .venv/setup-stamp
say "ready: make demo, make test"
