# SPDX-License-Identifier: GPL-3.0-or-later
# The routing register of an xHCI behind a bridge, which is plain memory there. What firmware would have written into the
# mask at 0xD4 is written first; the upper half of 0xD0 stands for bits that are nobody's business.

router=0000:03:01.0
register $router d4 0000000f > /dev/null
register $router d0 a5a50003 > /dev/null
see "register before: D0 $(register $router d0) D4 $(register $router d4)"

profile one-port << 'END'
[Profile]
Side=ehci
[Ports 0000:03:01.0]
Guest=ehci1/1
END
profile all-ports << 'END'
[Profile]
Side=xhci
[Ports 0000:03:01.0]
Guest=all
END

ctl alice preview one-port
ctl alice switch one-port
equal "the active user routes one port to the EHCI" "$status" 0
see "register: $(register $router d0)"
ctl alice ports
equal "its bit is 0, the host's ports are on the xHCI, no other bit is touched" "$(register $router d0)" a5a5000e
equal "what is published was read" \
  "$(portferryctl status --json | jq '.routers[] | select(.address == "'$router'") | .value')" $((0xa5a5000e))

ctl alice switch all-ports
equal "all ports to the xHCI" "$status" 0
equal "every movable bit is 1" "$(register $router d0)" a5a5000f

ctl alice toggle
equal "toggle" "$status" 0
equal "one port is back on the EHCI" "$(register $router d0)" a5a5000e

ctl alice home
equal "home" "$status" 0
see "register after: $(register $router d0)"
equal "the register is what it was before" "$(register $router d0)" a5a50003

register $router d0 0 > /dev/null
register $router d4 0 > /dev/null
