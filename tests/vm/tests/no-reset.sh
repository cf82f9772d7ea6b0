# SPDX-License-Identifier: GPL-3.0-or-later
# A controller that cannot be reset is lent only to one who says so; one behind a root port can be, and is lent at once.

profile single << 'END'
[Profile]
[Controller 0000:00:04.0]
END
profile express << 'END'
[Profile]
[Controller 0000:01:00.0]
END
check "the first has no reset method" test ! -s /sys/bus/pci/devices/0000:00:04.0/reset_method
before=$(machine_state)
ctl alice switch single
equal "switching is refused (4: objection)" "$status" 4
contains "because it cannot be reset" "$said" no-reset
equal "nothing has changed" "$(machine_state)" "$before"

see "reset methods of the other: $(cat /sys/bus/pci/devices/0000:01:00.0/reset_method)"
ctl alice switch express
equal "the other is lent without a question" "$status" 0
equal "its driver" "$(driver_of 0000:01:00.0)" vfio-pci
ctl alice home
equal "home" "$status" 0
equal "everything is as before" "$(machine_state)" "$before"
