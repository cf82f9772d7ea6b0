# SPDX-License-Identifier: GPL-3.0-or-later
# The guest channel under systemd: the socket's owner and mode, the service in its cage, polkit's rules, and that neither
# takes the other's files away.

socket=/run/portferry/guest.sock
talk () { said=$("$bin/pf-vm-talk" "$socket" "$@" 2>&1); status=$?; see "pf-vm-talk $* (exit $status)"; see <<< "$said"; }
bin=/usr/lib/portferry-vm/bin
unit_is () { [[ $(systemctl is-active "$1") == "$2" ]]; }

systemd-sysusers
check "the service has a user of its own" id portferry-guest
equal "who is in no other group" "$(id -Gn portferry-guest)" portferry-guest
systemctl daemon-reload
systemctl restart portferry-guest.socket
equal "the socket" "$(stat -c '%U:%G %a' "$socket")" "root:kvm 660"
equal "its folder" "$(stat -c '%U:%G %a' /run/portferry)" "root:root 755"
said=$(as_user alice "$bin/pf-vm-talk" "$socket" status 2>&1)
contains "who is not in the group kvm cannot connect" "$said" "Permission denied"

profile open << 'END'
[Profile]
GuestMaySwitch=true
END
profile closed << 'END'
[Profile]
END

wait_for 90 helper_rests     # one of an earlier test may still be there
talk status
equal "a guest may ask what is in force" "$said" "ok profile=home state=idle"
equal "the service runs as" "$(ps -o user= -p "$(systemctl show portferry-guest.service -p MainPID --value)" | tr -d ' ')" portferry-guest
check "nobody was started as root for that" helper_rests
talk "switch closed"
contains "what is not marked is refused" "$said" "error not-authorized"
talk "switch open"
equal "what is marked is let in (it lends nothing, so everything is home)" "$said" "ok profile=home state=idle"
talk "switch ../open" "home"
equal "what is none is refused, and home is always done" "$said" \
  $'error syntax Say toggle, switch ID, home, confirm or status.\nok profile=home state=idle'
said=$(runuser -u portferry-guest -- portferryctl add mine --no-interaction 2>&1)
equal "its user may not make a profile" "$?" 3
see "$(systemctl show portferry-guest.service -p MemoryCurrent)"
see <<< "$(journalctl -q -u portferry-guest -o cat | tail -n 8)"

systemctl restart portferry.service
systemctl stop portferry.service
equal "the helper leaves the socket alone" "$(stat -c '%U:%G %a' "$socket")" "root:kvm 660"
check "the service leaves by itself" wait_for 60 unit_is portferry-guest.service inactive
equal "in good order" "$(systemctl show portferry-guest.service -p Result --value)" success
talk status
equal "and the socket starts it again" "$said" "ok profile=home state=idle"
systemctl stop portferry-guest.socket portferry-guest.service
check "the socket goes when it is stopped, the folder stays" test ! -e "$socket" -a -d /run/portferry
