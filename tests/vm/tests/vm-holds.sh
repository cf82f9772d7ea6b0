# SPDX-License-Identifier: GPL-3.0-or-later
# A virtual machine in this one, run as alice with no privilege, that has a lent controller: what it holds is not taken from
# it, who holds it is named, and when it is killed the profile's OnVmExit= decides.

controller=0000:01:00.0
profile keeps << 'END'
[Profile]
Confirm=never
OnVmExit=keep
[Controller 0000:01:00.0]
END
profile returns << 'END'
[Profile]
Confirm=never
OnVmExit=home
[Controller 0000:01:00.0]
END
profile other << 'END'
[Profile]
Confirm=never
[Controller 0000:00:05.0]
END
before=$(describe_group $controller)
see "before:"
see <<< "$before"

# The virtual machine is a unit of its own: systemd's usual limit of locked memory is too low for any.
vm_pid () { systemctl show portferry-vm-vm.service --property=MainPID --value; }
start_vm ()
{
  systemd-run --quiet --unit=portferry-vm-vm --collect --uid=alice --property=LimitMEMLOCK=256M \
    qemu-system-x86_64 -accel tcg -machine q35 -m 32 -nodefaults -display none -monitor none \
    -device vfio-pci,host=$controller
}
holder () { controller_says $controller .holder; }
is_held () { [[ $(holder) == "qemu-system-x86 ($(vm_pid))" ]]; }
vm_has_it () { start_vm && wait_for 90 is_held; }
kill_vm () { killed=$(date +%s%N); kill -9 "$(vm_pid)"; }
since_killed () { echo $((($(date +%s%N) - killed) / 1000000)); }
is_free () { [[ $(holder) != qemu* ]]; }
is_back () { [[ $(describe_group $controller) == "$before" && ! -e /dev/vfio/$(group_of $controller) ]]; }
is_home () { [[ $(status_says '.["active-profile"] + " " + .state') == "home idle" ]]; }

ctl alice switch keeps
equal "lent, to be kept" "$status" 0
check "a virtual machine of alice has it, and is named" vm_has_it
see "$(ps -o pid=,user=,args= -p "$(vm_pid)")"
see "holder: $(holder)"
kill_vm
check "killed, it lets go" wait_for 30 is_free
ctl alice status
equal "what is to be kept stays" "$(driver_of $controller) $(status_says '.["active-profile"]')" "vfio-pci keeps"

check "another has it" vm_has_it
pid=$(vm_pid)
ctl alice switch other --override no-reset
check "another profile, without it, is refused" test "$status" -ne 0
contains "with the name of who has it" "$said" "qemu-system-x86 ($pid)"
ctl alice home
check "the way home cannot take it" test "$status" -ne 0
contains "and names who has it" "$said" "qemu-system-x86 ($pid)"
equal "it is lent still" "$(driver_of $controller)" vfio-pci
check "and the virtual machine runs" test "$(vm_pid)" = "$pid"
kill_vm
check "when that is killed, what was called home comes" wait_for 30 is_back
see "home $(since_killed) ms after the kill:"
describe_group $controller | see
check "and all is home" wait_for 10 is_home

ctl alice switch returns
equal "lent, to come home by itself" "$status" 0
check "a virtual machine has it" vm_has_it
kill -9 "$(systemctl show portferry.service --property=MainPID --value)"
check "a helper that is killed meanwhile comes back and knows" wait_for 30 is_held
equal "it is lent still" "$(driver_of $controller)" vfio-pci
kill_vm
check "when the virtual machine is killed it comes home by itself" wait_for 30 is_back
see "home $(since_killed) ms after the kill:"
describe_group $controller | see
check "and all is home" wait_for 10 is_home
has_keyboard () { has_usb_devices $controller 1; }
check "its keyboard is back" wait_for 15 has_keyboard
