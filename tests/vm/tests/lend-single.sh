# SPDX-License-Identifier: GPL-3.0-or-later
# A controller that is alone in its group; the profile is made by an administrator with portferryctl.

ctl root add single --label "The single one" --controller 00:04.0
equal "an administrator adds a profile" "$status" 0
see < /etc/portferry/profiles.d/single.profile
lend_and_return single 0000:00:04.0
ctl root remove single
equal "an administrator removes it" "$status" 0
check "its file is gone" test ! -e /etc/portferry/profiles.d/single.profile
