# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Shared by the scripts: installing what is missing, and building.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

say() { printf '\n== %s\n' "$*"; }
die() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# Installs the Debian packages that are missing, without asking.
need_packages() {
    local missing=()
    command -v dpkg-query >/dev/null ||
        die "packages can be installed automatically on Debian only; install the equivalents of: $*"
    for package in "$@"; do
        dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
            missing+=("$package")
    done
    [ "${#missing[@]}" -eq 0 ] && return
    say "Installing Debian packages: ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

node_is_new_enough() {
    command -v node >/dev/null &&
        node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)'
}

# The npm package of Node.js itself, in build/tools: prints the folder of the program, which runs on every
# system with glibc.
npm_node() {
    local machine tools=$PWD/build/tools
    case "$(uname -m)" in
    x86_64) machine=x64 ;;
    aarch64) machine=arm64 ;;
    *) die "install Node.js 20 or later; there is no npm package of it for $(uname -m)" ;;
    esac
    if [ ! -x "$tools/node_modules/node-linux-$machine/bin/node" ]; then
        say "Installing Node.js 22 from npm, into build/tools" >&2
        mkdir -p "$tools"
        npm install --prefix "$tools" --no-save --loglevel=error "node-linux-$machine@22" >&2
    fi
    printf '%s\n' "$tools/node_modules/node-linux-$machine/bin"
}

# Node.js 20 or later: the installed one, else Debian's, else the npm package of Node.js itself.
need_node() {
    local folder
    command -v npm >/dev/null && node_is_new_enough && return
    command -v npm >/dev/null || need_packages nodejs npm
    node_is_new_enough && return
    folder=$(npm_node)
    PATH="$folder:$PATH"
    node_is_new_enough || die "Node.js 20 or later is needed and could not be installed"
}

need_npm_packages() {
    if [ ! -e node_modules/.package-lock.json ] ||
        [ package-lock.json -nt node_modules/.package-lock.json ]; then
        say "Installing npm packages"
        npm ci --loglevel=error
        touch node_modules/.package-lock.json
    fi
}

# The contents of the npm package: programs that need no shared library except the C library, so that they
# run on other systems too, with the licences of the libraries that are linked into them.
build_npm() {
    build static -DCMAKE_BUILD_TYPE=Release -DPOWERUP_SECRETS_STATIC=ON -DBUILD_TESTING=OFF
    strip build/static/powerup-secrets build/static/powerup-secrets-host
    mkdir -p build/static/licenses
    for library in mbedtls json-c popt sqlite3; do
        cp "/usr/share/doc/lib$library-dev/copyright" "build/static/licenses/$library"
    done
    node runner/build.mjs
}

build_fuzz() {
    build fuzz -DCMAKE_C_COMPILER=clang -DPOWERUP_SECRETS_FUZZ=ON -DPOWERUP_SECRETS_WERROR=ON \
        -DPOWERUP_SECRETS_EXTENSION=OFF -DBUILD_TESTING=OFF
}

# Packages needed to build and to run a browser; used by the scripts that source this file.
# shellcheck disable=SC2034
BUILD_PACKAGES=(gcc libc6-dev make cmake pkg-config libmbedtls-dev libjson-c-dev libpopt-dev libsqlite3-dev)
# shellcheck disable=SC2034
BROWSER_PACKAGES=(fonts-dejavu-core sqlite3)
# shellcheck disable=SC2034
FUZZ_PACKAGES=(clang libclang-rt-dev)
# shellcheck disable=SC2034
BROWSERS=(chromium firefox)

# forget_moved FOLDER: CMake refuses a build folder that was configured under another path, as after the
# clone was moved or copied. Removes that configuration.
forget_moved() {
    local here=$PWD cache=$1/CMakeCache.txt
    [ -e "$cache" ] || return 0
    if ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$here" "$cache" ||
        ! grep -qxF "CMAKE_CACHEFILE_DIR:INTERNAL=$here/$1" "$cache"; then
        say "$1 was configured in another folder and is configured again"
        rm -rf "$cache" "$1/CMakeFiles"
    fi
}

# build FOLDER [CMAKE OPTIONS]: configures and builds below build/.
build() {
    local folder=build/$1
    shift
    forget_moved "$folder"
    say "Building $folder"
    mkdir -p "$folder"
    cmake -S . -B "$folder" "$@" >"$folder/configure.log" || {
        cat "$folder/configure.log"
        die "cmake failed"
    }
    cmake --build "$folder" -j"$(nproc)" >"$folder/build.log" 2>&1 || {
        cat "$folder/build.log"
        die "the build failed"
    }
}
