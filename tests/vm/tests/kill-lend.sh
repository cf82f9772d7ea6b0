# SPDX-License-Identifier: GPL-3.0-or-later
# kill -9 of the helper at every step of a lend: it comes back by itself, and the machine is as it was before the switch, or
# the switch is complete. Then at steps of that as well: while it puts right what it was killed in.

# shellcheck source=../guest/files/usr/lib/portferry-vm/killlib
. ./killlib
prepare_kills

: > "$kill_folder/moments"
ctl alice switch steps
see "moments of a lend, with the time in ms:"
see < "$kill_folder/moments"
lent_state=$(switch_state)
see "lent:"
see <<< "$lent_state"
check "a lend changes something" test "$lent_state" != "$home_state"
switch_to home
equal "home" "$(switch_state)" "$home_state"

restored=0 reached=0
# kill_lend "NUMBER...": one lend, killed there.
kill_lend ()
{
  local wrong='' state
  switch_killed "$1" switch steps || wrong="not settled, "
  state=$(switch_state)
  if [[ $state == "$home_state" && $active == home ]]; then
    restored=$((restored + 1))
    outcome+=", as before"
  elif [[ $state == "$lent_state" && $active == steps ]]; then
    reached=$((reached + 1))
    outcome+=", lent"
  else
    wrong+="half-way, in $active"
  fi
  if [[ -z $wrong ]]; then
    pass "$killed kill(s), at $1 ($outcome)"
  else
    fail "$killed kill(s), at $1 ($outcome), $wrong"
    see <<< "$state"
    see < "$kill_folder/moments"
  fi
  [[ $active == home ]] || switch_to home
}

# The last one comes to its end before anybody is killed.
middle=1 middle_recovery=0 killed=1
for ((number = 1; number < 60 && killed; number++)); do
  kill_lend "$number"
  recovery=$(($(moments) - number))
  ((recovery <= middle_recovery)) || { middle=$number middle_recovery=$recovery; }
done
check "killed at many steps of a lend" test $kills -ge 15
see "the most to put right, $middle_recovery moments, is left by moment $middle; killed again in those:"
for ((number = 2; number <= middle_recovery; number += 5)); do
  kill_lend "$middle $((middle + number))"
done
see "$kills kills in lends: $restored times as before, $reached times lent; on the bus again after at most $slowest ms"
finish_kills
