# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154 # desk, here and fail are of desk-inside
#
# The services of desk-inside: the fake kernel, the system bus, polkitd, and how the bus starts the test helper.

# start NAME COMMAND...: a daemon, out of reach of the terminal's Ctrl-C.
start ()
{
  local name=$1
  shift
  setsid "$@" </dev/null >"$desk/log/$name.log" 2>&1 &
}

# plain: what goes before a program that is not the product's, so that it is none of its business how strict a test is:
# polkitd, say, has criticals of its own.
plain=(env -i "PATH=$PATH" LANG=C.UTF-8)

# product_file NAME: puts where a file of the product is, in the build folder or else in the source tree, in "found".
product_file ()
{
  for found in "$PF_DESK_BUILD/$1" "$PF_DESK_SOURCE/$1"; do
    [ ! -e "$found" ] || return 0
  done
  fail "there is no $1 in $PF_DESK_BUILD or $PF_DESK_SOURCE"
}

# $desk/kernel shows sys, dev and proc, and for a fake one "control".
start_kernel ()
{
  local fake=$PF_DESK_BUILD/tests/lib/fake-kernel/portferry-fake-kernel
  mkdir "$desk/kernel"
  if [ -d "$PF_DESK_BOARD" ]; then
    show_saved_kernel "$PF_DESK_BOARD"
    return
  fi
  [ -x "$fake" ] || fail "no fake kernel $fake"
  start kernel "$fake" --foreground --board "$PF_DESK_BOARD" --root-uid "$(id -u pf-helper)" --uevents "$desk/kernel"
  wait_until "the fake kernel" sh -c "test -e '$desk/kernel/control' || ! kill -0 $!"
  [ -e "$desk/kernel/control" ] || fail "the fake kernel did not come up"
}

# The unprivileged half reads /sys and /proc as everybody does, and nothing can tell it to look elsewhere. So on the desk the
# kernel is in the usual places, too: the parts of its /sys, beside the control groups that polkit needs, the files of /proc
# that tell about the machine, and the modules of the running kernel: vfio-pci, unless the board says that it is missing.
show_kernel_in_usual_places ()
{
  local part file release
  mkdir "$desk/sys"
  mount -t tmpfs -o mode=755 tmpfs "$desk/sys"
  mkdir -p "$desk/sys/fs/cgroup"
  mount --rbind /sys/fs/cgroup "$desk/sys/fs/cgroup"
  for part in "$desk"/kernel/sys/*; do
    [ "${part##*/}" = fs ] || ln -s "$part" "$desk/sys/${part##*/}"
  done
  mount --rbind "$desk/sys" /sys
  for file in cmdline cpuinfo swaps 1/mountinfo sys/kernel/osrelease; do
    [ ! -e "$desk/kernel/proc/$file" ] || mount --bind "$desk/kernel/proc/$file" "/proc/$file"
  done
  read -r release </proc/sys/kernel/osrelease
  mkdir -p "$desk/modules/$release"
  if [ -f "$PF_DESK_BOARD" ] && ! grep -q '^vfio-pci *= *missing' "$PF_DESK_BOARD"; then
    echo kernel/drivers/vfio/pci/vfio-pci.ko: >"$desk/modules/$release/modules.dep"
  fi
  mkdir -p /lib/modules
  mount --bind "$desk/modules" /lib/modules
}

show_saved_kernel ()
{
  local sys=$1
  [ -d "$sys/bus/pci" ] || sys=$1/sys
  [ -d "$sys/bus/pci" ] || fail "$1 holds no saved copy of /sys: there is no bus/pci in it"
  mkdir "$desk/kernel/"{sys,dev,proc}
  mount --bind "$sys" "$desk/kernel/sys"
  mount -o remount,bind,ro "$desk/kernel/sys"
  if [ "$sys" = "$1/sys" ] && [ -d "$1/proc" ]; then
    mount --bind "$1/proc" "$desk/kernel/proc"
    mount -o remount,bind,ro "$desk/kernel/proc"
  fi
}

# The test helper's own etc, run and usr, and the command by which the bus starts it.
prepare_helper ()
{
  local state=$desk/state
  mkdir -p "$state/etc/portferry/"{profiles.d,chipsets.d} "$state/run/portferry" "$state/var/lib/portferry" "$state/usr/share/portferry"
  product_file data/chipsets.conf
  cp "$found" "$state/usr/share/portferry/"
  if [ -n "$PF_DESK_PROFILES" ]; then
    find "$PF_DESK_PROFILES" -maxdepth 1 -name '*.profile' -exec cp {} "$state/etc/portferry/profiles.d/" \;
  fi
  chown -R pf-helper:pf-helper "$state"
  touch "$desk/log/helper.log"
  chmod 644 "$desk/log/helper.log"
  cat >"$desk/start-helper" <<END
#!/bin/sh
exec >>$desk/log/helper.log 2>&1
exec $desk/as-user helper "$PF_DESK_HELPER" --kernel $desk/kernel --state $state ${PF_DESK_IDLE:+--idle-seconds $PF_DESK_IDLE} ${PF_DESK_DEADLINE:+--write-deadline $PF_DESK_DEADLINE}
END
  chmod 755 "$desk/start-helper"
}

# The system's own bus configuration, less what makes it a daemon of this machine, and with three folders of its own:
# no foreign service is activated. Without a setuid launcher the bus, which runs as root here, starts services itself.
start_bus ()
{
  local bus=$desk/bus kept
  mkdir -p "$bus/"{system.d,services}
  sed -e '/<user>/d; /<fork\/>/d; /<pidfile>/d; /<syslog\/>/d; /<servicehelper>/d; /<includedir>\/etc/d; /<include /d' \
    -e "s|<standard_system_servicedirs/>|<servicedir>$bus/services</servicedir>|" \
    /usr/share/dbus-1/system.conf >"$bus/system.conf"
  cp /usr/share/dbus-1/system.d/org.freedesktop.PolicyKit1.conf "$bus/system.d/"
  # A test may play logind, which says that the machine sleeps and wakes up, and locks screens; or udisks.
  printf '%s' '<busconfig>' \
    '<policy user="root"><allow own="org.freedesktop.login1"/><allow own="org.freedesktop.UDisks2"/></policy>' \
    '<policy context="default"><allow send_destination="org.freedesktop.login1"/>' \
    '<allow send_destination="org.freedesktop.UDisks2"/></policy></busconfig>' >"$bus/system.d/played.conf"
  product_file data/org.portferry1.conf
  write_bus_policy "$found" >"$bus/system.d/org.portferry1.conf"
  printf '%s\n' '[D-BUS Service]' Name=org.portferry1 User=root "Exec=$desk/start-helper" \
    >"$bus/services/org.portferry1.service"
  # What says how strict a test is goes through the bus to the helper.
  mapfile -t kept < <(env | grep -E '^(G_[A-Z_]+|MALLOC_[A-Z_]+|[A-Z]+SAN_OPTIONS)=')
  start bus env -i "PATH=$PATH" "${kept[@]}" \
    dbus-daemon --config-file="$bus/system.conf" --nofork --nopidfile --print-address
  wait_until "the system bus" test -S /run/dbus/system_bus_socket
}

# The shipped policy lets root own the name. The test helper is not root, so this one place is changed; a shipped
# policy that does not name root is a fault.
write_bus_policy ()
{
  grep -q '<policy user="root">' "$1" || fail "$1 does not say who may own the name: no <policy user=\"root\">"
  sed 's|<policy user="root">|<policy user="pf-helper">|' "$1"
}

# polkit's actions are the system's and ours. The annotation lets the unprivileged test helper ask about others. The
# rules are ours alone: what an administrator of this machine allows must not decide a test.
start_polkit ()
{
  local polkit=$desk/polkit rules
  mkdir -p "$polkit/"{actions,rules,empty}
  product_file polkit/org.portferry.policy
  cp /usr/share/polkit-1/actions/*.policy "$polkit/actions/"
  sed 's|</action>|<annotate key="org.freedesktop.policykit.owner">unix-user:pf-helper</annotate></action>|' \
    "$found" >"$polkit/actions/org.portferry.policy"
  echo 'polkit.addAdminRule(function(action, subject) { return ["unix-group:sudo"]; });' >"$polkit/rules/50-desk.rules"
  for rules in "$PF_DESK_SOURCE"/polkit/*.rules; do
    write_rules "$rules" >"$polkit/rules/20-${rules##*/}"
  done
  mount --bind "$polkit/actions" /usr/share/polkit-1/actions
  mount --bind "$polkit/rules" /usr/share/polkit-1/rules.d
  mount --bind "$polkit/empty" /etc/polkit-1/rules.d
  use_plain_passwords
  start polkitd "${plain[@]}" /usr/lib/polkit-1/polkitd --no-debug
  gdbus wait --system --timeout 10 org.freedesktop.PolicyKit1 || fail "polkitd did not come up"
}

# The shipped rules are about the user of the installed service; on the desk that is pf-guest.
write_rules ()
{
  grep -q '"portferry-guest"' "$1" || fail "$1 does not name the user portferry-guest"
  sed 's|"portferry-guest"|"pf-guest"|' "$1"
}

# Whatever this machine uses to authenticate (fingers, cards, a network), on the desk it is the password file, and a
# wrong answer is said at once.
use_plain_passwords ()
{
  local file=/usr/lib/pam.d/polkit-1
  [ ! -e /etc/pam.d/polkit-1 ] || file=/etc/pam.d/polkit-1
  printf '%s\n' 'auth required pam_unix.so nodelay' 'account required pam_unix.so' 'session required pam_permit.so' \
    >"$desk/polkit/pam"
  mount --bind "$desk/polkit/pam" "$file"
}
