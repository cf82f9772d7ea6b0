# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What apt knows here. Packages that have another name in another release are written "NEW|OLD" in the lists: the first
# that apt knows is meant. Sourced, never run.

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

# shellcheck disable=SC2016 # apt fills in the $(…) of the format
# This machine's Debian sources as sources.list lines; other people's archives are left out.
debian_sources ()
{
  apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT) # $(ORIGIN)' 'Created-By: Packages' |
    sed -n 's/ # Debian$//p' | sort -u
}

# The proxies apt was told to use, as options for mmdebstrap (which does not read this machine's apt.conf).
proxy_options ()
{
  local scheme proxy
  for scheme in http https; do
    proxy=$(apt-config shell value "Acquire::$scheme::Proxy" | sed "s/^value='\(.*\)'$/\1/")
    [[ -z $proxy ]] || printf '%s\n' "--aptopt=Acquire::$scheme::Proxy \"$proxy\""
  done
}
