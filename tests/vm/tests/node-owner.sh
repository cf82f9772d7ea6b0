# SPDX-License-Identifier: GPL-3.0-or-later
# Who gets the group's node: the user and the group that the profile names, whoever switches.

profile for-bob << 'END'
[Profile]
VfioUser=bob
VfioGroup=kvm
[Controller 0000:00:05.0]
END
node=/dev/vfio/$(group_of 0000:00:05.0)

switch_anyway alice for-bob
equal "alice switches to a profile made for bob" "$status" 0
see "$(stat -c '%n %U:%G %a' "$node")"
equal "the node's owner" "$(stat -c %U:%G "$node")" bob:kvm
check "bob may open it" as_user bob bash -c "exec 3<> $node"
check "alice may not" eval "! as_user alice bash -c 'exec 3<> $node' 2> /dev/null"
ctl alice home
equal "home" "$status" 0
