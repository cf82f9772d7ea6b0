# SPDX-License-Identifier: GPL-3.0-or-later
# The real kernel keeps to what the fake one imitates: the same program runs on both (tests/unit/fake-kernel).

modprobe vfio-pci
for address in 0000:00:04.0 0000:00:05.0; do
  seen=0
  while read -r line; do
    seen=$((seen + 1))
    case $line in
      ok\ *) pass "$address: ${line#* - }" ;;
      not\ ok\ *) fail "$address: ${line#* - }" ;;
      *) see "$line" ;;
    esac
  done < <(/usr/lib/portferry-vm/bin/kernel-conformance / "$address" 2>&1)
  check "$address: the program has run" test $seen -gt 0
done
