# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Debian packages that have another name in another release. The lists write "NEW|OLD", the first of which apt knows is
# meant. Sourced, never run.

# choose_packages NAME...: prints each with its alternatives settled. What apt knows by none of them is printed by its
# last name, so that apt says so.
choose_packages ()
{
  local name alternative known='' settled several=() alternatives=()
  for name; do
    IFS='|' read -r -a several <<<"$name"
    [ ${#several[@]} -eq 1 ] || alternatives+=("${several[@]}")
  done
  if [ ${#alternatives[@]} -gt 0 ]; then
    known=$(LC_ALL=C apt-cache policy "${alternatives[@]}" 2>/dev/null |
      awk '/^[^ ]/ { name = $1 } $1 == "Candidate:" && $2 != "(none)" { sub(":$", "", name); print name }') || true
  fi
  for name; do
    settled=${name##*|}
    while read -r -d '|' alternative; do
      [[ $'\n'$known$'\n' == *$'\n'"$alternative"$'\n'* ]] || continue
      settled=$alternative
      break
    done <<<"$name|"
    echo "$settled"
  done
}
