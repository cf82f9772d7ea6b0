# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154 # desk, here and fail are of desk-inside
#
# The machine of desk-inside: mounts, users, and the sessions that logind would keep.

# The mounts of the desk: /proc, /run, the control groups, and a loopback for programs that expect one.
mount_machine ()
{
  mount -t proc proc /proc
  mount_run
  [ -d /sys/fs/cgroup ] || mount -t sysfs sysfs /sys
  # Not straight onto itself: under systemd that is refused, though what the desk may see of it is another part.
  mount -t tmpfs tmpfs /sys/fs/cgroup
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  [ -e /dev/fuse ] || mknod -m 666 /dev/fuse c 10 229
  # A bare chroot has no terminals either.
  [ -e /dev/pts/ptmx ] || mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts /dev/pts
  ip link set lo up
  mkdir -p "$desk"/{log,users,home,desktop}
  [ -d /tmp/.X11-unix ] || mkdir -m 1777 /tmp/.X11-unix
  [ "$PF_DESK_USER" = caller ] || mount -t tmpfs -o mode=1777 tmpfs /tmp/.X11-unix
  cp "$here/as-user" "$here/helper-log" "$here/desk-screenshot" "$desk"/
  open_the_way "$PF_DESK_SOURCE"
  open_the_way "$PF_DESK_BUILD"
}

# A fresh /run. The users' own folders stay, so that a tray can be shown on the caller's desktop.
mount_run ()
{
  local new folder
  new=$(mktemp -d -t portferry-run.XXXXXX)
  mount -t tmpfs -o mode=755 tmpfs "$new"
  mkdir -p "$new"/{dbus,lock,user,systemd/{seats,sessions,users,machines}} "$new/${desk#/run/}"
  for folder in /run/user/*/; do
    [ -d "$folder" ] || continue
    mkdir "$new/user/$(basename "$folder")"
    mount --rbind "$folder" "$new/user/$(basename "$folder")"
  done
  mount --no-mtab --move "$new" /run
  rmdir "$new"
}

# open_the_way FOLDER: a source tree often stands in a home that only its owner may enter; the desk's users have to
# get through. Each such parent is covered by a throw-away layer that everybody may pass; FOLDER itself stays real.
open_the_way ()
{
  local path='' part layer closed=''
  mkdir -p "$desk/way"
  mount --rbind "$1" "$desk/way"
  while read -r -d / part; do
    path=$path${part:+/$part}
    [ -n "$path" ] || continue
    [ $((0$(stat -c %a "$path") & 1)) -eq 0 ] || continue
    layer=$(mktemp -d "$desk/layer.XXXXXX")
    mkdir -p "$layer/"{upper,work}
    chown --reference="$path" "$layer/upper"
    chmod 755 "$layer/upper"
    mount -t overlay -o "lowerdir=$path,upperdir=$layer/upper,workdir=$layer/work" portferry-desk "$path"
    chmod 755 "$layer"
    closed=yes
  done <<<"$1/"
  [ -z "$closed" ] || mount --rbind "$desk/way" "$1"
  umount -l "$desk/way"
}

# The password of pf-admin is "ferryman"; nobody else has one.
# shellcheck disable=SC2016
readonly admin_password='$5$portferry$BDZAiotJx4oTPYD9oPYbl8x.X9CSslBCfIV7ATfA980'

add_users ()
{
  local etc=$desk/etc file name uid=4001
  mkdir "$etc"
  for file in passwd group shadow; do
    cp -a "/etc/$file" "$etc/$file"
    sed -i '/^pf-/d' "$etc/$file"
  done
  for name in active inactive remote admin helper guest; do
    echo "pf-$name:x:$uid:$uid::$desk/home/$name:/bin/bash" >>"$etc/passwd"
    echo "pf-$name:x:$uid:" >>"$etc/group"
    echo "pf-$name:!:19000::::::" >>"$etc/shadow"
    install -d -m 700 -o $uid -g $uid "$desk/home/$name" "/run/user/$uid"
    uid=$((uid + 1))
  done
  sed -i "s|^pf-admin:!:|pf-admin:$admin_password:|" "$etc/shadow"
  sed -i 's|^sudo:.*|sudo:x:27:pf-admin|' "$etc/group"
  for file in passwd group shadow; do
    mount --bind "$etc/$file" "/etc/$file"
  done
}

add_sessions ()
{
  add_session active pf-active 1 seat0
  add_session inactive pf-inactive 0 seat0
  add_session remote pf-remote 1 ""
  if [ "$PF_DESK_USER" = caller ]; then
    [ -n "$PF_DESK_CALLER" ] || fail "--user caller: who is the caller? Run this as a user, not as root"
    add_session caller "$PF_DESK_CALLER" 1 seat0
  fi
}

# add_session NAME USER ACTIVE SEAT: what logind writes under /run/systemd, which is where libsystemd, and so polkit,
# looks; and the control group by which it finds the session of a process. Without a seat the session is remote.
add_session ()
{
  local id=pf$1 user=$2 active=$3 seat=$4 uid state=online
  uid=$(id -u "$user")
  [ "$active" = 0 ] || state=active
  mkdir -p "/sys/fs/cgroup/user.slice/user-$uid.slice/session-$id.scope"
  cat >"/run/systemd/sessions/$id" <<END
UID=$uid
USER=$user
ACTIVE=$active
IS_DISPLAY=1
STATE=$state
REMOTE=$([ -n "$seat" ] && echo 0 || echo 1)
TYPE=$([ -n "$seat" ] && echo x11 || echo tty)
CLASS=user
SCOPE=session-$id.scope
${seat:+SEAT=$seat}
END
  printf '%s\n' "NAME=$user" "STATE=$state" "DISPLAY=$id" "SESSIONS=$id" "ONLINE_SESSIONS=$id" \
    >"/run/systemd/users/$uid"
  if [ "$seat$active" = seat01 ]; then
    printf '%s\n' IS_SEAT0=1 CAN_GRAPHICAL=1 "ACTIVE=$id" "ACTIVE_UID=$uid" "SESSIONS=$id" "UIDS=$uid" \
      >"/run/systemd/seats/$seat"
  fi
  printf '%s\n' "XDG_SESSION_ID=$id" >"$desk/users/$1"
}

# What as-user gives to everybody ("environment"), to each (users/NAME), and by desktop/NAME, which is
# written by with-desktop, what leads to his desktop.
write_environments ()
{
  local name path folder
  path=$desk
  for folder in applet/ctl applet/tray applet/guest tests/lib/desk; do
    path=$path:$PF_DESK_BUILD/$folder
  done
  printf '%s\n' LANG=C.UTF-8 "PATH=$path:$here:$PATH" "PF_DESK=$desk" "PF_KERNEL=$desk/kernel" "PF_STATE=$desk/state" \
    "PF_BUILD=$PF_DESK_BUILD" "PF_SOURCE=$PF_DESK_SOURCE" "$(data_folders /usr/local/share:/usr/share)" \
    >"$desk/environment"
  for name in active inactive remote admin helper guest; do
    printf '%s\n' "HOME=$desk/home/$name" "USER=pf-$name" "LOGNAME=pf-$name" SHELL=/bin/bash \
      "XDG_RUNTIME_DIR=/run/user/$(id -u "pf-$name")" >>"$desk/users/$name"
    install -m 644 -o "pf-$name" /dev/null "$desk/desktop/$name"
    install -m 644 -o "pf-$name" /dev/null "$desk/log/desktop-$name.log"
  done
  printf '%s\n' HOME=/root USER=root LOGNAME=root SHELL=/bin/bash >"$desk/users/root"
  [ "$PF_DESK_USER" != caller ] || write_caller_environment
}

# data_folders OTHERS: the source tree is laid out like a share/ folder as far as icons go.
data_folders ()
{
  echo "XDG_DATA_DIRS=$PF_DESK_SOURCE:$1"
}

# The caller keeps what leads to his desktop.
write_caller_environment ()
{
  printf '%s\n' "HOME=$(getent passwd "$PF_DESK_CALLER" | cut -d: -f6)" "USER=$PF_DESK_CALLER" \
    "LOGNAME=$PF_DESK_CALLER" SHELL=/bin/bash "XDG_RUNTIME_DIR=/run/user/$(id -u "$PF_DESK_CALLER")" \
    >>"$desk/users/caller"
  env | grep -E '^(DISPLAY|XAUTHORITY|WAYLAND_DISPLAY|DBUS_SESSION_BUS_ADDRESS|XDG_(CURRENT_DESKTOP|SESSION_TYPE))=' \
    >>"$desk/users/caller" || true
  data_folders "${XDG_DATA_DIRS:-/usr/local/share:/usr/share}" >>"$desk/users/caller"
}
