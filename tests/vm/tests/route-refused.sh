# SPDX-License-Identifier: GPL-3.0-or-later
# A routing register that offers a port and does not move it: the config space of a virtio function (see ../machine) is
# mounted over that of the xHCI at 00:05.0. Its 0xD0 is zero and cannot be written, its mask at 0xD4 has one bit.

router=0000:00:05.0
virtio=$(lspci -Dn -d 1af4:1044 | cut -d' ' -f1)
mount --bind "/sys/bus/pci/devices/$virtio/config" "/sys/bus/pci/devices/$router/config"
wait_for 90 helper_rests     # one that runs already does not see the mount
see "register before: D0 $(register $router d0) D4 $(register $router d4)"

profile stubborn << 'END'
[Profile]
Side=xhci
[Ports 0000:00:05.0]
Guest=ehci1/3
END
profile stubborn-lend << 'END'
[Profile]
Side=xhci
[Controller 0000:00:07.0]
[Ports 0000:00:05.0]
Guest=ehci1/3
END

ctl alice switch stubborn
equal "the switch fails" "$status" 1
error=$(as_user alice gdbus call --system --dest org.portferry1 --object-path /org/portferry1/manager --method \
  org.portferry1.Manager.Apply /org/portferry1/profiles/stubborn '{}' 2>&1)
see "$error"
contains "because what reads back is something else" "$error" org.portferry1.Error.VerifyFailed
equal "home stays in force" "$(status_says '.["active-profile"]')" home
equal "the state" "$(status_says .state)" idle

before=$(describe_group 0000:00:07.0)
switch_anyway alice stubborn-lend --override goes-along
equal "with a controller in the same profile the switch fails as well" "$status" 1
equal "and the controller's group is as before" "$(describe_group 0000:00:07.0)" "$before"
see "register after: $(register $router d0)"

umount "/sys/bus/pci/devices/$router/config"
