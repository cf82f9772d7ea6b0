# SPDX-License-Identifier: GPL-3.0-or-later
# Four functions of one slot, three UHCI companions and their EHCI, together with a controller behind a root port: two
# groups in one switch.

profile two-groups << 'END'
[Profile]
[Controller 0000:00:1d.7]
[Controller 0000:01:00.0]
END
express=$(describe_group 0000:01:00.0)
lend_and_return two-groups 0000:00:1d.7
equal "the other group is as before" "$(describe_group 0000:01:00.0)" "$express"
