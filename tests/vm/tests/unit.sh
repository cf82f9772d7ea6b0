# SPDX-License-Identifier: GPL-3.0-or-later
# The installed unit: systemd finds nothing to object to, and how much of the system it is shut off from.

check "systemd understands the unit" systemd-analyze verify --man=no portferry.service
systemd-analyze --no-pager security portferry.service 2>&1 | grep -v '^✓' | see
exposure=$(systemd-analyze --no-pager security portferry.service 2>&1 | sed -n 's/.*exposure level for.*: \([0-9.]*\) .*/\1/p')
see "exposure $exposure"
check "its exposure is at most 4.0" awk "BEGIN { exit !(\"$exposure\" != \"\" && $exposure <= 4.0) }"
