# SPDX-License-Identifier: GPL-3.0-or-later
# kill -9 of the helper at every step of a lend: it comes back by itself, and the machine is as it was before the switch, or
# the switch is complete. Then at steps of that as well: while it puts right what it was killed in.

# shellcheck source=../guest/files/usr/lib/portferry-vm/killlib
. ./killlib
prepare_kills

count=$(switch_counting switch steps)
see "moments of a lend, with the time in ms:"
see < "$kill_folder/moments"
lent_state=$(switch_state)
see "lent:"
see <<< "$lent_state"
check "a lend changes something" test "$lent_state" != "$home_state"
check "and has steps to be killed at" test "${count:-0}" -ge 15
switch_counting home > /dev/null
equal "home" "$(switch_state)" "$home_state"

restored=0 reached=0
# kill_lend "NUMBER...": one lend, killed there.
kill_lend ()
{
  local wrong='' state
  switch_killed "$1" switch steps || wrong="not settled"
  state=$(switch_state)
  if [[ $state == "$home_state" && $active == home ]]; then
    restored=$((restored + 1))
    outcome+=", as before"
  elif [[ $state == "$lent_state" && $active == steps ]]; then
    reached=$((reached + 1))
    outcome+=", lent"
  else
    wrong="half-way, in $active"
  fi
  if [[ -z $wrong ]]; then
    pass "killed at $1 ($outcome)"
  else
    fail "killed at $1 ($outcome), $wrong"
    see <<< "$state"
    see < "$kill_folder/moments"
  fi
  [[ $active == home ]] || switch_counting home > /dev/null
}

middle=1 middle_recovery=0
for ((number = 1; number <= count; number++)); do
  kill_lend "$number"
  recovery=$(($(moments) - number))
  ((recovery <= middle_recovery)) || { middle=$number middle_recovery=$recovery; }
done
see "the most to put right, $middle_recovery moments, is left by moment $middle; killed again in those:"
for ((number = 1; number <= middle_recovery; number += 3)); do
  kill_lend "$middle $((middle + number))"
done
see "$kills kills in lends: $restored restored, $reached reached; on the bus again after at most $slowest ms"
finish_kills
