# SPDX-License-Identifier: GPL-3.0-or-later
# kill -9 of the helper at every step of a return: it comes back by itself and finishes the way home.

# shellcheck source=../guest/files/usr/lib/portferry-vm/killlib
. ./killlib
prepare_kills

switch_to steps
see "lent:"
switch_state | see
switch_to home
see "moments of a return, with the time in ms:"
see < "$kill_folder/moments"
equal "home" "$(switch_state)" "$home_state"

# The last one comes to its end before anybody is killed.
killed=1
for ((number = 1; number < 60 && killed; number++)); do
  wrong=''
  switch_to steps || wrong="not lent before, "
  switch_killed "$number" home || wrong+="not settled, "
  state=$(switch_state)
  [[ $state == "$home_state" && $active == home ]] || wrong+="half-way, in $active"
  if [[ -z $wrong ]]; then
    pass "$killed kill(s), at $number ($outcome, home)"
  else
    fail "$killed kill(s), at $number ($outcome), $wrong"
    see <<< "$state"
    see < "$kill_folder/moments"
    switch_to home
  fi
done
check "killed at many steps of a return" test $kills -ge 12
see "$kills kills in returns; on the bus again after at most $slowest ms"
finish_kills
