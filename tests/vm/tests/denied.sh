# SPDX-License-Identifier: GPL-3.0-or-later
# Who may not: a user whose session is in the background, and one without a session. Looking is open to both.

profile single << 'END'
[Profile]
[Controller 0000:00:04.0]
END
before=$(machine_state)

ctl bob switch single
equal "a background session may not switch (3: not authorized)" "$status" 3
ctl bob home
equal "nor bring home" "$status" 3
ctl bob add mine --controller 00:05.0
equal "nor add a profile" "$status" 3
ctl alice add mine --controller 00:05.0
equal "nor may the active user without a password" "$status" 3
check "no profile was added" test ! -e /etc/portferry/profiles.d/mine.profile

said=$(setpriv --reuid=bob --regid=bob --init-groups portferryctl switch single 2>&1)
equal "a user without a session may not switch" "$?" 3
see <<< "$said"

equal "nothing has changed" "$(machine_state)" "$before"
ctl bob preview single
equal "anybody may ask what would happen" "$status" 0
