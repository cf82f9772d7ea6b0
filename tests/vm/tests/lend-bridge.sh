# SPDX-License-Identifier: GPL-3.0-or-later
# An xHCI and an EHCI behind a conventional bridge, which is in their group and stays with the host.

profile bridge << 'END'
[Profile]
Label=Behind a bridge
[Controller 0000:03:01.0]
Id=1b36:000d
END
lend_and_return bridge 0000:03:01.0
