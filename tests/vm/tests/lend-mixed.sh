# SPDX-License-Identifier: GPL-3.0-or-later
# One slot with an EHCI, a network card and a sound card: they move together and each gets its own driver back.

profile mixed << 'END'
[Profile]
Label=A mixed slot
[Controller 0000:00:07.0]
END
ctl alice switch mixed --override no-reset
equal "what goes along is asked about first (4: objection)" "$status" 4
contains "the network card is named" "$said" "0000:00:07.1"
contains "and the sound card" "$said" "0000:00:07.2"
lend_and_return mixed 0000:00:07.0 --override goes-along
