# SPDX-License-Identifier: GPL-3.0-or-later
# kill -9 of the helper at every step of a return: it comes back by itself and finishes the way home.

# shellcheck source=../guest/files/usr/lib/portferry-vm/killlib
. ./killlib
prepare_kills

switch_counting switch steps > /dev/null
lent_state=$(switch_state)
see "lent:"
see <<< "$lent_state"
count=$(switch_counting home)
see "moments of a return, with the time in ms:"
see < "$kill_folder/moments"
equal "home" "$(switch_state)" "$home_state"
check "a return has steps to be killed at" test "${count:-0}" -ge 15

returned=0 untouched=0
for ((number = 1; number <= count; number++)); do
  wrong=''
  [[ $(switch_state) == "$lent_state" ]] || switch_counting switch steps > /dev/null
  [[ $(switch_state) == "$lent_state" ]] || wrong="not lent before"
  switch_killed "$number" home || wrong+="not settled"
  state=$(switch_state)
  if [[ $state == "$home_state" && $active == home ]]; then
    returned=$((returned + 1))
    outcome+=", home"
  elif [[ $state == "$lent_state" && $active == steps ]]; then
    untouched=$((untouched + 1))
    outcome+=", not begun"
  else
    wrong+="half-way, in $active"
  fi
  if [[ -z $wrong ]]; then
    pass "killed at $number ($outcome)"
  else
    fail "killed at $number ($outcome), $wrong"
    see <<< "$state"
    see < "$kill_folder/moments"
  fi
done
# Killed before the way home was on record, it is as if nobody had asked.
check "only before anything was on record it was not begun" test "$untouched" -le 3
switch_counting home > /dev/null
see "$kills kills in returns: $returned home, $untouched not begun; on the bus again after at most $slowest ms"
finish_kills
