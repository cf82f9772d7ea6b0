# SPDX-License-Identifier: GPL-3.0-or-later
# One slot with an EHCI, a network card and a sound card: they move together and each gets its own driver back.

profile mixed << 'END'
[Profile]
Label=A mixed slot
[Controller 0000:00:07.0]
END
lend_and_return mixed 0000:00:07.0
