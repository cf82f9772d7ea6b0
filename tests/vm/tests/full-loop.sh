# shellcheck shell=bash disable=SC2154,SC1111 # ctl sets status; the quotes are the product's
# SPDX-License-Identifier: GPL-3.0-or-later
# The whole way on a real kernel: alice, who has no privilege, runs a virtual machine in this one; the keyboard that this
# kernel loses is the one that the other kernel finds; that kernel asks for it to go home, over its serial port; the controller
# is taken out of the running machine over QMP, and plugged into it once more; and when the machine is killed everything comes
# home by itself.

controller=0000:01:00.0
folder=/run/portferry-nested
nested=/usr/lib/portferry-vm/nested
profile games << END_OF_PROFILE
[Profile]
Label=Games
VfioUser=alice
Confirm=never
GuestMaySwitch=true
Qmp=%t/games.qmp
[Controller $controller]
END_OF_PROFILE

# --- the outer kernel ---

before=$(describe_group $controller)
keyboards_below () { find "$(readlink -f "/sys/bus/pci/devices/$1")" -path '*/input/input[0-9]*' -prune | wc -l; }
has_keyboard () { (($(keyboards_below $controller) == $1)); }
is_back () { [[ $(describe_group $controller) == "$before" && ! -e /dev/vfio/$(group_of $controller) ]]; }
is_home () { [[ $(status_says '.["active-profile"] + " " + .state') == "home idle" ]]; }
outer_lines=0
mark_outer () { outer_lines=$(dmesg | wc -l); }
see_outer ()
{
  see "the outer kernel says:"
  dmesg | tail -n "+$((outer_lines + 1))" | grep -E 'usb [0-9]+-|input:|hid-generic|vfio' | tail -n 9 | see
  mark_outer
}
since () { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f s", b - a }'; }

# --- the nested machine: it carries out what its first serial port says, and ends each answer with "= STATUS" ---

# next_nested SECONDS: its next line in $line. A read that times out in the middle of a line has taken its beginning.
begun=
next_nested ()
{
  local deadline=$((SECONDS + $1)) part
  while ((SECONDS < deadline)); do
    if IFS= read -r -t 1 -u "$from_nested" part; then
      line=$begun${part%$'\r'}
      begun=
      return
    fi
    begun+=$part
  done
  return 1
}

# in_nested SECONDS COMMAND: prints what it says; its status is ours.
in_nested ()
{
  local line
  echo "$2" >&"$to_nested"
  while next_nested "$1"; do
    [[ $line != "= "* ]] || return "${line#= }"
    echo "$line"
  done
  return 124
}
nested_is_up ()
{
  local line
  while next_nested "$1"; do
    [[ $line != "= up "* ]] || { see "nested Linux up ${line#= up } s after its power-on"; return; }
  done
  return 1
}
nested_has_keyboard () { in_nested 60 'grep -q QEMU.USB.Keyboard /sys/class/input/input*/name' > /dev/null; }
nested_has_none () { ! nested_has_keyboard; }
see_nested ()
{
  see "the nested kernel says:"
  in_nested 60 'dmesg | grep -E "usb [0-9]+-|input:|hid-generic" | tail -n 9; dmesg -c > /dev/null' | see
}
nested_pid () { systemctl show portferry-nested.service --property=MainPID --value; }
start_nested ()
{
  local arguments
  mapfile -t arguments < <(as_user alice portferryctl vm-config games --qemu --hot-plug | tr ' ' '\n')
  rm -rf "$folder"
  install -d -o alice "$folder"
  mkfifo "$folder/console.in" "$folder/console.out"
  chown alice "$folder"/console.*
  cat "$nested/initrd" "$nested/files" > "$folder/initrd"
  systemd-run --quiet --unit=portferry-nested --collect --uid=alice --property=SupplementaryGroups=kvm \
    --property=LimitMEMLOCK=512M \
    qemu-system-x86_64 -name games -accel tcg -machine q35 -m 160 -nodefaults -display none -monitor none \
    -kernel "$nested/vmlinux" -initrd "$folder/initrd" -append "quiet no_timer_check panic=-1" -no-reboot \
    -serial "pipe:$folder/console" -qmp "unix:/run/user/1000/games.qmp,server=on,wait=off" "${arguments[@]}"
  exec {to_nested}<> "$folder/console.in" {from_nested}<> "$folder/console.out"
}

systemd-sysusers
systemctl daemon-reload
systemctl restart portferry-guest.socket
start_nested
# Who attends is alice, in her session; it is her machine.
as_user alice bash -c 'echo $$ > /tmp/attend.pid; exec portferryctl attend' > "$folder/attend" 2>&1 &
check "a machine of alice, who is nobody, runs Linux" nested_is_up 500
in_nested 60 'dmesg -c > /dev/null'
check "the keyboard is on the outer kernel" has_keyboard 1

go ()
{
  local began=$EPOCHREALTIME
  mark_outer
  ctl alice switch games --attach-seconds 120
  see "switched in $(since "$began")"
  equal "$1" "$status" 0
  check "the outer kernel has no keyboard there any more" has_keyboard 0
  equal "alice's QEMU has the group" "$(controller_says $controller .holder)" "qemu-system-x86 “games” ($(nested_pid))"
  check "the nested kernel has found it" wait_for 120 nested_has_keyboard
  see "$(since "$began") after the command"
  see_outer
  see_nested
}
go "lent, plugged in, in one command"

began=$EPOCHREALTIME
said=$(in_nested 90 'PORTFERRY_PORT=/dev/ttyS1 sh /portferry.sh home')
equal "the nested machine asks for it to go home, over its serial port" "$?" 0
see <<< "$said"
check "out of the running machine, and back on its driver" wait_for 120 is_back
check "the keyboard is on the outer kernel again, input device and all" wait_for 60 has_keyboard 1
see "home $(since "$began") after it was asked for"
check "it was alice's own program that took it out" grep -q "^Out of the virtual machine of .*$controller" "$folder/attend"
check "all is home" wait_for 10 is_home
check "the nested kernel has it no more" wait_for 60 nested_has_none
see_outer
see_nested

go "lent and plugged into the same machine once more"

killed=$EPOCHREALTIME
kill -9 "$(nested_pid)"
check "killed, its controller comes home by itself" wait_for 60 is_back
check "with the keyboard" wait_for 60 has_keyboard 1
see "home $(since "$killed") after the kill"
check "and all is home" wait_for 10 is_home
see_outer
see "what alice's program did:"
see < "$folder/attend"

kill "$(cat /tmp/attend.pid)"
exec {to_nested}>&- {from_nested}>&-
wait
rm -rf "$folder"
systemctl stop portferry-guest.socket portferry-guest.service
