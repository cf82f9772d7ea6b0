# SPDX-License-Identifier: GPL-3.0-or-later
# Nothing of Portferry runs, and nothing is changed, until somebody asks; the helper starts on demand, by the bus, and
# leaves when nothing is lent and nobody looks.

check "after boot no helper runs" helper_rests
check "no process of Portferry runs" eval '! pgrep ^portferry'
check "vfio-pci is not loaded" test ! -e /sys/bus/pci/drivers/vfio-pci

ctl bob status
equal "anybody may look" "$status" 0
contains "and sees that everything is home" "$said" "Everything is home"
check "looking has started the helper" helper_runs
equal "its owner is the system bus" "$(systemctl show portferry.service -p BusName --value)" org.portferry1
see "helper: $(ps -o pid=,user=,rss=,args= -p "$(systemctl show portferry.service -p MainPID --value)")"
equal "the profile in force" "$(status_says '.["active-profile"]')" home
ctl alice controllers
equal "every USB controller is published" \
  "$(portferryctl controllers --json | jq -r '.[].address' | sort | paste -sd' ')" \
  "$(grep -l '^0x0c03' /sys/bus/pci/devices/*/class | cut -d/ -f6 | sort | paste -sd' ')"

began=$SECONDS
check "it leaves by itself" wait_for 90 helper_rests
see "idle exit after $((SECONDS - began)) s"
equal "and left in good order" "$(systemctl show portferry.service -p Result --value)" success
