# SPDX-License-Identifier: GPL-3.0-or-later
# Suspend to RAM while a routing is in force, on a machine that loses it: a sleep hook of systemd writes into the register
# what the kernel does there, every movable port to the xHCI. The helper sees that at the resume, says so, and puts it right.

router=0000:03:01.0
log=/tmp/drift
hook=/usr/lib/systemd/system-sleep/portferry-vm
left=/run/portferry-vm-hook
register $router d4 0000000f > /dev/null
register $router d0 a5a50003 > /dev/null
profile one-port << 'END'
[Profile]
Side=ehci
[Ports 0000:03:01.0]
Guest=ehci1/1
END
ctl alice switch one-port
equal "a port is routed to the guest" "$status" 0
routed=$(register $router d0)
see "register before: $routed, power $(cat /sys/bus/pci/devices/$router/power/control)"

/usr/lib/portferry-vm/bin/pf-vm-watch 300 > $log &
watcher=$!
check "somebody listens" wait_for 30 grep -q ready $log
mkdir -p "${hook%/*}"
cp sleep-hook $hook
wake_me
systemctl suspend
check "the machine slept and is awake" wait_for 180 test -s $left
awake=$(date +%s%N)
check "it was suspend to RAM" eval "dmesg | grep -q 'Waking up from system sleep state S3'"
equal "the hook wiped the register" "$(cat $left)" a5a5000f

is_routed () { [[ $(register $router d0) == "$routed" ]]; }
check "it is routed again" wait_for 30 is_routed
see "register after: $(register $router d0), at most $((($(date +%s%N) - awake) / 1000000)) ms after the hook"
check "what was seen was announced" wait_for 10 grep -q ' Drifted ' $log
grep ' Drifted ' $log | see
equal "once, with what it was, what it was found to be, and why" \
  "$(sed -n 's/.* Drifted org.portferry1.Manager //p' $log)" \
  "(objectpath '/org/portferry1/controllers/0000_03_01_0', uint32 $((0x$routed)), uint32 $((0xa5a5000f)), 'resume')"
is_idle () { [[ $(status_says '.["active-profile"] + " " + .state') == "one-port idle" ]]; }
check "the profile is still in force" wait_for 30 is_idle

rm $hook $left
kill $watcher
ctl alice home
equal "home" "$status" 0
equal "the register is what it was before" "$(register $router d0)" a5a50003
register $router d0 0 > /dev/null
register $router d4 0 > /dev/null
