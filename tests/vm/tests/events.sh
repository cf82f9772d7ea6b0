# SPDX-License-Identifier: GPL-3.0-or-later
# What happens to the machine shows on the bus within 200 ms of the kernel's own word, with no polling.

limit=200
log=/tmp/events
: > $log
chmod 666 $log
as_user alice bash -c "exec /usr/lib/portferry-vm/bin/pf-vm-watch 60 > $log" &
check "a client holds an interest" wait_for 20 grep -q ready $log

# measure WHAT UEVENT OBJECT PROPERTY COMMAND...: milliseconds from the kernel's event to the property change, both after
# the command was begun. A change that was out before the event counts as 0.
measure ()
{
  local what=$1 uevent=$2 signal="PropertiesChanged /org/portferry1/controllers/$3 .* $4( |$)" mark milliseconds
  signal="/org/portferry1/controllers/$3 PropertiesChanged org.portferry1.Controller.* $4( |\$)"
  shift 4
  mark=$(wc -l < $log)
  "$@"
  wait_for 10 eval "tail -n +$((mark + 1)) $log | grep -qE '$signal'"
  sleep 0.3
  milliseconds=$(tail -n +$((mark + 1)) $log |
    awk -v uevent="uevent $uevent\$" -v signal="$signal" '
      !heard && $0 ~ uevent { heard = $1 }
      !shown && $0 ~ signal { shown = $1 }
      END { if (heard && shown) printf "%d", shown > heard ? (shown - heard) / 1000 : 0 }')
  see "$what: ${milliseconds:-?} ms"
  check "$what shows within $limit ms" test "${milliseconds:-9999}" -le $limit
}

pci=/devices/pci0000:00
unbind () { echo 0000:00:05.0 > /sys/bus/pci/drivers/xhci_hcd/unbind; }
bind () { echo 0000:00:05.0 > /sys/bus/pci/drivers/xhci_hcd/bind; }
measure plugging "add $pci/0000:00:04.0/usb[0-9]+/[0-9]+-5" 0000_00_04_0 Devices plug usb-kbd,id=plugged,bus=single.0,port=5
equal "what was plugged in is published" "$(controller_says 0000:00:04.0 '.devices | length')" 6
measure unplugging "remove $pci/0000:00:04.0/usb[0-9]+/[0-9]+-5" 0000_00_04_0 Devices unplug plugged
measure "a driver's unbinding" "unbind $pci/0000:00:05.0" 0000_00_05_0 Driver unbind
measure "a driver's binding" "bind $pci/0000:00:05.0" 0000_00_05_0 Driver bind
pkill -x pf-vm-watch
wait
