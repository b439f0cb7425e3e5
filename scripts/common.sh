# Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# shellcheck shell=bash
#
# What scripts/demo and scripts/test share: install what is missing, configure
# and build. Made for Debian 12; elsewhere the packages are named and left to
# the user. Sourced, not run.

set -euo pipefail
started_in=$PWD
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf '== %s\n' "$*"; }
fail() { printf '%s: error: %s\n' "$(basename "$0")" "$*" >&2; exit 2; }

# as_root COMMAND...
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo > /dev/null; then
    sudo "$@"
  else
    fail "not root and no sudo; run this as root: $*"
  fi
}

# The packages to build and run for the LLVM versions given.
packages_of() {
  local version
  echo cmake ninja-build ccache python3 g++
  for version; do
    echo "clang-$version" "clang-tidy-$version" "libclang-$version-dev" "llvm-$version-dev"
  done
}

# What the tests need beyond that: FileCheck and lit, sanitizers, gtest...
test_packages_of() {
  local version
  packages_of "$@"
  echo git binutils libgtest-dev libbenchmark-dev libtbb-dev valgrind
  # The models of larger libraries (libboost-dev, libboost-thread-dev,
  # qt6-base-dev, libgrpc++-dev) are tested where these are installed.
  echo libabsl-dev libuv1-dev libglib2.0-dev
  for version; do
    echo "llvm-$version-tools" "libclang-rt-$version-dev"
  done
}

is_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2> /dev/null)" = installed ]
}

# install PACKAGE...: those that are missing.
install() {
  local package missing=()
  if ! command -v apt-get > /dev/null; then
    say "No apt-get here. These Debian packages are needed, under whatever name: $*"
    return
  fi
  for package; do
    is_installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  say "Installing ${missing[*]}"
  # The lists of packages are fetched only when something is to be installed.
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
}

# unpack_libcxx VERSION: libc++'s headers into the build directory. The packages
# of two versions exclude each other, so they are not installed.
unpack_libcxx() {
  local version=$1 folder="$root/build/llvm-$1/libcxx" scratch
  [ -e "$folder/usr/lib/llvm-$version/include/c++/v1/__config_site" ] && return
  command -v apt-get > /dev/null || return 0
  say "Unpacking the headers of libc++-$version-dev into build/llvm-$version/libcxx"
  scratch=$(mktemp -d)
  (
    cd "$scratch"
    if ! apt-get download -qq -o APT::Sandbox::User=root "libc++-$version-dev" 2> /dev/null; then
      as_root apt-get update -qq
      apt-get download -qq -o APT::Sandbox::User=root "libc++-$version-dev"
    fi
  )
  mkdir -p "$folder"
  dpkg -x "$scratch"/libc++-"$version"-dev_*.deb "$folder"
  rm -rf "$scratch"
}

# build VERSION [CMAKE ARGUMENT...]: everything, or the targets in $targets.
build() {
  local version=$1 log
  shift
  say "Building for LLVM $version in build/llvm-$version"
  mkdir -p "build/llvm-$version"
  log="build/llvm-$version/configure.log"
  cmake --preset "llvm-$version" "$@" > "$log" 2>&1 || { cat "$log" >&2; fail "cmake failed"; }
  # shellcheck disable=SC2086 # a list of words
  cmake --build "build/llvm-$version" ${targets:+--target $targets} ||
    fail "the build for LLVM $version failed"
}
