# SPDX-License-Identifier: GPL-3.0-or-later
# The rig itself: controllers and groups as the machine has them, logind sessions, polkit's view of them.

see "kernel $(uname -r), $(systemctl --version | head -n 1)"
for path in /sys/bus/pci/devices/*; do
  [[ $(cat "$path/class") == 0x0c03* ]] || continue
  address=${path##*/}
  see "$address driver $(driver_of "$address"), group $(group_of "$address"): $(members_of "$(group_of "$address")" | paste -sd' ')"
done
lsusb | see

equal "alice's session is the active one of seat0" \
  "$(loginctl show-seat seat0 -p ActiveSession --value)" "$(as_user alice printenv XDG_SESSION_ID)"
loginctl --no-legend list-sessions | see

for user in alice bob; do
  session=$(as_user $user printenv XDG_SESSION_ID)
  see "$user: $(loginctl show-session "$session" -p Id -p Name -p Seat -p VTNr -p Active -p State -p Type -p Class | paste -sd' ')"
done
equal "alice's session is active" "$(loginctl show-session "$(as_user alice printenv XDG_SESSION_ID)" -p Active --value)" yes
equal "bob's session is not" "$(loginctl show-session "$(as_user bob printenv XDG_SESSION_ID)" -p Active --value)" no

# A shipped action that the active session may do and nobody else.
may_power_off () { as_user "$1" sh -c 'pkcheck --action-id org.freedesktop.login1.power-off --process $$'; }
check "polkit lets the active session power off" may_power_off alice
check "polkit does not let the other" eval '! may_power_off bob'
check "an unprivileged user runs as himself" test "$(as_user alice id -un)" = alice
