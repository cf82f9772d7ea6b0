# SPDX-License-Identifier: GPL-3.0-or-later
# A virtual machine of a real libvirtd, as Debian has it: Linux in it asks through its serial port with portferry.sh, a lent
# controller is plugged in and out while it runs, by alice, who may use libvirt; and a machine that does not let go.

controller=0000:01:00.0
socket=/run/portferry/guest.sock
folder=/var/lib/libvirt/boot
units=(libvirtd.service libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket virtlogd.service virtlogd.socket
       virtlogd-admin.socket virtlockd.socket virtlockd-admin.socket)
export LIBVIRT_DEFAULT_URI=qemu:///system
profile lent << 'END'
[Profile]
Confirm=never
GuestMaySwitch=true
VfioUser=libvirt-qemu
[Controller 0000:01:00.0]
END
profile named << 'END'
[Profile]
Confirm=never
VfioUser=libvirt-qemu
LibvirtDomain=nested
[Controller 0000:01:00.0]
END
before=$(describe_group $controller)

# domain NAME MIB MORE: the XML of a machine with what "portferryctl vm-config" says, and MORE in its <os>.
domain ()
{
  cat << END
<domain type='qemu'>
  <name>$1</name><memory unit='MiB'>$2</memory><vcpu>1</vcpu>
  <os><type arch='x86_64' machine='q35'>hvm</type>$3</os>
  <features><acpi/></features>
  <devices>
    <controller type='pci' index='0' model='pcie-root'/>
    <controller type='usb' model='none'/>
    <serial type='pty'><target type='isa-serial' port='0'/></serial>
$(portferryctl vm-config lent --libvirt --hot-plug)
    <memballoon model='none'/>
  </devices>
</domain>
END
}

# nested LINE: has the machine's only program carry LINE out; what it says in $said, and $status.
nested ()
{
  local part
  said=
  echo "$1" >&7
  while IFS= read -r -t 200 part <&7 && part=${part%$'\r'} && [[ $part != "= "* ]]; do
    said+=${said:+$'\n'}$part
  done
  status=${part#= }
  see "nested: $1 (exit $status)"
  [[ -z $said ]] || see <<< "$said"
}
is_up () { local part; while IFS= read -r -t 400 part <&7; do [[ $part != "= up "* ]] || { see "nested: ${part#= }"; return; }; done; return 1; }
asks () { nested "sh /portferry.sh --port /dev/ttyS1 $1"; }
# In there it takes a while: a driver in a machine in a machine.
has_keyboard ()
{
  nested "n=0; until grep -q 'QEMU USB Keyboard' /proc/bus/input/devices; do sleep 1; n=\$((n + 1)); [ \$n -lt 180 ] || break; done; [ \$n -lt 180 ]"
  ((status == 0))
}
holder () { controller_says $controller .holder; }
is_named () { [[ $(holder) == *nested* ]]; }
is_back () { [[ $(describe_group $controller) == "$before" && ! -e /dev/vfio/$(group_of $controller) ]]; }
is_home () { [[ $(status_says '.["active-profile"] + " " + .state') == "home idle" ]]; }
back_home () { wait_for 60 is_back && wait_for 30 is_home; }
# timed ARGUMENT...: portferryctl by alice, and how long it takes.
timed () { local begun; begun=$(date +%s%N); ctl alice "$@"; see "in $((($(date +%s%N) - begun) / 1000000)) ms"; }

systemd-sysusers
systemctl unmask -q "${units[@]}"
systemctl daemon-reload
systemctl restart portferry-guest.socket
ctl alice detach lent --libvirt nested
equal "no libvirtd: detaching fails" "$status" 1
contains "and says so" "$said" "libvirt (qemu:///system) does not answer"
check "libvirtd starts" systemctl start libvirtd.service

mkdir -p $folder
cp nested/vmlinux $folder/
cat nested/initrd nested/files > $folder/initrd
domain nested 192 "<kernel>$folder/vmlinux</kernel><initrd>$folder/initrd</initrd>
  <cmdline>console=ttyS0 quiet nokaslr mitigations=off no_timer_check panic=-1</cmdline>" > $folder/nested.xml
check "libvirt takes what vm-config prints" virsh -q define $folder/nested.xml
ctl alice switch lent
timed attach lent --libvirt nested
equal "a machine that does not run: attaching fails" "$status" 1
contains "and says so" "$said" "is not running"
ctl alice detach lent --libvirt nested
equal "it has nothing, so nothing is to be taken out of it" "$status" 0
ctl alice home
see "virsh start: $( { time virsh -q start nested; } 2>&1 | sed -n 's/^real\t//p')"
exec 7<> "$(virsh ttyconsole nested | head -n 1)"
equal "the guests' socket is not libvirt's" "$(stat -c '%U:%G %a' $socket)" "root:kvm 660"

# While it boots.
ctl alice attach lent --libvirt nested
equal "what is not lent is not attached" "$status" 1
ctl alice switch lent
ctl alice attach lent --libvirt other
equal "another name: attaching fails" "$status" 1
contains "and says so" "$said" "knows no virtual machine"
ctl bob detach lent --libvirt nested
equal "who may not use libvirt is told (3: not authorized)" "$status" 3
contains "and what would help" "$said" "group libvirt"
ctl alice home

check "Linux runs in it" is_up
nested "sh /portferry.sh find"
contains "portferry.sh finds the port" "$said" "Portferry answers at /dev/ttyS1."
asks status
equal "and asks" "$said" "Everything is home."
asks "switch lent"
equal "it asks for the controller" "$said" "In force: lent."
asks toggle
equal "there and back" "$said" "Everything is home."
asks "switch none"
equal "no such profile: it is told" "$status" 1
asks "switch lent"
contains "the host knows who asked" "$(journalctl -q -u portferry-guest -o cat | tail -n 20)" nested

timed attach lent --libvirt nested
equal "plugged in while it runs" "$status" 0
check "Portferry names the machine that has it" wait_for 60 is_named
see "holder: $(holder)"
ctl alice attach lent --libvirt nested
equal "once more: it is in there" "$status" 0
check "Linux in it has the keyboard" has_keyboard
check "which the host has lost" has_usb_devices $controller 0
asks home
contains "asked home, the machine keeps what it holds" "$said" "1 come home when this machine lets go of them."
equal "it is lent still" "$(driver_of $controller)" vfio-pci
timed detach lent --libvirt nested
equal "plugged out while it runs" "$status" 0
check "it comes home" back_home
nested "ls /sys/bus/usb/devices"
equal "Linux in it has it no longer" "$said" ""
ctl alice detach lent --libvirt nested
equal "once more: it is out" "$status" 0

ctl alice switch lent
timed attach lent --libvirt nested
equal "into the same machine again" "$status" 0
virsh -q suspend nested
timed detach lent --libvirt nested
equal "a machine that stands still does not let go" "$status" 1
contains "and that is said" "$said" "does not let go of it"
equal "nothing is forced" "$(driver_of $controller)" vfio-pci
ctl alice home
contains "called home, it is named who has it" "$said" nested
virsh -q resume nested
check "when the machine runs again it lets go, and all comes home" back_home
# With the machine's name in the profile, a switch is all it takes.
timed switch named
equal "lent and plugged in by one command" "$status" 0
check "Portferry names the machine that has it" is_named
nested "ls /sys/bus/pci/devices"
contains "and Linux in it has it" "$said" 0000:01:00.0
timed home
equal "plugged out and brought home by one command" "$status" 0
check "it is home" back_home
ctl alice switch named
equal "and there again" "$status" 0
exec 7<&-
virsh -q destroy nested
check "when the machine is killed, it comes home by itself" back_home
equal "the guests' socket is what it was" "$(stat -c '%U:%G %a' $socket)" "root:kvm 660"

virsh -q undefine nested
systemctl stop "${units[@]}" portferry-guest.socket portferry-guest.service
