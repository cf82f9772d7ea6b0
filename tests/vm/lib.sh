# shellcheck shell=bash disable=SC2034 # used by those who source it
# SPDX-License-Identifier: GPL-3.0-or-later
# Shared by the scripts of the virtual machine rig; sourced, never run.
#
# Files of the rig
#   build-image       kernel, initramfs and Debian root file system for the guest, kept in a cache
#   overlay           the product as "meson install" lays it out, plus the tests, packed for one boot
#   machine           the QEMU machine: its controllers, groups and ports
#   run               prepares, boots, and prints what the guest reports
#   guest/            what is copied into the guest
#   tests/            one script for each test, run inside the guest
#   pf-vm-*.c         programs of the tests, built with the product

vm_dir=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
cache_dir=${PORTFERRY_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/portferry}/vm

say () { printf '# %s\n' "$*" >&2; }
die () { printf '# vm: %s\n' "$*" >&2; exit 1; }

# Prints the entries of a list file: no comments, no blank lines.
entries () { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$1"; }

# Fails with the names of the commands that are missing.
need ()
{
  local missing=() command
  for command; do
    command -v "$command" >/dev/null || missing+=("$command")
  done
  ((${#missing[@]} == 0)) || die "not installed: ${missing[*]} (./dev deps installs everything)"
}
