# SPDX-License-Identifier: GPL-3.0-or-later
# Somebody who may do nothing sends the helper more than it can answer, over the real system bus with its own limits, and
# under systemd's; the person at the seat goes home meanwhile. helper-flood has the same on a desk, and more of it.

profile keyboard << 'END'
[Profile]
[Controller 0000:00:05.0]
END
flood () { as_user bob /usr/lib/portferry-vm/bin/test-flood --flood "$1" 3000; }
helper_pid () { systemctl show portferry.service -p MainPID --value; }
most_memory () { awk '/VmHWM/ { print $2 }' "/proc/$(helper_pid)/status"; }

switch_anyway alice keyboard
equal "alice lends a controller" "$status" 0
pid=$(helper_pid)
before=$(most_memory)
for kind in without-reply with-calls large descriptor; do
  flood "$kind" &
  flooding=$!
  sleep 1
  begun=$(date +%s%N)
  ctl alice home
  equal "$kind: she goes home meanwhile" "$status" 0
  see "after $((($(date +%s%N) - begun) / 1000000)) ms"
  equal "$kind: and her controller is back" "$(driver_of 0000:00:05.0)" xhci_hcd
  switch_anyway alice keyboard
  check "$kind: it is bounded, and who sends it told" wait "$flooding"
  equal "$kind: it is the same helper" "$(helper_pid)" "$pid"
done
see "memory of the helper: $before KiB, at most $(most_memory) KiB"
check "it has taken less than 32 MiB more" test "$(most_memory)" -lt $((before + 32768))
ctl alice home
equal "home" "$status" 0
