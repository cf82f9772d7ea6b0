# SPDX-License-Identifier: GPL-3.0-or-later
# kill -9 of the helper while a switch waits for confirmation, and again as soon as it is back, more often than systemd's
# usual limit: it is not given up, and takes back at once what nobody has confirmed.

profile single << 'ENDPROFILE'
[Profile]
[Controller 0000:00:04.0]
ENDPROFILE
before=$(describe_group 0000:00:04.0)
ctl alice switch single --override no-reset
equal "alice switches, in spite of an objection" "$status" 0
see "lent:"
describe_group 0000:00:04.0 | see
equal "that waits for confirmation" "$(status_says .state)" awaiting-confirmation

old_pid=0
new_pid () { pid=$(systemctl show portferry.service --property=MainPID --value); ((pid != 0 && pid != old_pid)); }
restarts=$(systemctl show portferry.service --property=NRestarts --value)
began=$(date +%s%N)
for ((kills = 0; kills < 6; kills++)); do
  wait_for 20 new_pid || break
  kill -9 "$pid"
  old_pid=$pid
done
equal "killed in a row" "$kills" 6
comes_home () { [[ $(describe_group 0000:00:04.0) == "$before" ]]; }
check "it comes home" wait_for 60 comes_home
see "home $((($(date +%s%N) - began) / 1000000)) ms after the first of $kills kills"
is_idle () { [[ $(status_says .state) == idle ]]; }
check "and is in good order" wait_for 30 is_idle
equal "started again by systemd" "$(($(systemctl show portferry.service --property=NRestarts --value) - restarts))" 6
equal "the profile in force" "$(status_says '.["active-profile"]')" home
check "no journal is left" test ! -e /run/portferry/journal
